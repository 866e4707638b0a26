"""What `import neo_currentscape` costs, and that everything public is found."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import neo_currentscape as ncs

HEAVY = (
    "matplotlib.pyplot",
    "pandas",
    "scipy",
    "neuron",
    "nest",
    "pyNN",
    "brian2",
    "arbor",
    "bluepyopt",
    "hnn_core",
    "jax",
    "jaxley",
    "LFPy",
    "lfpykit",
    "bmtk",
    "libsonata",
    "h5py",
    "nixio",
    "numba",
)


def loaded_by(statement):
    # What neo loads by itself does not count: only what comes on top of it.
    code = f"import sys, neo, matplotlib; before = set(sys.modules); {statement}; "
    code += "print('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_loads_nothing_heavy():
    assert not loaded_by("import neo_currentscape") & set(HEAVY)


def test_the_numbers_need_no_matplotlib():
    code = (
        "import sys, neo, quantities as pq, neo_currentscape as ncs; "
        "before = set(sys.modules); "
        "scape = ncs.Currentscape(ncs.Recording(neo.AnalogSignal([[1], [2]], units='nA', name='K', "
        "sampling_period=1 * pq.ms))); scape.shares('outward'); scape.charge('inward'); scape.columns(1); "
        "new = set(sys.modules) - before; "
        "assert not [m for m in new if m.startswith(('matplotlib', 'pandas', 'scipy'))], new"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


PLOT = "ncs.plot([1.0, 2.0], [[1.0, 2.0], [-1.0, -2.0]])"
SCAPE = (
    "import neo, quantities as pq; ncs.Currentscape(ncs.Recording(neo.AnalogSignal([[1], [2]], units='nA', "
    "name='K', sampling_period=1 * pq.ms))).plot()"
)


@pytest.mark.parametrize(
    ("statement", "package", "most"), [(PLOT, "neo", 40), (SCAPE, "matplotlib", 20)], ids=["plot", "scape"]
)
def test_large_packages_are_loaded_from_a_low_stack(statement, package, most):
    code = f"""
import sys

class Watch:
    frames = []

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        frame = sys._getframe() if name == {package!r} else None
        while frame is not None:
            cls.frames.append(frame)
            frame = frame.f_back

sys.meta_path.insert(0, Watch)
import neo_currentscape as ncs
{statement}
print(len(Watch.frames))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) <= most


@pytest.mark.parametrize("name", ["Recording", "Currentscape", "CurrentscapeError", "CurrentscapeWarning"])
def test_public_names(name):
    assert getattr(ncs, name).__name__ == name
    assert name in dir(ncs)
    assert name in ncs.__all__


def test_every_name_of_the_stub_is_loaded_when_it_is_used():
    stub = ast.parse(Path(ncs.__file__).with_suffix(".pyi").read_text())
    named = [node for node in stub.body if isinstance(node, ast.ImportFrom)]
    assert sorted([alias.name for node in named for alias in node.names]) == sorted(
        {*ncs.__all__} - {"__version__"}
    )
    for node in named:
        for alias in node.names:
            module = ".".join(filter(None, ("neo_currentscape", node.module)))
            expected = f"{module}.{alias.name}" if node.module is None else module
            value = getattr(ncs, alias.name)
            assert value is (
                sys.modules[expected] if node.module is None else getattr(sys.modules[module], alias.name)
            )
            assert alias.asname == alias.name, "a stub hands on only what is renamed to itself"


def test_a_mistyped_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Recordings'"):
        _ = ncs.Recordings

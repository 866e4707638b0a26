"""What holds for all tests, and recordings to draw."""

import contextlib
import functools
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

with contextlib.suppress(ImportError):
    from hypothesis import settings

    # Times per example say little on machines that do something else besides.
    settings.register_profile("neo-currentscape", deadline=None)
    settings.load_profile("neo-currentscape")

#: The browser of the system, and how it is started.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LONG_NAMES = [
    *(
        f"soma.{name}(0.5).ik"
        for name in ("StochKv3_2", "SK_E2", "K_Pst", "K_Tst", "KdShu2007", "Im", "kBK")
    ),
    *(f"soma.{name}(0.5).ica" for name in ("Ca_HVA2", "Ca_LVAst", "cal4", "CaGk")),
    *(f"soma.{name}(0.5).ina" for name in ("NaTs2_t", "Nap_Et2")),
    "soma.Ih(0.5).ihcn",
    "soma.pas(0.5).i",
    "ProbAMPANMDA_EMS[0].i_AMPA",
    "ProbAMPANMDA_EMS[0].i_NMDA",
    "ProbGABAAB_EMS[1].i_GABAA",
    "ProbGABAAB_EMS[1].i_GABAB",
    "gap_junction[3].i",
]


def recording(
    n=3,
    samples=400,
    dt=0.1,
    names=None,
    units="nA",
    voltage=True,
    ions=2,
    electrode=0,
    regular=True,
    nan=(),
):
    """A Recording of n currents with spikes; the same whenever it is made."""
    import neo
    import quantities as pq

    import neo_currentscape as ncs

    random = np.random.default_rng(n)
    times = np.arange(samples) * dt
    if not regular:
        times = np.cumsum(random.uniform(0.2 * dt, 1.8 * dt, samples))
    currents = np.empty((samples, n))
    spikes = np.arange(0.2, 1.0, 0.35) * times[-1]
    width = times[-1] / 50
    for k in range(n):
        phase, size = random.uniform(0, 6), 10 ** random.uniform(-1, 1)
        slow = 0.1 * np.sin(2 * np.pi * times / times[-1] * random.uniform(0.5, 3) + phase)
        fast = sum(np.exp(-(((times - t) / width - 0.3 * k) ** 2)) for t in spikes)
        currents[:, k] = size * (slow + (1 if k % 2 else -1) * fast)
    currents[list(nan)] = np.nan
    potential = -65 + 95 * sum(np.exp(-(((times - t) / width) ** 2)) for t in spikes)
    concentrations = 1e-4 * (2 + np.cumsum(np.ones((samples, ions)), axis=0) / samples + np.arange(ions))

    def signal(values, unit, **more):
        if regular:
            return neo.AnalogSignal(values, units=unit, sampling_period=dt * pq.ms, **more)
        return neo.IrregularlySampledSignal(times, values, units=unit, time_units="ms", **more)

    names = list(names or [f"I{k}" for k in range(n)])
    return ncs.Recording(
        signal(currents, units, array_annotations={"name": names}),
        voltage=signal(potential[:, None], "mV", name="v") if voltage else None,
        ions=signal(concentrations, "mM", array_annotations={"name": ["cai", "ko", "nai"][:ions]})
        if ions
        else None,
        electrode=signal(np.ones((samples, electrode)), "nA", array_annotations={"name": ["IClamp"]})
        if electrode
        else None,
        nan="gap" if len(nan) else "error",
    )


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """``once(name, make)`` gives the folder that ``make(folder)`` filled, for all workers of a session."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "once"
    return lambda name, make: _made_once(shared, name, make)


def _made_once(shared, name, make):
    where, done = shared / name, shared / f"{name}.done"
    shared.mkdir(exist_ok=True)
    with _locked(shared / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(where, ignore_errors=True)
            where.mkdir()
            make(where)
            done.touch()
    return where


@contextlib.contextmanager
def _locked(path):
    """Held by one process at a time; Windows, which has no such lock, runs one worker."""
    with path.open("w") as file:
        with contextlib.suppress(ImportError):
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def tool_path():
    """The PATH on which tools such as nrnivmodl are looked for: beside the interpreter, then as it is."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])


@pytest.fixture(scope="session")
def compiled(request, once, tool_path):
    """``compiled(folder)`` gives NEURON with the MOD files of a folder.

    They are compiled anew only where one of them, or NEURON, is another than in the sessions before.
    """

    def load(mods):
        neuron = pytest.importorskip("neuron")
        of = [neuron.__version__, neuron.__file__]
        of += [path.name + path.read_text() for path in sorted(mods.iterdir())]
        name = f"{mods.parent.name}_{hashlib.sha256(chr(0).join(of).encode()).hexdigest()[:16]}"
        cache = getattr(request.config, "cache", None)  # pytest may be told to keep nothing
        make = functools.partial(_compile, mods=mods, path=tool_path)
        where = once(name, make) if cache is None else _made_once(cache.mkdir("compiled"), name, make)
        neuron.h.nrn_load_dll(str(next(where.glob("*/libnrnmech.*"))))
        neuron.h.load_file("stdrun.hoc")
        return neuron.h

    return functools.cache(load)  # NEURON takes each mechanism once


def _compile(folder, mods, path):
    compiler = shutil.which("nrnivmodl", path=path)
    if compiler is None:
        pytest.fail("nrnivmodl, which comes with NEURON, is neither beside the interpreter nor on PATH")
    env = {**os.environ, "PATH": path}
    done = subprocess.run(
        [compiler, str(mods)], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        pytest.fail(f"nrnivmodl: {done.stdout[-2000:]}{done.stderr[-2000:]}")


@pytest.fixture(autouse=True)
def warnings_point_at_the_caller(monkeypatch):
    """In every test: a warning of the package is given at a line outside of it, a thread's apart."""
    from neo_currentscape.conventions import errors

    find = errors._caller

    def found(frame):
        caller = find(frame)
        in_thread = threading.current_thread() is not threading.main_thread()
        assert in_thread or not caller.f_code.co_filename.startswith(errors._PACKAGE)
        return caller

    monkeypatch.setattr(errors, "_caller", found)


@pytest.fixture
def make_recording():
    """Function that makes a Recording; see `recording`."""
    return recording


@pytest.fixture
def make_scape():
    """Function that makes a Currentscape; keywords as for `recording`, and ``top``."""

    import neo_currentscape as ncs

    def make(*args, top=None, **options):
        return ncs.Currentscape(recording(*args, **options), top=top)

    return make


@pytest.fixture
def long_names():
    """Twenty names as NEURON has them."""
    return LONG_NAMES


@pytest.fixture
def axes():
    """An axes on a figure that pyplot does not know."""
    from matplotlib.figure import Figure

    return Figure(figsize=(6, 3), dpi=100).add_subplot()


@pytest.fixture
def leaves_no_trace():
    """After the test the rcParams and pyplot's figures are what they were before."""
    import matplotlib

    before = dict(matplotlib.rcParams)
    figures = _figures()
    yield
    assert _figures() == figures
    changed = {key for key, value in before.items() if matplotlib.rcParams[key] != value}
    assert changed <= {"backend", "interactive"}


def _figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    return pyplot.get_fignums() if pyplot else []


@pytest.fixture(scope="session")
def bursting():
    """Makes recordings of bursts of narrow spikes, 0.1 ms apart or irregular, with or without gaps."""
    import neo
    import quantities as pq

    import neo_currentscape as ncs

    def make(n, irregular=False, n_currents=8, seed=1):
        rng = np.random.default_rng(seed)
        steps = rng.uniform(0.01, 0.19, n) if irregular else np.full(n, 0.1)
        times = np.cumsum(steps) - steps[0] if irregular else 0.1 * np.arange(n)
        burst = (times / 400) % 1 < 0.3
        spike = burst * np.exp(-(((times % 9.7) - 4) ** 2) / 0.18)
        slow = np.sin(times[:, None] / (130 + 40 * np.arange(n_currents)) + rng.uniform(0, 6, n_currents))
        sizes = 10.0 ** rng.uniform(-1, 1, n_currents)
        currents = sizes * (slow + 6 * spike[:, None] * rng.choice([-1, 1], n_currents))
        currents += 0.02 * sizes * rng.standard_normal(currents.shape)

        def signal(values, unit, names):
            arrays = {"array_annotations": {"name": names}}
            if irregular:
                return neo.IrregularlySampledSignal(times, values, units=unit, time_units="ms", **arrays)
            return neo.AnalogSignal(values, units=unit, sampling_period=0.1 * pq.ms, **arrays)

        return ncs.Recording(
            signal(currents, "nA", [f"I{k}" for k in range(n_currents)]),
            signal((-55 + 75 * spike)[:, None], "mV", ["v"]),
            signal(np.column_stack([0.1 + spike, 1 + 0.3 * slow[:, 0]]), "uM", ["cai", "nai"]),
        )

    return make


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()

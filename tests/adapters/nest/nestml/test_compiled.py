"""A model that PyNESTML compiles, run in NEST: the units, signs and currents are those of its file."""

import os
import shutil
import stat
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter

pytestmark = [pytest.mark.nest, pytest.mark.slow]
pytest.importorskip("pynestml")
nest = pytest.importorskip("nest")

#: What NEST's own nest-config says, but for the places of the machine that its wheel was built on.
CONFIG = """#!/bin/sh
case "$1" in
  --compiler) echo "{compiler}";;
  --prefix) echo "{prefix}";;
  --cflags) echo "-D_GLIBCXX_USE_CXX11_ABI=0 -fopenmp -O0 -std=c++20 -w";;
  --includes) echo "-I{prefix}/include/nest -I{root}/include/nest";;
  --libdir) echo lib;;
  --static-libraries) echo OFF;;
  --version) echo "{version}";;
  *) echo "";;
esac
"""

HEADERS = ("gsl/gsl_errno.h", "ltdl.h", "boost/version.hpp")


@pytest.fixture(scope="module")
def module(tmp_path_factory, texts):
    """The installed library of the model, or a skip where NEST's toolchain is not there."""
    compiler = shutil.which("g++")
    if compiler is None or shutil.which("cmake") is None or sys.platform == "win32":
        pytest.skip("there is no C++ compiler or no cmake")
    found = subprocess.run(
        [compiler, "-E", "-xc++", "-"],
        input="\n".join(f"#include <{name}>" for name in HEADERS),
        capture_output=True,
        text=True,
    )
    if found.returncode:
        pytest.skip(f"the headers of {', '.join(HEADERS)} are not installed")
    folder = tmp_path_factory.mktemp("compiled")
    config = folder / "prefix" / "bin" / "nest-config"
    config.parent.mkdir(parents=True)
    root = Path(nest.__path__[0])
    names = {"compiler": compiler, "prefix": root.parent, "root": root, "version": nest.__version__}
    config.write_text(CONFIG.format(**names))
    config.chmod(config.stat().st_mode | stat.S_IXUSR)
    return _built(folder, texts.ADAPTING)


def _built(folder, text):
    from pynestml.frontend.pynestml_frontend import generate_nest_target

    path = folder / "adapting.nestml"
    path.write_text(text)
    before = os.getcwd()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            generate_nest_target(
                input_path=str(path),
                target_path=str(folder / "target"),
                install_path=str(folder / "installed"),
                module_name="adaptingmodule",
                suffix="_nestml",
                logging_level="ERROR",
                codegen_opts={"nest_path": str(folder / "prefix")},
            )
    finally:
        os.chdir(before)
    return path, folder / "installed" / "adaptingmodule.so"


def test_a_compiled_model(module):
    path, library = module
    nest.ResetKernel()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.Install(str(library))
    nest.resolution = 0.1
    neurons = nest.Create("adapting_neuron_nestml", 2)
    neurons[0].set(C_cell=110.0, g_rest=13.0)
    neurons[1].set(I_const=60.0)
    for times, weight in (([5.0, 12.3, 13.0], 9.0), ([20.0], -4.0)):
        spikes = nest.Create("spike_generator", params={"spike_times": times})
        nest.Connect(spikes, neurons, syn_spec={"weight": weight})
    step = {"amplitude_times": [15.0, 45.0], "amplitude_values": [330.0, 0.0]}
    nest.Connect(nest.Create("step_current_generator", params=step), neurons)
    names = list(neurons[0].get("recordables"))
    multimeter = nest.Create("multimeter", params={"interval": 0.1, "record_from": names})
    nest.Connect(multimeter, neurons)
    nest.Simulate(60.0)

    segment = adapter.to_segment(multimeter, nestml=path)
    voltage = next(s for s in segment.analogsignals if s.name == "V_m")
    assert voltage.array_annotations["capacitance"].magnitude.tolist() == [110.0, 150.0]
    assert len(segment.epochs[0]) > 0
    for node in neurons.tolist():
        found = ncs.balance(ncs.Recording.from_segment(segment, neuron=node))
        assert set(found.terms.names) >= {"I_L", "I_up", "I_low", "I_adapt"}
        assert np.nanmax(np.abs(found.residual.magnitude)) < 2e-3 * np.nanmax(found.terms.total)
    # The events alone know the numbers of the file only.
    alone = adapter.to_segment(multimeter.events, nestml=path, derived=["I_L"])
    leaks = [next(s for s in part.analogsignals if s.name == "I_L").magnitude for part in (segment, alone)]
    assert leaks[0][:50, 1] == pytest.approx(leaks[1][:50, 1])
    assert leaks[0][300, 0] == pytest.approx(1.3 * leaks[1][300, 0])
    nest.ResetKernel()

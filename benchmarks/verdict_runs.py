"""Runs for the table of verdicts only: each returns what those of `residual_cases` return."""

from __future__ import annotations

import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import neo
import numpy as np
import quantities as pq

ROOT = Path(__file__).parents[1]


def stg_driven() -> Any:
    """A bursting neuron that is driven by an electrode."""
    from neo_currentscape.models import stg

    run = stg.simulate(
        "Fig. 2", t_stop=1 * pq.s, dt=0.025 * pq.ms, transient=2000 * pq.ms, i_app=1.0 * pq.nA
    )
    return run.segments[0], [{}], None


def _by_hand(branches: int) -> Any:
    """A soma of which voltage and currents were recorded as NEURON has them, without an adapter."""
    from neuron import h

    h.load_file("stdrun.hoc")
    soma = h.Section(name="soma")
    soma.L = soma.diam = 20
    soma.insert("hh")
    kept = [soma]
    for number in range(branches):
        dend = h.Section(name=f"dend{number}")
        dend.L, dend.diam, dend.nseg = 250 + 120 * number, 2, 9
        dend.connect(soma(number % 2))
        dend.insert("hh")
        for segment in dend:
            segment.hh.gnabar, segment.hh.gkbar = 0.06, 0.015
        kept.append(dend)
    synapse, events, clamp = h.ExpSyn(kept[-1](0.5)), h.NetStim(), h.IClamp(soma(0.5))
    events.start, events.number, events.interval = 3, 5, 7
    connection = h.NetCon(events, synapse)
    connection.weight[0] = 0.02
    clamp.delay, clamp.dur, clamp.amp = 10, 40, 0.25
    h.CVode().active(False)
    h.dt, h.steps_per_ms = 0.025, 40
    here = soma(0.5)
    density = {"ina": here._ref_ina, "ik": here._ref_ik, "il": here.hh._ref_il}
    absolute = {"v": here._ref_v, "stim": clamp._ref_i}
    if not branches:
        absolute["synapse"] = synapse._ref_i
    vectors = {name: h.Vector().record(ref) for name, ref in (density | absolute).items()}
    h.finitialize(-65)
    h.continuerun(60)
    found = neo.Segment()
    for name, vector in vectors.items():
        values = np.array(vector)[1:, None] * (here.area() * 1e-2 if name in density else 1.0)
        notes = {"v": {"capacitance": here.area() * 1e-8 * pq.uF}}.get(name, {})
        role = {"v": "voltage", "stim": "electrode"}.get(name, "current")
        unit = "mV" if name == "v" else "nA"
        found.analogsignals.append(
            neo.AnalogSignal(
                values, units=unit, sampling_period=0.025 * pq.ms, name=name, role=role, **notes
            )
        )
    return found, [{}], None


def neuron_by_hand() -> Any:
    """A single compartment whose currents lag a step."""
    return _by_hand(0)


def neuron_soma() -> Any:
    """The soma of a cell with three active dendrites."""
    return _by_hand(3)


def sonata_report() -> Any:
    """A stomatogastric neuron through files in the format of SONATA."""
    segment = runpy.run_path(str(ROOT / "examples" / "sonata_report.py"))["segment"]
    for signal in segment.analogsignals:
        if signal.units == pq.mV:
            signal.annotate(capacitance=10 * pq.nF)
    return segment, [{"neuron": 1}], None


def bmtk_soma() -> Any:
    """A cell of BMTK: what flows from its soma into its dendrite, and its clamp, is not reported."""
    from neo_currentscape.adapters import sonata

    script = ROOT / "tests" / "adapters" / "sonata" / "bionet_run.py"
    units = {"v": "mV", "ina": "mA/cm**2", "ik": "mA/cm**2", "il_hh": "mA/cm**2"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(script), folder, "0.025", "0.025"]
        subprocess.run(command, check=True, capture_output=True)
        reports = {name: Path(folder) / "output" / f"{name}.h5" for name in units}
        segment = sonata.to_segment(reports, units=units, simulation_dt=0.025 * pq.ms)
    for signal in segment.analogsignals:
        if signal.units == pq.mV:
            signal.annotate(capacitance=1 * pq.uF / pq.cm**2)
    return segment, [{"neuron": 0}], None


#: Those that are no cases of `residual_cases`.
OWN = {run.__name__: run for run in (stg_driven, neuron_by_hand, neuron_soma, sonata_report, bmtk_soma)}

"""The command on what PyNN wrote: currents are derived, ranks joined, spikes found by neuron."""

import shutil

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.adapters.pynn import description
from neo_currentscape.cli.main import main as command


def main(arguments):
    return command([*arguments, "--trust-pickle"])


#: Of two integrate-and-fire neurons, one of which is driven to spikes.
KNOWN = {
    "celltype": "IF_cond_exp",
    "simulator": "NEST",
    "dt": 0.1,
    "label": "cells",
    "size": 2,
    "first_id": 5,
    "parameters": {
        "cm": 1.0,
        "tau_m": 20.0,
        "v_rest": -65.0,
        "e_rev_E": 0.0,
        "e_rev_I": -70.0,
        "tau_refrac": 0.1,
        "tau_syn_E": 5.0,
        "tau_syn_I": 5.0,
        "i_offset": [0.3, 2.0],
    },
    "sources": [],
}


def _voltage(offset, n):
    """V of a neuron of 1 nF and 20 ms, exactly, and its spikes at -50 mV."""
    v, spikes = [-65.0], []
    for _ in range(n - 1):
        target = -65.0 + 20.0 * offset
        v.append(target + (v[-1] - target) * np.exp(-0.1 / 20.0))
        if v[-1] > -50.0:
            spikes.append(len(v) * 0.1 - 0.1)
            v[-1] = -65.0
    return v, spikes


def _block(described=True, n=1001):
    runs = [_voltage(offset, n) for offset in (0.3, 2.0)]
    segment = neo.Segment(name="segment000")
    zeros = np.zeros((n, 2))
    for name, numbers, unit in (
        ("v", np.array([run[0] for run in runs]).T, "mV"),
        ("gsyn_exc", zeros, "uS"),
        ("gsyn_inh", zeros, "uS"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(
                numbers,
                units=unit,
                sampling_period=0.1 * pq.ms,
                name=name,
                source_population="cells",
                channel_ids=np.array([5, 6]),
                array_annotations={"channel_index": np.array([0, 1])},
            )
        )
    for index, (_, spikes) in enumerate(runs):
        notes = {"source_population": "cells", "channel_id": 5 + index, "source_index": index}
        segment.spiketrains.append(neo.SpikeTrain(spikes, units="ms", t_stop=100.0, **notes))
    block = neo.Block(name="cells")
    block.segments.append(segment)
    if described:
        segment.annotate(**{description.KEY: description.encode(KNOWN)})
    return block


@pytest.fixture
def pkl(tmp_path):
    neo.io.PickleIO(str(tmp_path / "run.pkl")).write_block(_block())
    return tmp_path / "run.pkl"


def test_plot_derives_the_currents(pkl, tmp_path):
    main(["plot", str(pkl), "--neuron", "1", "--output", str(tmp_path / "picture.png")])
    assert (tmp_path / "picture.png").stat().st_size > 1000


def test_info_lists_derived_currents_and_says_so(pkl, capsys):
    main(["info", str(pkl), "--balance", "--neuron", "1"])
    out = capsys.readouterr().out
    assert "derived by PyNN's adapter" in out and "complete" in out
    assert any(line.split()[:1] == ["leak"] and "current" in line for line in out.splitlines())


def test_info_says_how_to_store_what_is_missing(tmp_path, capsys):
    neo.io.PickleIO(str(tmp_path / "bare.pkl")).write_block(_block(described=False))
    main(["info", str(tmp_path / "bare.pkl")])
    out = capsys.readouterr().out
    assert "to_segment(data, population)" in out and "pynn.annotate" in out


def test_files_of_ranks_go_by_the_name_that_was_given(pkl, capsys):
    shutil.move(pkl, pkl.with_name("run.pkl.0"))
    main(["info", str(pkl)])
    assert "leak" in capsys.readouterr().out


def test_matlab_files_are_read_by_neos_own_reader(tmp_path, capsys):
    pytest.importorskip("scipy")
    neo.io.NeoMatlabIO(str(tmp_path / "run.mat")).write_block(_block())
    main(["info", str(tmp_path / "run.mat")])
    out = capsys.readouterr().out
    assert "gsyn_exc" in out and "leak" in out


def test_nwb_files_are_read_whole_where_they_cannot_be_read_lazily(tmp_path, capsys):
    pytest.importorskip("pynwb")
    import datetime

    block = _block()
    begin = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    block.annotate(session_start_time=begin, session_description="a run", identifier="run")
    neo.io.NWBIO(str(tmp_path / "run.nwb"), "w").write_all_blocks([block])
    main(["info", str(tmp_path / "run.nwb")])
    out = capsys.readouterr().out
    # Which loses what the currents need.
    assert "gsyn_exc" in out and "to_segment(data, population)" in out


@pytest.mark.parametrize("chosen", [[], ["--events", "spikes"], ["--events", "1"]])
def test_events_are_the_spikes_of_the_neuron(pkl, tmp_path, capsys, chosen):
    picture = str(tmp_path / "average.png")
    options = ["--before", "2 ms", "--after", "3 ms", "--output", picture]
    main(["events", str(pkl), "--neuron", "1", *chosen, *options])
    out = capsys.readouterr().out
    _, spikes = _voltage(2.0, 1001)
    whole = sum(2.0 <= spike <= 97.0 for spike in spikes)
    assert len(spikes) > 5 and f"{whole} events" in out


def test_a_neuron_without_spikes_has_no_events(pkl, capsys):
    assert main(["events", str(pkl), "--neuron", "0"])
    assert "No spike" in capsys.readouterr().err


def test_events_that_are_not_there_are_listed_once(pkl, capsys):
    assert main(["events", str(pkl), "--neuron", "1", "--events", "bursts"])
    said = capsys.readouterr().err
    assert "'bursts'" in said and "None" not in said and "'spikes'" in said and said.count("'clamped'") <= 1

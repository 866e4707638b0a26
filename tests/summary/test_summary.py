"""Summaries against Currentscapes of the single neurons, and brute force over bins."""

import pickle
from functools import partial
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, SignalError
from neo_currentscape.recording.lazy import rows
from neo_currentscape.summary import sources
from neo_currentscape.summary.measures import Measures
from neo_currentscape.summary.population import merge, of_neurons

NAMES = ["K", "Na", "leak"]


def make_segment(n_neurons=5, n_samples=400, seed=0, first=0, name="net", **options):
    rng = np.random.default_rng(seed)
    segment = neo.Segment(name=name)
    options = {"units": "nA", "sampling_period": 0.1 * pq.ms, **options}
    for current in NAMES:
        values = rng.standard_normal((n_samples, n_neurons)) + rng.standard_normal(n_neurons)
        signal = neo.AnalogSignal(values, name=current, role="current", **options)
        signal.array_annotate(channel_index=np.arange(first, first + n_neurons))
        segment.analogsignals.append(signal)
    voltage = neo.AnalogSignal(
        rng.standard_normal((n_samples, n_neurons)), units="mV", name="v", sampling_period=0.1 * pq.ms
    )
    voltage.array_annotate(channel_index=np.arange(first, first + n_neurons))
    segment.analogsignals.append(voltage)
    return segment


def scapes(segment, neurons, **options):
    return [ncs.Currentscape.from_segment(segment, neuron=n, voltage=False, **options) for n in neurons]


def brute_force(found, edges):
    """Mean and standard deviation over neurons of each bin's mean share, with plain loops."""
    out = {}
    for direction in ("outward", "inward"):
        table = np.full((len(found), len(NAMES), len(edges) - 1), np.nan)
        for n, scape in enumerate(found):
            times = scape.times.rescale("ms").magnitude
            shares = scape.shares(direction).magnitude
            for b in range(len(edges) - 1):
                last = b == len(edges) - 2
                inside = (times >= edges[b]) & ((times <= edges[b + 1]) if last else (times < edges[b + 1]))
                if inside.any():
                    table[n, :, b] = shares[inside].mean(axis=0)
        out[direction] = np.nanmean(table, axis=0), np.nanstd(table, axis=0)
    return out


def assert_same(a, b, rtol=0.0):
    """Two summaries are the same to the last digit, or to a tolerance."""
    assert a.names == b.names
    for key, column in a.table.items():
        if column.dtype == object:
            assert column.tolist() == b.table[key].tolist()
        else:
            np.testing.assert_allclose(column, b.table[key], rtol=rtol, atol=rtol)
    for d in ("outward", "inward"):
        np.testing.assert_allclose(a.shares(d).magnitude, b.shares(d).magnitude, rtol=rtol, atol=rtol)
        np.testing.assert_allclose(a.spread(d).magnitude, b.spread(d).magnitude, rtol=rtol, atol=rtol)


class TestNumbers:
    @pytest.mark.parametrize("n_neurons", [1, 5, 150])  # the last are two jobs
    def test_table_and_population(self, n_neurons):
        segment = make_segment(n_neurons)
        summary = ncs.summarise(segment, bins=30)
        found = scapes(segment, range(n_neurons))
        assert summary.n_neurons == n_neurons
        assert summary.table["neuron"].tolist() == [n for n in range(n_neurons) for _ in NAMES]
        assert summary.table["current"].tolist() == NAMES * n_neurons
        for d in ("outward", "inward"):
            columns = {
                f"charge_{d}": [s.charge(d).magnitude for s in found],
                f"contribution_{d}": [s.contributions(d) for s in found],
                f"peak_{d}": [s.to_dataframe()[f"peak_{d}"].to_numpy() for s in found],
                f"peak_share_{d}": [s.shares(d).magnitude.max(axis=0) for s in found],
            }
            for key, expected in columns.items():
                np.testing.assert_allclose(summary.table[key], np.concatenate(expected), rtol=1e-12)
        expected = brute_force(found, summary.edges)
        for d, (mean, spread) in expected.items():
            np.testing.assert_allclose(summary.shares(d).magnitude.T, mean, rtol=1e-10, atol=1e-13)
            np.testing.assert_allclose(summary.spread(d).magnitude.T, spread, rtol=1e-9, atol=1e-12)
        assert summary.units == {
            **{f"charge_{d}": "pC" for d in expected},
            **{f"peak_{d}": "nA" for d in expected},
        }

    def test_amplitudes_are_means_and_deviations_of_the_currents(self):
        segment = make_segment(5)
        summary = ncs.summarise(segment, bins=20)
        times = segment.analogsignals[0].times.rescale("ms").magnitude
        which = np.clip(np.searchsorted(summary.edges, times, side="right") - 1, 0, 19)
        numbers = np.array([s.recording.currents.magnitude for s in scapes(segment, range(5))])
        means = np.array([numbers[:, which == k].mean(axis=1) for k in range(20)])  # bin, neuron, current
        found, spread = summary.amplitudes(), summary.amplitude_spread()
        assert found.units == spread.units == pq.nA
        assert found.array_annotations["name"].tolist() == NAMES
        np.testing.assert_allclose(found.magnitude, means.mean(axis=1), rtol=1e-10, atol=1e-13)
        np.testing.assert_allclose(spread.magnitude, means.std(axis=1), rtol=1e-9, atol=1e-12)
        assert (found.magnitude < 0).any() and (found.magnitude > 0).any()

    def test_signs_units_and_areas(self):
        segment = make_segment(3, units="uA/cm**2", positive="inward")
        area = 2000 * pq.um**2
        summary = ncs.summarise(segment, area=area)
        found = scapes(segment, range(3), area=area)
        expected = np.concatenate([s.charge("inward").rescale("pC").magnitude for s in found])
        np.testing.assert_allclose(summary.table["charge_inward"], expected, rtol=1e-12)
        assert ncs.summarise(segment).units["charge_inward"] == "µC/cm²"

    def test_irregular_times_weigh_by_their_durations(self):
        rng = np.random.default_rng(1)
        times = np.cumsum(rng.uniform(0.01, 1, 300)) * pq.ms
        currents = neo.IrregularlySampledSignal(
            times, rng.standard_normal((300, 3)), units="nA", array_annotations={"name": NAMES}
        )
        recording = ncs.Recording(currents)
        summary = ncs.summarise(recording, bins=7)
        scape = ncs.Currentscape(recording)
        np.testing.assert_allclose(
            summary.table["charge_outward"], scape.charge("outward").magnitude, rtol=1e-12
        )
        columns = scape.columns(7)
        np.testing.assert_allclose(
            summary.shares("inward").magnitude.T, columns.shares["inward"], rtol=1e-12
        )

    def test_gaps_do_not_count(self):
        segment = make_segment(2)
        segment.analogsignals[0][50:80, 1] = np.nan * pq.nA
        with pytest.raises(SignalError, match="net, neuron 1: Current 'K' is nan at 5 ms"):
            ncs.summarise(segment)
        summary = ncs.summarise(segment, nan="gap", bins=40)
        found = scapes(segment, range(2), nan="gap")
        expected = np.concatenate([s.charge("outward").magnitude for s in found])
        np.testing.assert_allclose(summary.table["charge_outward"], expected, rtol=1e-12)
        assert summary.population.count.tolist() == [2] * 5 + [1] * 3 + [2] * 32

    def test_a_window_of_time(self):
        segment = make_segment(2)
        summary = ncs.summarise(segment, t_start=10 * pq.ms, t_stop=0.02 * pq.s)
        cut = [
            ncs.Currentscape(s.recording.slice(10 * pq.ms, 20 * pq.ms)) for s in scapes(segment, range(2))
        ]
        expected = np.concatenate([s.charge("outward").magnitude for s in cut])
        np.testing.assert_allclose(summary.table["charge_outward"], expected, rtol=1e-12)
        assert summary.edges[[0, -1]].tolist() == [10, 20]

    def test_a_current_that_a_neuron_does_not_have_is_a_share_of_zero(self):
        first = neo.AnalogSignal([[1.0, 3]] * 4, units="nA", sampling_period=1 * pq.ms)
        first.array_annotate(name=["K", "leak"])
        second = neo.AnalogSignal([[2.0, 2]] * 4, units="nA", sampling_period=1 * pq.ms)
        second.array_annotate(name=["leak", "A"])
        summary = ncs.summarise([ncs.Recording(first), ncs.Recording(second)], bins=1)
        assert summary.names == ["K", "leak", "A"]
        np.testing.assert_allclose(summary.shares("outward").magnitude, [[0.125, 0.625, 0.25]])
        np.testing.assert_allclose(summary.spread("outward").magnitude, [[0.125, 0.125, 0.25]])

    def test_sites_are_places_of_their_own(self):
        segment = neo.Segment(name="cell")
        for site, size in (("soma", 1.0), ("dend", 3.0)):
            for name, value in (("K", 1.0), ("Na", -1.0)):
                signal = neo.AnalogSignal(
                    np.full((5, 1), size * value), units="nA", sampling_period=1 * pq.ms, name=name
                )
                signal.annotate(role="current", site=site)
                segment.analogsignals.append(signal)
        summary = ncs.summarise(segment)
        assert summary.table["site"].tolist() == ["dend", "dend", "soma", "soma"]
        np.testing.assert_allclose(summary.table["charge_outward"], [15, 0, 5, 0])
        assert ncs.summarise(segment, sites=["soma"]).n_neurons == 1

    def test_only_some_neurons(self):
        segment = make_segment(6, first=10)
        summary = ncs.summarise(segment, neurons=[12, 15])
        assert sorted(set(summary.table["neuron"])) == [12, 15]
        with pytest.raises(SignalError, match="Neuron 3 was asked for, and no current"):
            ncs.summarise(segment, neurons=[12, 3])

    def test_merging_is_associative(self):
        rng = np.random.default_rng(0)

        def part(names, n):
            keys = ("outward", "inward", "current")
            shares = [{key: rng.random((len(names), 6)) for key in keys} for _ in range(n)]
            for share in shares:
                empty = rng.integers(6)  # a bin without samples
                for values in share.values():
                    values[:, empty] = np.nan
            return [Measures(names, {}, {}, {}, share) for share in shares]

        groups = [part(["K", "Na"], 3), part(["Na", "leak"], 5), part(["K"], 1)]
        a, b, c = (of_neurons(group, 6) for group in groups)
        whole = of_neurons([m for group in groups for m in group], 6)
        for merged in (merge(merge(a, b), c), merge(a, merge(b, c))):
            assert merged.names == whole.names
            np.testing.assert_array_equal(merged.count, whole.count)
            for d in ("outward", "inward", "current"):
                np.testing.assert_allclose(merged.mean[d], whole.mean[d], rtol=1e-13, atol=1e-15)
                np.testing.assert_allclose(merged.squares[d], whole.squares[d], rtol=1e-12, atol=1e-14)

    def test_inputs_are_left_alone(self):
        segment = make_segment(3)
        before = pickle.dumps(segment)
        ncs.summarise(segment)
        assert pickle.dumps(segment) == before


def write(path, segment, kind=neo.io.PickleIO, **annotations):
    block = neo.Block(name="b", **annotations)
    block.segments.append(segment)
    if kind is neo.io.NixIO:
        io = neo.io.NixIO(str(path), "ow")
        io.write_block(block)
        io.close()
    else:
        path.write_bytes(pickle.dumps(block))
    return path


class TestSources:
    def test_all_kinds_give_the_same(self, tmp_path, monkeypatch):
        segment = make_segment(4)
        block = neo.Block()
        block.segments.append(segment)
        expected = ncs.summarise({"a": segment})
        recordings = {f"{n}": s.recording for n, s in enumerate(scapes(segment, range(4)))}
        kinds = {
            "block": block,
            "pickle": write(tmp_path / "a.pkl", make_segment(4)),
            "nix": str(write(tmp_path / "a.nix", make_segment(4), neo.io.NixIO)),
            "function": partial(make_segment, 4),
        }
        monkeypatch.setattr(rows, "CHUNK_BYTES", 2000)  # so that the NIX file is read chunk by chunk
        for kind in kinds.values():
            assert_same(ncs.summarise({"a": kind}, trust_pickle=True), expected, rtol=1e-12)
        apart = ncs.summarise(recordings)
        np.testing.assert_allclose(apart.table["charge_outward"], expected.table["charge_outward"])
        assert apart.table["neuron"].tolist() == expected.table["neuron"].tolist()

    def test_a_nix_file_is_cut_into_jobs(self, tmp_path, monkeypatch):
        path = write(tmp_path / "a.nix", make_segment(7), neo.io.NixIO)
        whole = ncs.summarise(path)
        monkeypatch.setattr(sources, "FILE_BATCH", 3)
        assert_same(ncs.summarise(path), whole, rtol=1e-12)

    def test_files_of_the_ranks_of_an_mpi_run(self, tmp_path):
        whole = make_segment(6)
        for rank in range(2):
            part = neo.Segment(name="rank")
            for signal in whole.analogsignals:
                part.analogsignals.append(signal[:, rank::2])
            write(tmp_path / f"x.pkl.{rank}", part, mpi_processes=2)
        summary = ncs.summarise(tmp_path / "x.pkl", trust_pickle=True)
        assert summary.table["neuron"].tolist() == [n for n in (0, 2, 4, 1, 3, 5) for _ in NAMES]
        expected = ncs.summarise(whole)
        for d in ("outward", "inward"):
            np.testing.assert_allclose(
                summary.shares(d).magnitude, expected.shares(d).magnitude, rtol=1e-12
            )
        one = ncs.summarise([tmp_path / "x.pkl.1"], trust_pickle=True)
        assert sorted(set(one.table["neuron"])) == [1, 3, 5]
        (tmp_path / "x.pkl.0").unlink()
        with pytest.raises(SignalError, match="Run 'x.pkl' had 2 ranks and there are 1 files"):
            ncs.summarise(tmp_path / "x.pkl", trust_pickle=True)

    def test_several_segments_of_a_file(self, tmp_path):
        block = neo.Block()
        block.segments.extend([make_segment(2, seed=1), make_segment(2, seed=2)])
        path = tmp_path / "a.pkl"
        path.write_bytes(pickle.dumps(block))
        assert ncs.summarise(path, trust_pickle=True).table["segment"].tolist() == [0] * 6 + [1] * 6

    def test_the_table_as_a_data_frame(self):
        pytest.importorskip("pandas")
        frame = ncs.summarise(make_segment(2)).to_dataframe()
        sums = frame.groupby("neuron")["contribution_outward"].sum()
        np.testing.assert_allclose(sums, [1, 1])
        assert frame.attrs["units"]["charge_inward"] == "pC"


class TestFailures:
    @pytest.fixture
    def files(self, tmp_path):
        paths = [write(tmp_path / f"{k}.nix", make_segment(2, seed=k), neo.io.NixIO) for k in range(3)]
        whole = paths[1].read_bytes()
        paths[1].write_bytes(whole[: len(whole) // 2])
        return paths

    def test_a_corrupt_file_stops_the_summary_by_name(self, files):
        with pytest.raises(SignalError, match=r"1\.nix.* could not be read by NixIO .*errors='skip'"):
            ncs.summarise(files)

    def test_or_is_left_out(self, files):
        summary = ncs.summarise(files, errors="skip")
        assert [Path(failure.source).name for failure in summary.failures] == ["1.nix"]
        assert "check that the file is whole" in summary.failures[0].reason
        assert_same(summary, ncs.summarise([files[0], files[2]]))

    def test_a_missing_file(self, tmp_path, files):
        with pytest.raises(SignalError, match="There is no file .*none.nix"):
            ncs.summarise([files[0], tmp_path / "none.nix"])

    def test_one_bad_neuron_is_left_out(self):
        segment = make_segment(3)
        segment.analogsignals[1][7, 2] = np.inf * pq.nA
        summary = ncs.summarise(segment, errors="skip")
        assert [(f.neuron, f.source) for f in summary.failures] == [(2, "net")]
        assert "Current 'Na' is inf" in str(summary.failures[0])
        assert sorted(set(summary.table["neuron"])) == [0, 1]

    def test_other_units(self):
        sources = {"a": make_segment(1), "b": make_segment(1, units="mA/cm**2")}
        with pytest.raises(SignalError, match="^b, neuron 0: .*density.*of the first neuron.*area="):
            ncs.summarise(sources)

    def test_nothing_is_left(self, files):
        with pytest.raises(SignalError, match="None of the 1 sources could be .*1.nix"):
            ncs.summarise(files[1], errors="skip")

    def test_bad_arguments(self):
        segment = make_segment(1)
        with pytest.raises(ArgumentError, match="errors='ignore' is not an option"):
            ncs.summarise(segment, errors="ignore")
        with pytest.raises(ArgumentError, match="bins=0 is not a number of bins"):
            ncs.summarise(segment, bins=0)
        with pytest.raises(ArgumentError, match="was given no source"):
            ncs.summarise([])
        with pytest.raises(ArgumentError, match="from 30 to 10 ms holds no time"):
            ncs.summarise(segment, t_start=30 * pq.ms, t_stop=10 * pq.ms)
        with pytest.raises(ArgumentTypeError, match=r"executor= takes a concurrent\.futures\.Exec.*int"):
            ncs.summarise(segment, 2)
        with pytest.raises(SignalError, match="source 1 is a float: summarise takes file names"):
            ncs.summarise([segment, 1.5])


def test_a_number_is_no_source():
    with pytest.raises(ArgumentTypeError, match=r"^summarise\(\) takes Segments, .*, not 3"):
        ncs.summarise(3)

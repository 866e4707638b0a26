"""Verdicts that say that they cannot tell: coarse samples, currents of the other end of a step."""

import re

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.conservation import differences

C, G, E = 0.1, 0.01, -65.0  # nF, uS, mV
NAMES = ("leak", "excitation", "inhibition")


def driven(n=8000, dt=0.05, seed=3):
    """A membrane with two synapses that jump and decay, stepped by Euler's method: t, v, currents."""
    random = np.random.default_rng(seed)
    rate, decay = np.array([0.25, 0.15]) * dt, np.exp(-dt / np.array([2.0, 6.0]))
    jumps = random.random((n, 2)) < rate
    g, v, currents = np.zeros(2), np.full(n, E), np.zeros((n, 3))
    for k in range(n):
        g = g * decay + np.array([0.004, 0.003]) * jumps[k]
        currents[k] = G * (v[k] - E), g[0] * v[k], g[1] * (v[k] + 80)
        if k + 1 < n:
            v[k + 1] = v[k] - dt / C * currents[k].sum()
    return dt, v, currents


def record(dt, v, currents, names=NAMES, derivative="forward", **notes):
    def signal(values, units, **more):
        return neo.AnalogSignal(values, units=units, sampling_period=dt * pq.ms, **more)

    voltage = signal(v[:, None], "mV", name="v", capacitance=C * pq.nF, derivative=derivative, **notes)
    return ncs.Recording(signal(currents, "nA", array_annotations={"name": np.array(names)}), voltage)


def thin(every, columns=(0, 1, 2), **notes):
    dt, v, currents = driven()
    names = [NAMES[k] for k in columns]
    return record(dt * every, v[::every], currents[::every][:, columns], names, **notes)


def test_every_step_is_complete():
    found = ncs.balance(thin(1))
    assert found.diagnosis.kind == "complete" and found.unexplained < 1e-9


@pytest.mark.parametrize("every", [20, 30])
@pytest.mark.parametrize("derivative", ["forward", "central", "midpoint"])
@pytest.mark.parametrize("told", [False, True])
def test_samples_that_are_far_apart_accuse_no_current(every, derivative, told):
    notes = {"resolution": 0.05 * pq.ms} if told else {}
    found = ncs.balance(thin(every, derivative=derivative, **notes))
    assert found.diagnosis.kind == "coarse", found.verdict
    assert found.verdict.startswith(f"sampled too coarsely to tell (every {0.05 * every:.3g} ms")
    assert (f"{every} steps of the simulation" in found.verdict) == told
    # What it says that it cannot tell is no less than what is unexplained.
    said = float(re.search(r"up to (.*?) %", found.verdict).group(1)) / 100
    assert said > 0.9 * found.unexplained


def test_what_is_larger_than_that_is_still_found():
    for columns, kind in (((1, 2), "follows V"), ((0, 1), None), ((0, 2), None)):
        found = ncs.balance(thin(10, columns))
        assert found.diagnosis.kind == "missing", (columns, found.verdict)
        assert kind is None or found.diagnosis.shape.kind == kind
    dt, v, currents = driven()
    inverted = currents * np.array([1.0, -1.0, 1.0])
    assert ncs.balance(record(10 * dt, v[::10], inverted[::10])).diagnosis.inverted == ("excitation",)


def spiking(n=3000, dt=0.03):
    """Hodgkin and Huxley's neuron in linearised steps: dt, v, currents as sampled and as they flowed."""
    v, m, h, p = -65.0, 0.05, 0.6, 0.32
    out, sampled, flowed = np.empty(n), np.empty((n, 3)), np.empty((n, 3))
    for k in range(n):
        g = np.array([1.2 * m**3 * h, 0.36 * p**4, 0.003])
        out[k], sampled[k] = v, g * (v - np.array([50.0, -77.0, -54.4]))
        a = 0.1 * (v + 40) / -np.expm1(-(v + 40) / 10), 0.07 * np.exp(-(v + 65) / 20)
        b = 4 * np.exp(-(v + 65) / 18), 1 / (1 + np.exp(-(v + 35) / 10))
        c, d = 0.01 * (v + 55) / -np.expm1(-(v + 55) / 10), 0.125 * np.exp(-(v + 65) / 80)
        m, h = m + dt * (a[0] * (1 - m) - b[0] * m), h + dt * (a[1] * (1 - h) - b[1] * h)
        p += dt * (c * (1 - p) - d * p)
        step = -dt / 0.01 * (sampled[k].sum() - 0.1) / (1 + dt / 0.01 * g.sum())
        flowed[k] = sampled[k] + g * step
        v += step
    return dt, out, sampled, flowed


class TestFirstOrder:
    """Currents that were sampled before the voltage moved, of a step that takes those after it."""

    def make(self, names=("na", "k", "leak"), factors=(1.0, 1.0, 1.0), aligned=False, **notes):
        dt, v, sampled, flowed = spiking()
        columns = [("na", "k", "leak").index(name) for name in names]
        rows = ((flowed if aligned else sampled) * np.array(factors))[:, columns]
        n = len(v)
        signal = neo.AnalogSignal(
            rows,
            units="nA",
            sampling_period=dt * pq.ms,
            array_annotations={"name": np.array(names)},
        )
        voltage = neo.AnalogSignal(
            v[:, None],
            units="mV",
            sampling_period=dt * pq.ms,
            capacitance=0.01 * pq.nF,
            derivative="forward",
            name="v",
            **notes,
        )
        stim = neo.AnalogSignal(np.full((n, 1), 0.1), units="nA", sampling_period=dt * pq.ms, name="stim")
        return ncs.Recording(signal, voltage, electrode=stim)

    def test_the_model_spikes_and_balances(self):
        found = ncs.balance(self.make(aligned=True))
        assert found.recording.voltage.magnitude.max() > 20
        assert found.diagnosis.kind == "complete" and found.unexplained < 1e-9

    def test_unaligned_ones_are_called_first_order(self):
        found = ncs.balance(self.make())
        assert found.unexplained > 0.02
        assert found.diagnosis.kind == "first order", found.verdict
        assert found.verdict.startswith("holds to the first order in the step only: ")

    def test_an_annotation_says_what_to_write(self):
        found = ncs.balance(self.make(unaligned="give slopes= to align them"))
        assert found.diagnosis.kind == "first order"
        assert found.verdict.endswith("; give slopes= to align them")

    @pytest.mark.parametrize("name", ["na", "k"])
    @pytest.mark.parametrize("notes", [{}, {"unaligned": "x"}])
    def test_faults_are_found_all_the_same(self, name, notes):
        names = [n for n in ("na", "k", "leak") if n != name]
        assert ncs.balance(self.make(names, **notes)).diagnosis.kind == "missing"
        for factor in (-1.0, 1000.0):
            factors = [factor if n == name else 1.0 for n in ("na", "k", "leak")]
            diagnosis = ncs.balance(self.make(factors=factors, **notes)).diagnosis
            wrong = diagnosis.inverted if factor < 0 else tuple(diagnosis.factors)
            assert wrong == (name,), diagnosis.text

    def test_the_resolution_tells_a_long_step_from_samples_left_out(self):
        assert ncs.balance(self.make(resolution=0.03 * pq.ms)).diagnosis.kind == "first order"
        assert ncs.balance(self.make(resolution=0.003 * pq.ms)).diagnosis.kind == "coarse"


class TestOfTheVoltageBefore:
    """Currents with the gates of a step's end at the voltage where it began, of which a sum is known."""

    def make(self, stimulus, leak=True, **notes):
        dt, c, n = 0.025, 0.01, len(stimulus)
        time = dt * np.arange(n)
        open_ = np.exp(-((time % 8 - 3) ** 2)), np.exp(-((time % 8 - 4) ** 2 / 2))
        g = np.column_stack([0.3 * open_[0], 0.2 * open_[1], np.full(n, 0.002)])
        reversals = np.array([50.0, -80.0, -65.0])
        v, late = np.full(n, -65.0), np.zeros((n, 3))
        for k in range(1, n):
            late[k] = g[k] * (v[k - 1] - reversals)
            v[k] = v[k - 1] - (late[k].sum() - stimulus[k]) / (c / dt + g[k].sum())
        columns = [late[:, :2].sum(axis=1), late[:, 2]]
        rows = np.column_stack(columns if leak else columns[:1])

        def signal(values, units, name, **more):
            return neo.AnalogSignal(values, units=units, sampling_period=dt * pq.ms, name=name, **more)

        names = {"array_annotations": {"name": np.array(["channels", "leak"][: rows.shape[1]])}}
        voltage = signal(v, "mV", "v", capacitance=c * pq.nF, derivative="backward", **notes)
        return ncs.Recording(
            signal(rows, "nA", "i", **names), voltage, electrode=signal(stimulus, "nA", "stim")
        )

    def test_their_residual_goes_against_the_voltage(self):
        found = ncs.balance(self.make(np.full(2000, 0.05), unaligned="record the gates"))
        assert found.unexplained > 0.05
        assert found.diagnosis.kind == "first order", found.verdict
        assert "against each change of the voltage" in found.verdict
        assert found.verdict.endswith("; record the gates")

    def test_nothing_is_taken_for_that_unless_the_source_says_so(self):
        assert ncs.balance(self.make(np.full(2000, 0.05))).diagnosis.kind != "first order"

    def test_a_leak_that_is_missing_is_missing_all_the_same(self):
        found = ncs.balance(self.make(np.full(2000, 0.05), leak=False, unaligned="record the gates"))
        assert found.diagnosis.kind == "missing", found.verdict
        assert found.verdict.endswith("the other end of a step, which is in it too: record the gates")


def test_a_term_of_unknown_size_is_not_called_too_large():
    # Whatever is left out or inverted, no sentence says "more than 0 times" or "more than 1 times".
    dt, v, rows, _ = spiking()
    for mask in range(1, 7):
        kept = [k for k in range(3) if mask >> k & 1]
        for signs in ([1.0] * len(kept), [-1.0] + [1.0] * (len(kept) - 1)):
            numbers = rows[:, kept] * signs
            verdict = ncs.balance(record(dt, v, numbers, [f"i{k}" for k in kept])).verdict
            least = re.findall(r"more than (\d+) times", verdict)
            assert all(int(number) >= 2 for number in least), verdict


def test_change_is_what_the_currents_move_by_without_cancelling():
    currents = np.zeros((9, 2))
    currents[5:] = 3.0, -3.0
    found = differences.change(currents, "central")
    assert found.tolist() == [0, 0, 6, 6, 6, 6, 6, 6, 0]
    assert differences.change(currents, "backward").tolist() == found.tolist()[1:]

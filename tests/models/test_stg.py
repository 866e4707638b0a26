"""The stomatogastric neuron against its equations, typed here a second time as a table."""

import pickle
import sys
from dataclasses import FrozenInstanceError, replace

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    MissingDependencyError,
    UnitsError,
    UnknownNameError,
)
from neo_currentscape.models.stg import CURRENTS, MODELS, Parameters, simulate
from neo_currentscape.models.stg import equations as equations

# x_inf = 1/(1 + exp((V + a)/b))
SIGMOIDS = {
    "m_Na": (25.5, -5.29),
    "h_Na": (48.9, 5.18),
    "m_CaT": (27.1, -7.2),
    "h_CaT": (32.1, 5.5),
    "m_CaS": (33, -8.1),
    "h_CaS": (60, 6.2),
    "m_A": (27.2, -8.7),
    "h_A": (56.9, 4.9),
    "m_KCa": (28.3, -12.6),
    "m_Kd": (12.3, -11.8),
    "m_H": (70, 6),
}
# tau = c - d/(1 + exp((V + e)/f))
TAUS = {
    "m_Na": (1.32, 1.26, 120, -25),
    "m_CaT": (21.7, 21.3, 68.1, -20.5),
    "h_CaT": (105, 89.8, 55, -16.9),
    "m_A": (11.6, 10.4, 32.9, -15.2),
    "h_A": (38.6, 29.2, 38.9, -26.5),
    "m_KCa": (90.3, 75.1, 46, -22.7),
    "m_Kd": (7.2, 6.4, 28.3, -19.2),
    "m_H": (272, -1499, 42.2, -8.73),
}
# current: (power of m, reversal potential)
CHANNELS = {
    "Na": (3, 30),
    "CaT": (3, None),
    "CaS": (3, None),
    "A": (3, -80),
    "KCa": (4, -80),
    "Kd": (4, -80),
    "H": (1, -20),
    "L": (0, -50),
}
# Table 1 of the paper by columns; models in the order below.
ORDER = ("A", "B", "C", "D", "E", "F", "Fig. 2", "Fig. 3")
COLUMNS = {
    "g_Na": (1076.392, 1165.568, 1228.368, 1203.248, 1210.784, 1245.952, 1228.368, 895.528),
    "g_CaT": (6.4056, 6.6568, 7.0336, 6.6568, 8.164, 7.7872, 7.0336, 3.8936),
    "g_CaS": (10.048, 9.5456, 11.0528, 10.5504, 6.28, 6.7824, 11.0528, 16.5792),
    "g_A": (8.0384, 54.5104, 117.5616, 59.5344, 113.04, 84.6544, 117.5616, 116.4312),
    "g_KCa": (17.584, 16.328, 16.328, 16.328, 12.56, 12.56, 16.328, 21.352),
    "g_Kd": (124.0928, 110.7792, 111.2816, 111.4072, 118.4408, 113.9192, 110.7792, 115.6776),
    "g_H": (0.11304, 0.0628, 0.13816, 0, 0.1256, 0.02512, 0.13816, 0),
    "g_L": (0.17584, 0.10676, 0.10676, 0.10676, 0.0314, 0, 0.10048, 0.08792),
    "tau_Ca": (653.5, 813.88, 605.98, 653.5, 393.13, 174.34, 605.98, 828.73),
}
NONE = 0 * pq.s


def sigmoid(v, a, b):
    return 1 / (1 + np.exp((v + a) / b))


def reference_steady_state(gate, v, ca):
    x = sigmoid(v, *SIGMOIDS[gate])
    return x * ca / (ca + 3) if gate == "m_KCa" else x


def reference_tau(gate, v):
    if gate == "h_Na":
        return (0 + 0.67 * sigmoid(v, 62.9, -10)) * (1.5 + sigmoid(v, 34.9, 3.6))
    if gate == "m_CaS":
        return 1.4 + 7 / (np.exp((v + 27) / 10) + np.exp((v + 70) / -13))
    if gate == "h_CaS":
        return 60 + 150 / (np.exp((v + 55) / 9) + np.exp((v + 65) / -16))
    c, d, e, f = TAUS[gate]
    return c - d * sigmoid(v, e, f)


def reference_currents(model, state, log):
    v, ca = state[:2]
    gates = dict(zip(SIGMOIDS, state[2:], strict=True))
    e_ca = 1000 * 8.314 * 283.15 / (2 * 96485) * log(3000 / ca)
    result = []
    for label, (p, reversal) in CHANNELS.items():
        g = float(getattr(model, f"g_{label}").rescale("uS"))
        open_ = gates.get(f"m_{label}", 1) ** p * gates.get(f"h_{label}", 1)
        result.append(g * open_ * (v - (e_ca if reversal is None else reversal)))
    return np.array(result)


def reference_derivative(model, state, i_app, log):
    currents = reference_currents(model, state, log)
    v, ca = state[:2]
    tau_ca = float(model.tau_Ca.rescale("ms"))
    rates = [(i_app - currents.sum()) / 10, (-0.94 * currents[1:3].sum() - ca + 0.05) / tau_ca]
    for gate, x in zip(SIGMOIDS, state[2:], strict=True):
        rates.append((reference_steady_state(gate, v, ca) - x) / reference_tau(gate, v))
    return np.array(rates)


def reference_rk4(model, t_stop, dt, i_app, log):
    """Classical Runge-Kutta with a fixed step (ms); the state at each step, (time, state)."""
    y = np.array([-51.0, 5.0] + 11 * [0.0])
    states = [y]
    for _ in range(round(t_stop / dt) - 1):
        k1 = reference_derivative(model, y, i_app, log)
        k2 = reference_derivative(model, y + dt / 2 * k1, i_app, log)
        k3 = reference_derivative(model, y + dt / 2 * k2, i_app, log)
        k4 = reference_derivative(model, y + dt * k3, i_app, log)
        y = y + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        states.append(y)
    return np.array(states)


def signals_of(block):
    return {signal.name: signal for signal in block.segments[0].analogsignals}


def values_of(block):
    return {name: signal.magnitude[:, 0] for name, signal in signals_of(block).items()}


@pytest.fixture(scope="module")
def brief():
    """A fifth of a second of model A, from the initial state, with some injected current."""
    return simulate("A", t_stop=200 * pq.ms, transient=NONE, i_app=2 * pq.nA)


class TestEquations:
    v = np.linspace(-120, 60, 181)
    ca = np.geomspace(0.05, 60, 181)

    @pytest.mark.parametrize("index, gate", list(enumerate(SIGMOIDS)))
    def test_gates_follow_the_published_formulas(self, index, gate):
        assert equations.GATES[index] == gate
        steady = equations.steady_states(self.v, self.ca, np.exp)[index]
        np.testing.assert_allclose(steady, reference_steady_state(gate, self.v, self.ca))
        tau = equations.time_constants(self.v, np.exp)[index]
        np.testing.assert_allclose(tau, reference_tau(gate, self.v))
        assert np.all(tau > 0)

    @pytest.mark.parametrize("logarithm, log", [("natural", np.log), ("log10", np.log10)])
    @pytest.mark.parametrize("i_app", [0.0, -3.0])
    def test_derivative(self, logarithm, log, i_app):
        rng = np.random.default_rng(1)
        for model in MODELS.values():
            v_and_ca = [rng.uniform(-80, 30), rng.uniform(0.1, 30)]
            state = np.concatenate((v_and_ca, rng.uniform(0, 1, 11)))
            rates = equations.right_hand_side(model, i_app, logarithm)(0.0, state)
            expected = reference_derivative(model, state, i_app, log)
            np.testing.assert_allclose(rates, expected, rtol=1e-9)


class TestParameters:
    def test_published_values(self):
        assert set(MODELS) == set(ORDER)
        for field, column in COLUMNS.items():
            units = "ms" if field == "tau_Ca" else "uS"
            found = [float(getattr(MODELS[name], field).rescale(units)) for name in ORDER]
            assert found == list(column)
        assert all(float(model.capacitance.rescale("nF")) == 10 for model in MODELS.values())

    def test_scaled_changes_one_conductance_of_a_copy(self):
        half = MODELS["A"].scaled("CaT", 0.5)
        assert float(half.g_CaT) == pytest.approx(6.4056 / 2)
        assert float(MODELS["A"].g_CaT) == 6.4056
        assert half.name == "A, 0.5 x CaT"
        assert replace(half, name="A", g_CaT=MODELS["A"].g_CaT) == MODELS["A"]

    def test_scaled_refuses(self):
        with pytest.raises(UnknownNameError, match="'Cat'.*'CaT'"):
            MODELS["A"].scaled("Cat", 0.5)
        for factor in (-0.1, float("nan")):
            with pytest.raises(ArgumentError, match="factor for 'CaT'"):
                MODELS["A"].scaled("CaT", factor)

    def test_units_are_converted(self):
        model = replace(MODELS["A"], g_L=200 * pq.nS, tau_Ca=0.5 * pq.s, capacitance=2000 * pq.pF)
        assert float(model.g_L) == pytest.approx(0.2)
        assert model.g_L.dimensionality.string == "uS"
        assert float(model.tau_Ca) == pytest.approx(500)
        assert float(model.capacitance) == pytest.approx(2)

    @pytest.mark.parametrize(
        "change, error",
        [
            ({"g_L": 0.1}, UnitsError),
            ({"g_L": 0.1 * pq.mV}, UnitsError),
            ({"g_L": -0.1 * pq.uS}, ArgumentError),
            ({"g_L": float("nan") * pq.uS}, ArgumentError),
            ({"g_L": [1, 2] * pq.uS}, ArgumentError),
            ({"tau_Ca": 0 * pq.ms}, ArgumentError),
            ({"capacitance": 0 * pq.nF}, ArgumentError),
        ],
    )
    def test_refuses(self, change, error):
        with pytest.raises(error, match=next(iter(change))):
            replace(MODELS["A"], **change)

    def test_frozen_and_picklable(self):
        with pytest.raises(FrozenInstanceError):
            MODELS["A"].g_L = 1 * pq.uS
        assert pickle.loads(pickle.dumps(MODELS["A"])) == MODELS["A"]


class TestIntegration:
    @pytest.mark.parametrize("logarithm, log", [("natural", np.log), ("log10", np.log10)])
    def test_against_runge_kutta(self, logarithm, log):
        window = {"t_stop": 20 * pq.ms, "dt": 0.02 * pq.ms, "transient": NONE}
        block = simulate("B", i_app=20 * pq.nA, logarithm=logarithm, **window)
        found = values_of(block)
        states = reference_rk4(MODELS["B"], 20, 0.02, 20, log)
        assert states[:, 0].max() > 0  # a spike is in the window
        np.testing.assert_allclose(found["v"], states[:, 0], atol=3e-3)
        np.testing.assert_allclose(found["[Ca]"], states[:, 1], atol=1e-4)
        currents = reference_currents(MODELS["B"], states.T, log)
        scale = np.abs(currents).max()
        for label, expected in zip(CURRENTS, currents, strict=True):
            np.testing.assert_allclose(found[label], expected, atol=3e-4 * scale)

    @pytest.mark.parametrize("logarithm", ["natural", "log10"])
    @pytest.mark.parametrize("i_app", [0, 3])
    def test_charge_balance(self, logarithm, i_app):
        dt = 0.01  # ms
        block = simulate(
            "Fig. 2",
            t_stop=2 * pq.s,
            dt=dt * pq.ms,
            i_app=i_app * pq.nA,
            logarithm=logarithm,
        )
        found = values_of(block)
        v = found["v"]
        assert v.max() > 0
        slope = (v[:-4] - 8 * v[1:-3] + 8 * v[3:-1] - v[4:]) / (12 * dt)
        capacitive = 10 * slope
        membrane = sum(found[label] for label in CURRENTS)[2:-2]
        residual = capacitive + membrane - found["I_app"][2:-2]
        peak = max(np.abs(found[label]).max() for label in CURRENTS)
        assert np.abs(residual).max() < 1e-4 * peak

    def test_calcium_balance(self):
        dt = 0.05
        found = values_of(simulate("E", t_stop=1 * pq.s, dt=dt * pq.ms, transient=1 * pq.s))
        ca = found["[Ca]"]
        slope = (ca[2:] - ca[:-2]) / (2 * dt)
        influx = -0.94 * (found["CaT"] + found["CaS"])[1:-1]
        residual = 393.13 * slope - influx + ca[1:-1] - 0.05
        assert np.abs(residual).max() < 1e-3 * np.abs(influx).max()

    @pytest.mark.parametrize("name", [name for name in MODELS if name != "F"])
    def test_published_bursts(self, name):
        # The paper's target is 1 Hz and a duty cycle of 20 %; its spikes cross -20 mV, and
        # those within 100 ms of one another belong to one burst.
        v = values_of(simulate(name, t_stop=5 * pq.s))["v"]
        spikes = np.flatnonzero((v[:-1] <= -20) & (v[1:] > -20)) * 0.1
        bursts = np.split(spikes, np.flatnonzero(np.diff(spikes) > 100) + 1)[1:]
        period = np.mean(np.diff([burst[0] for burst in bursts]))
        duty = np.mean([burst[-1] - burst[0] for burst in bursts[:-1]]) / period
        assert 850 < period < 1150
        assert 0.15 < duty < 0.26
        assert all(9 <= len(burst) <= 15 for burst in bursts[:-1])
        assert -53 < v.min() < -49 and 15 < v.max() < 25

    def test_model_f_bursts_irregularly(self):
        v = values_of(simulate("F", t_stop=5 * pq.s))["v"]
        spikes = np.flatnonzero((v[:-1] <= -20) & (v[1:] > -20)) * 0.1
        starts = spikes[1:][np.diff(spikes) > 100]
        assert 5 <= len(starts) <= 9
        assert v.min() < -50

    def test_transient_is_discarded(self):
        whole = values_of(simulate("A", t_stop=200 * pq.ms, transient=NONE))
        later = values_of(simulate("A", t_stop=0.1 * pq.s, transient=0.1 * pq.s))
        for name in whole:
            scale = np.abs(whole[name]).max()
            np.testing.assert_allclose(later[name], whole[name][1000:], atol=1e-4 * scale)

    def test_blocked_current_is_zero_and_matters(self):
        window = {"t_stop": 300 * pq.ms, "transient": NONE, "i_app": 2 * pq.nA}
        blocked = values_of(simulate(MODELS["A"].scaled("Na", 0), **window))
        assert np.all(blocked["Na"] == 0)
        assert blocked["v"].max() < 10 < values_of(simulate("A", **window))["v"].max()

    def test_injected_current_depolarizes(self):
        window = {"t_stop": 2 * pq.ms, "transient": NONE}
        at_rest = values_of(simulate("A", **window))["v"]
        injected = values_of(simulate("A", i_app=5000 * pq.pA, **window))
        # 5 nA on 10 nF for 1 ms, while every gate is still nearly closed
        assert injected["v"][10] - at_rest[10] == pytest.approx(0.5, rel=0.05)
        assert np.all(injected["I_app"] == 5)


class TestBlock:
    def test_signals(self, brief):
        assert isinstance(brief, neo.Block) and len(brief.segments) == 1
        signals = signals_of(brief)
        assert list(signals) == ["v", *CURRENTS, "[Ca]", "I_app"]
        for signal in signals.values():
            assert signal.shape == (2000, 1)
            assert signal.dtype == np.float64
            assert float(signal.t_start) == 0
            assert float(signal.sampling_period.rescale("ms")) == pytest.approx(0.1)
            assert signal.annotations["site"] == "soma"
            assert signal.description

    def test_first_sample_is_the_initial_state(self, brief):
        signals = signals_of(brief)
        assert float(signals["v"][0, 0]) == -51
        assert float(signals["[Ca]"][0, 0]) == 5

    def test_units_roles_and_signs(self, brief):
        told = {
            name: (
                signal.dimensionality.string,
                signal.annotations["role"],
                signal.annotations.get("positive"),
            )
            for name, signal in signals_of(brief).items()
        }
        expected = dict.fromkeys(CURRENTS, ("nA", "current", "outward"))
        expected["v"] = ("mV", "voltage", None)
        expected["[Ca]"] = ("uM", "ion", None)
        expected["I_app"] = ("nA", "electrode", "inward")
        assert told == expected

    def test_block_tells_the_model(self, brief):
        notes = brief.annotations
        assert brief.name == notes["model"] == "A"
        assert notes["logarithm"] == "natural"
        assert notes["g_Na"] == 1076.392 * pq.uS
        assert notes["tau_Ca"] == 653.5 * pq.ms
        assert notes["i_app"] == 2 * pq.nA
        assert "eLife" in notes["source"]
        assert signals_of(brief)["v"].annotations["capacitance"] == 10 * pq.nF

    def test_survives_pickle(self, brief):
        again = pickle.loads(pickle.dumps(brief))
        assert again.annotations == brief.annotations
        np.testing.assert_array_equal(values_of(again)["KCa"], values_of(brief)["KCa"])

    @pytest.mark.filterwarnings("ignore")
    def test_survives_nix(self, brief, tmp_path):
        pytest.importorskip("nixio")
        path = str(tmp_path / "stg.nix")
        with neo.io.NixIO(path, "ow") as target:
            target.write_block(pickle.loads(pickle.dumps(brief)))
        with neo.io.NixIO(path, "ro") as source:
            again = source.read_block()
        assert again.annotations["g_Na"] == brief.annotations["g_Na"]
        assert again.annotations["logarithm"] == "natural"
        for name, signal in signals_of(brief).items():
            found = signals_of(again)[name]
            np.testing.assert_array_equal(found.magnitude, signal.magnitude)
            for key in ("role", "positive", "site"):
                assert found.annotations.get(key) == signal.annotations.get(key)

    def test_signals_own_their_memory(self):
        block = simulate("A", t_stop=10 * pq.ms, transient=NONE)
        signals = signals_of(block)
        kept = signals["[Ca]"].magnitude.copy()
        signals["v"][:] = 0 * pq.mV
        np.testing.assert_array_equal(signals["[Ca]"].magnitude, kept)


class TestArguments:
    def test_takes_parameters(self):
        model = replace(MODELS["A"], name="mine", g_A=0 * pq.uS)
        assert isinstance(model, Parameters)
        assert simulate(model, t_stop=10 * pq.ms, transient=NONE).name == "mine"

    def test_unknown_names(self):
        with pytest.raises(UnknownNameError, match="Unknown model 'G'.*'Fig. 2'.*'A'"):
            simulate("G")
        with pytest.raises(UnknownNameError, match="Unknown logarithm 'ln'.*'natural'"):
            simulate("A", logarithm="ln")
        with pytest.raises(ArgumentTypeError, match="model is 3"):
            simulate(3)

    @pytest.mark.parametrize(
        "argument, value, error",
        [
            ("t_stop", 10.0, UnitsError),
            ("t_stop", 10 * pq.mV, UnitsError),
            ("t_stop", 0 * pq.s, ArgumentError),
            ("t_stop", float("inf") * pq.s, ArgumentError),
            ("dt", 0 * pq.ms, ArgumentError),
            ("dt", 0.1, UnitsError),
            ("transient", -1 * pq.s, ArgumentError),
            ("i_app", 1, UnitsError),
            ("i_app", 1 * pq.nA / pq.cm**2, UnitsError),
            ("i_app", float("nan") * pq.nA, ArgumentError),
        ],
    )
    def test_refuses(self, argument, value, error):
        with pytest.raises(error, match=argument):
            simulate("A", **{argument: value})

    @pytest.mark.parametrize("i_app", [-1e3, 1e6])
    def test_out_of_range(self, i_app):
        with pytest.raises(ArgumentError, match="i_app = .* leaves the range"):
            simulate("A", t_stop=100 * pq.ms, transient=NONE, i_app=i_app * pq.nA)

    def test_without_scipy(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "scipy.integrate", None)
        with pytest.raises(MissingDependencyError, match=r"neo-currentscape\[demo\]"):
            simulate("A", t_stop=10 * pq.ms)


def test_threads_simulate_what_one_does():
    import warnings
    from concurrent.futures import ThreadPoolExecutor

    def simulated(model):
        block = simulate(model, t_stop=0.1 * pq.s, transient=0 * pq.s)
        return block.segments[0].analogsignals[0].magnitude.tobytes()

    expected = {model: simulated(model) for model in "ABC"}
    filters = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(lambda model=model: (model, simulated(model))) for model in "ABCABC"]
        assert all(found.result()[1] == expected[found.result()[0]] for found in jobs)
    assert list(warnings.filters) == filters

"""Equations of the single-compartment stomatogastric neuron, in plain numbers.

V in mV, t in ms, conductances in uS, currents in nA and outward positive, [Ca] in uM,
capacitance in nF. Each formula stands here once and serves both the integration, which calls it
with Python floats and `math.exp`, and the recorded currents, which take whole arrays.

Source: Liu et al., J Neurosci 1998;18:2309; Alonso & Marder, eLife 2019;8:e42722.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from neo_currentscape.conventions.errors import unknown_name
from neo_currentscape.models.stg.parameters import Parameters

E_NA, E_K, E_H, E_L = 30.0, -80.0, -20.0, -50.0  # mV

CA_OUT = 3000.0  # uM, outside the cell
CA_REST = 0.05  # uM, where [Ca] settles without calcium currents
CA_PER_CURRENT = 0.94  # uM/nA, steady rise of [Ca] for an inward calcium current

#: R T / 2F in mV at 10 degrees Celsius.
RT_OVER_2F = 1e3 * 8.314 * 283.15 / (2 * 96485.0)

#: What RT/2F is multiplied with, so that a natural logarithm serves both choices.
LOGARITHMS = {"natural": 1.0, "log10": 1 / math.log(10)}

#: Activation (m) and inactivation (h) variables, in the order of the state after V and [Ca].
GATES = (
    *("m_Na", "h_Na", "m_CaT", "h_CaT", "m_CaS", "h_CaS"),
    *("m_A", "h_A", "m_KCa", "m_Kd", "m_H"),
)

#: State at the beginning: V (mV), [Ca] (uM), and every gate closed.
INITIAL_STATE = (-51.0, 5.0, *(0.0 for _ in GATES))


def nernst_slope(logarithm: str) -> float:
    """Factor before the natural logarithm of the concentration ratio in E_Ca.

    Parameters
    ----------
    logarithm : {"natural", "log10"}
        The logarithm in E_Ca = (R T / 2F) log(3000 uM / [Ca]).

    Returns
    -------
    float
        In mV.

    Raises
    ------
    UnknownNameError
        When it is another logarithm.

    Examples
    --------
    >>> round(nernst_slope("natural"), 2), round(nernst_slope("log10"), 2)
    (12.2, 5.3)
    """
    if logarithm not in LOGARITHMS:
        raise unknown_name("logarithm", logarithm, LOGARITHMS)
    return RT_OVER_2F * LOGARITHMS[logarithm]


def steady_states(v: Any, ca: Any, exp: Callable[[Any], Any] = math.exp) -> tuple[Any, ...]:
    """Values that the gates tend to: x_inf = 1/(1 + exp((V + a)/b)); KCa also [Ca]/([Ca] + 3).

    Parameters
    ----------
    v : float or ndarray
        Membrane potential in mV, any shape.
    ca : float or ndarray
        Intracellular calcium in uM, of the same shape.
    exp : callable
        `math.exp` for floats, `numpy.exp` for arrays.

    Returns
    -------
    tuple
        One value from 0 to 1 for each of `GATES`, of the shape of the arguments.

    Examples
    --------
    >>> dict(zip(GATES, steady_states(-25.5, 5.0)))["m_Na"]
    0.5
    """
    return (
        1 / (1 + exp((v + 25.5) / -5.29)),
        1 / (1 + exp((v + 48.9) / 5.18)),
        1 / (1 + exp((v + 27.1) / -7.2)),
        1 / (1 + exp((v + 32.1) / 5.5)),
        1 / (1 + exp((v + 33.0) / -8.1)),
        1 / (1 + exp((v + 60.0) / 6.2)),
        1 / (1 + exp((v + 27.2) / -8.7)),
        1 / (1 + exp((v + 56.9) / 4.9)),
        ca / (ca + 3.0) / (1 + exp((v + 28.3) / -12.6)),
        1 / (1 + exp((v + 12.3) / -11.8)),
        1 / (1 + exp((v + 70.0) / 6.0)),
    )


def time_constants(v: Any, exp: Callable[[Any], Any] = math.exp) -> tuple[Any, ...]:
    """Time constants of the gates: tau = c - d/(1 + exp((V + e)/f)), some of another form.

    Parameters
    ----------
    v : float or ndarray
        Membrane potential in mV, any shape.
    exp : callable
        `math.exp` for floats, `numpy.exp` for arrays.

    Returns
    -------
    tuple
        One time in ms for each of `GATES`, of the shape of `v`.

    Examples
    --------
    >>> round(dict(zip(GATES, time_constants(-120.0)))["m_Na"], 3)
    0.69
    """
    return (
        1.32 - 1.26 / (1 + exp((v + 120.0) / -25.0)),
        0.67 / (1 + exp((v + 62.9) / -10.0)) * (1.5 + 1 / (1 + exp((v + 34.9) / 3.6))),
        21.7 - 21.3 / (1 + exp((v + 68.1) / -20.5)),
        105.0 - 89.8 / (1 + exp((v + 55.0) / -16.9)),
        1.4 + 7.0 / (exp((v + 27.0) / 10.0) + exp((v + 70.0) / -13.0)),
        60.0 + 150.0 / (exp((v + 55.0) / 9.0) + exp((v + 65.0) / -16.0)),
        11.6 - 10.4 / (1 + exp((v + 32.9) / -15.2)),
        38.6 - 29.2 / (1 + exp((v + 38.9) / -26.5)),
        90.3 - 75.1 / (1 + exp((v + 46.0) / -22.7)),
        7.2 - 6.4 / (1 + exp((v + 28.3) / -19.2)),
        272.0 + 1499.0 / (1 + exp((v + 42.2) / -8.73)),
    )


def membrane_currents(
    state: Iterable[Any],
    conductances: Sequence[float],
    slope: float,
    log: Callable[[Any], Any] = math.log,
) -> tuple[Any, ...]:
    """Currents g m^p h (V - E), outward positive, with E_Ca = slope ln(3000 uM / [Ca]).

    Parameters
    ----------
    state : iterable of float or ndarray
        V in mV, [Ca] in uM, then the `GATES`; or an array of shape (state variable, time).
    conductances : sequence of float
        Maximal conductances in uS, in the order of `stg_parameters.CURRENTS`.
    slope : float
        Of the reversal potential of calcium, in mV; see `nernst_slope`.
    log : callable
        `math.log` for floats, `numpy.log` for arrays.

    Returns
    -------
    tuple
        One current in nA for each of `stg_parameters.CURRENTS`, of the shape of V.

    Examples
    --------
    >>> closed = (-60.0, 5.0, *(0.0 for _ in GATES))  # only the leak, of 1 uS x -10 mV, is left
    >>> membrane_currents(closed, (1.0,) * 8, nernst_slope("natural"))[-1]
    -10.0
    """
    v, ca, m_na, h_na, m_cat, h_cat, m_cas, h_cas, m_a, h_a, m_kca, m_kd, m_h = state
    g_na, g_cat, g_cas, g_a, g_kca, g_kd, g_h, g_l = conductances
    e_ca = slope * log(CA_OUT / ca)
    return (
        g_na * m_na**3 * h_na * (v - E_NA),
        g_cat * m_cat**3 * h_cat * (v - e_ca),
        g_cas * m_cas**3 * h_cas * (v - e_ca),
        g_a * m_a**3 * h_a * (v - E_K),
        g_kca * m_kca**4 * (v - E_K),
        g_kd * m_kd**4 * (v - E_K),
        g_h * m_h * (v - E_H),
        g_l * (v - E_L),
    )


def right_hand_side(
    parameters: Parameters, i_app: float, logarithm: str
) -> Callable[[float, Any], list[float]]:
    """Make the function that gives the time derivative of the state.

    C dV/dt = I_app - sum I;  tau_Ca d[Ca]/dt = -0.94 (I_CaT + I_CaS) - [Ca] + 0.05;
    dx/dt = (x_inf - x)/tau_x for every gate x.

    Parameters
    ----------
    parameters : Parameters
        The model.
    i_app : float
        Injected current in nA, inward positive.
    logarithm : {"natural", "log10"}
        The logarithm in E_Ca.

    Returns
    -------
    callable
        ``f(t, state) -> list of float``, for a state of shape (13,), per ms.

    Raises
    ------
    UnknownNameError
        When it is another logarithm.

    Examples
    --------
    >>> import numpy as np
    >>> from neo_currentscape.models.stg.parameters import MODELS
    >>> rates = right_hand_side(MODELS["A"], 0.0, "natural")(0.0, np.array(INITIAL_STATE))
    >>> round(rates[0], 6)  # 0.17584 uS x 1 mV of leak, over 10 nF, in mV/ms
    0.017584
    """
    slope = nernst_slope(logarithm)
    conductances = tuple(float(g) for g in parameters.conductances.values())
    capacitance, tau_ca = float(parameters.capacitance), float(parameters.tau_Ca)

    def derivative(t: float, state: Any) -> list[float]:
        # Python floats: NumPy scalars would make this several times slower.
        values = state.tolist()
        v, ca, *gates = values
        currents = membrane_currents(values, conductances, slope)
        influx = CA_PER_CURRENT * (currents[1] + currents[2])
        rates = [(i_app - sum(currents)) / capacitance, (CA_REST - ca - influx) / tau_ca]
        targets = zip(gates, steady_states(v, ca), time_constants(v), strict=True)
        rates.extend([(x_inf - x) / tau for x, x_inf, tau in targets])
        return rates

    return derivative

"""Roles: what a variable is, from its unit and then its name, for the names that simulators give."""

import time

import pytest

from neo_currentscape.conventions import amplifier, roles


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("ina", "current"),
        ("soma(0.5).ik", "current"),
        ("soma.na.ina", "current"),
        ("il_hh", "current"),
        ("i_pas", "current"),
        ("w", "current"),
        ("i_eta", "current"),
        ("esyn.i", "current"),
        ("ampa[0].i", "current"),
        ("ica", "current"),
        ("I_CaP", "current"),  # P-type calcium, no capacitive current
        ("ICaP", "current"),
        ("i_CaP", "current"),
        ("IM", "current"),  # muscarinic potassium current
        ("I_M", "current"),
        ("ih", "current"),
        ("I_NaP", "current"),
        ("iKdr", "current"),
        ("stim.i", "electrode"),
        ("IClamp[0].i", "electrode"),
        ("soma(0.5).iclamp[1].i", "electrode"),
        ("SEClamp.i", "electrode"),
        ("i_inj", "electrode"),
        ("I_stim", "electrode"),
        ("DCSource.i", "electrode"),
        ("injected current", "electrode"),
        ("i_cap", "capacitive"),
        ("soma(0.5).i_cap", "capacitive"),
        ("Ic", "capacitive"),
        ("i_membrane_", "membrane"),
        ("i_membrane", "membrane"),
        ("imem", "membrane"),
        ("Im", "membrane"),
        ("total_ion_current", "membrane"),
        ("i_axial", "axial"),
    ],
)
def test_currents_by_name(name, role):
    reading = roles.role_from_current_name(name)
    assert reading.role == role
    assert reading.reason.startswith("its unit is that of a current")


@pytest.mark.parametrize(
    ("name", "kind", "role"),
    [
        ("anything", "voltage", "voltage"),
        ("I_NaP", "voltage", "voltage"),  # NEST's ht_neuron: named by the caller
        ("cai", "concentration", "ion"),
        ("gsyn_exc", "conductance", "conductance"),
        ("gna", "conductance density", "conductance"),
        ("ina", "current density", "current"),
        ("Act_m", "dimensionless", "gate"),
        ("soma.na.m", "dimensionless", "gate"),
        ("g_AMPA", "dimensionless", "conductance"),
        ("gsyn_exc", "dimensionless", "conductance"),
        ("cai", "dimensionless", "ion"),
        ("soma(0.5).cai", "dimensionless", "ion"),
        ("[Ca]", "dimensionless", "ion"),
        ("[Ca2+]_i", "dimensionless", "ion"),
        ("I_NaP", "dimensionless", "other"),
        ("spikes", "dimensionless", "other"),
        ("u", "other", "other"),
    ],
)
def test_roles_by_unit_then_name(name, kind, role):
    reading = roles.read_role(name, kind)
    assert reading.role == role
    assert reading.reason


def test_a_current_without_a_unit_is_told_how_to_get_one():
    assert roles.read_role("I_NaP", "dimensionless").reason == (
        "it has no unit: if it is a current, write units={'I_NaP': 'pA'}"
    )


@pytest.mark.parametrize("name", ["v", "soma.v", "V_m", "Vm", "v_comp0", "soma(0.5).v", "voltage"])
def test_names_of_the_membrane_potential(name):
    assert roles.looks_like_membrane_potential(name)


@pytest.mark.parametrize("name", ["e_rev", "I_NaP", "v_thresh", "ena", "theta"])
def test_names_of_other_voltages(name):
    assert not roles.looks_like_membrane_potential(name)


def test_every_role_and_canonical_direction_is_known():
    assert set(roles.CANONICAL) <= set(roles.ROLES)
    assert set(roles.CANONICAL.values()) <= set(roles.DIRECTIONS)


@pytest.mark.parametrize(
    "piece", ["_g", "_i", "_I", "_v", "_Act_", ".stim[", ".stim(", "_isyn", "_n_", "dend[0]", "a."]
)
@pytest.mark.parametrize("end", ["", "!", "]", "\n"])
def test_a_name_of_a_hundred_thousand_letters_takes_no_time(piece, end):
    name = piece * (100_000 // len(piece)) + end
    begun = time.process_time()
    for kind in ("current", "voltage", "dimensionless"):
        assert roles.read_role(name, kind).role in roles.ROLES
    roles.looks_like_a_section(name)
    roles.looks_like_membrane_potential(name)
    roles.may_be_membrane_potential(name)
    for asked in (amplifier.is_command, amplifier.is_input, amplifier.names_a_membrane_current):
        asked(name)
    assert time.process_time() - begun < 0.5


def test_what_is_told_by_the_end_of_a_name_is_told_however_long_it_is():
    long = "soma_" * 1000
    assert roles.read_role(f"{long}.stim.i", "current").role == "electrode"
    assert roles.read_role(f"{long}.i_cap", "current").role == "capacitive"
    assert roles.looks_like_membrane_potential(f"{long}.v")

"""Names, ions and colours stay on their rows, in whatever order the caller has them."""

from __future__ import annotations

import numpy as np
import pytest
from compat_data import thickness
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba

import neo_currentscape as ncs
from neo_currentscape.compat.config import read_config
from neo_currentscape.compat.intake import take

CURRENTS = ("zNa", "K", "h2", "h10", "Ca", "a")
IONS = ("nai", "cai", "ki")
VALUE = {name: float(k + 1) for k, name in enumerate((*CURRENTS, *IONS))}
T = np.arange(6.0)

some = st.lists(st.sampled_from(CURRENTS), min_size=1, unique=True)
ions_ = st.permutations(IONS)


def row(name):
    return np.full(6, VALUE[name])


def shown(signal):
    return dict(zip(signal.array_annotations["name"], signal.magnitude[0], strict=True))


def config_of(names, ions):
    return {"current": {"names": list(names)}, "ions": {"names": list(ions)}}


@given(some, ions_)
def test_names_of_the_configuration_are_those_of_the_rows(names, ions):
    rows, others = [row(name) for name in names], np.array([row(ion) for ion in ions])
    found = take(read_config(config_of(names, ions)), T, rows, others).recording
    assert found.names == names and shown(found.currents) == {name: VALUE[name] for name in names}
    assert shown(found.ions) == {ion: VALUE[ion] for ion in ions}


@given(some, ions_)
def test_names_of_the_data_stay_on_them(names, ions):
    import pandas

    rows, others = ({name: row(name) for name in part} for part in (names, ions))
    for make in (dict, pandas.DataFrame, lambda rows: pandas.DataFrame(rows).T):
        found = take(read_config(None), T, make(rows), make(others)).recording
        assert found.names == names and shown(found.currents) == {name: VALUE[name] for name in names}
        assert list(shown(found.ions).items()) == [(ion, VALUE[ion]) for ion in ions]


@settings(max_examples=8)
@given(st.permutations(CURRENTS), ions_, st.booleans())
def test_colours_of_the_legend_are_those_of_the_rows(names, ions, reorder):
    config = config_of(names, ions)
    config["current"]["reorder"] = config["ions"]["reorder"] = reorder
    figure = ncs.plot(T, [row(name) for name in names], config, [row(ion) for ion in ions])
    legend = {text.get_text(): text.get_color() for text in figure.axes[2].get_legend().get_texts()}
    total = sum(VALUE[name] for name in names)
    for area in figure.axes[2].collections:
        name = area.get_label().removesuffix(" outward")
        if name in legend:
            assert to_rgba(legend[name]) == to_rgba(area.get_facecolor()[0])
            assert thickness(area, 2.0) == pytest.approx(VALUE[name] / total, abs=1e-6)
    lines = {line.get_label(): line for line in figure.axes[-1].lines}
    told = {text.get_text(): text.get_color() for text in figure.axes[-1].get_legend().get_texts()}
    assert set(told) == set(ions)
    for ion in ions:
        assert to_rgba(lines[ion].get_color()) == to_rgba(told[ion])
        assert lines[ion].get_ydata()[0] == pytest.approx(VALUE[ion])
    assert list(legend) == (sorted(names, key=lambda n: -VALUE[n]) if reorder else list(names))
    close_all()


def close_all():
    import matplotlib.pyplot as plt

    plt.close("all")

"""BluePyEModel's own call, which imports `currentscape` inside a function, drawn through the stand-in."""

from __future__ import annotations

import copy
import json
import logging
from importlib import metadata

import numpy as np
import pytest
from compat_data import thickness

from neo_currentscape.compat import stand_in

pytestmark = pytest.mark.bluepyemodel
theirs = pytest.importorskip("bluepyemodel.emodel_pipeline.plotting", exc_type=ImportError)

T = np.arange(0.0, 60.0, 0.05)
VOLTAGE = -70 + 90 * np.exp(-(((T % 20) - 8) ** 2))
#: What is recorded at the soma, in the order in which BluePyEModel meets it.
CURRENTS = {
    "ina_NaTg": -40 * np.exp(-(((T % 20) - 7.7) ** 2)) - 0.5,
    "ik_K_Pst": 30 * np.exp(-(((T % 20) - 8.6) ** 2) / 2),
    "i_pas": 0.02 * (VOLTAGE + 75),
    "ica_Ca_HVA2": -6 * np.exp(-(((T % 20) - 8.2) ** 2)),
}
IONS = {"cai": 1e-4 * (1 + T / 60), "ki": 54 + 0 * T}


@pytest.fixture
def responses():
    """As an evaluator of BluePyEModel gives them: BluePyOpt's responses by protocol, location and name."""
    from bluepyopt.ephys.responses import TimeVoltageResponse

    recorded = {"v": VOLTAGE, **CURRENTS, **IONS}
    made = {}
    for protocol in ("Step_200", "sAHP_220.0"):
        for name, values in recorded.items():
            key = f"{protocol}.soma.{name}"
            made[key] = TimeVoltageResponse(key, time=T, voltage=values)
    made["RMPProtocol.soma.v"] = TimeVoltageResponse("RMPProtocol.soma.v", time=T, voltage=VOLTAGE)
    made["Step_300.soma.v"] = None  # a simulation that failed
    return made


@pytest.fixture
def figures(monkeypatch):
    """The figures that BluePyEModel closes when it has written them."""
    closed = []
    close = theirs.plt.close
    monkeypatch.setattr(theirs.plt, "close", lambda figure: (closed.append(figure), close(figure)))
    return closed


def recipe(name):
    """``currentscape_config`` of one of the recipes that BluePyEModel brings along."""
    from bluepyemodel.emodel_pipeline.emodel_settings import EModelPipelineSettings

    path = metadata.distribution("bluepyemodel").locate_file(f"examples/{name}/config/recipes.json")
    settings = json.loads(path.read_text(encoding="utf-8"))[name]["pipeline_settings"]
    return EModelPipelineSettings(**settings).currentscape_config


#: Some of the currents, with all that its settings say of a figure.
SOME = {
    "current": {"names": ["ica_Ca_HVA2", "ina_NaTg", "ik_K_Pst"]},
    "show": {"all_currents": True, "total_contribution": True, "xlabels": True, "xticklabels": True},
    "pattern": {"use": True},
    "output": {"extension": "png", "dpi": 100},
    "legend": {"textsize": 6},
    "figsize": [5, 7],
}
CONFIGS = {"simplecell": lambda: recipe("simplecell"), "L5PC": lambda: recipe("L5PC"), "some": lambda: SOME}


def draw(config, folder, **given):
    with stand_in():
        theirs.currentscape(
            config=config, figures_dir=folder, metadata_str="emodel=L5PC", emodel="L5PC", **given
        )


@pytest.mark.parametrize("name", CONFIGS)
def test_its_configurations_are_drawn(name, responses, figures, tmp_path, caplog):
    config = CONFIGS[name]()
    before = copy.deepcopy(config)
    with caplog.at_level(logging.WARNING):
        draw(config, tmp_path, responses=responses)
    assert config == before and not caplog.records and theirs.plt.get_fignums() == []
    kind = ((config or {}).get("output") or {}).get("extension", "pdf")
    wanted = {f"emodel=L5PC__currentscape.{p}.soma.{kind}" for p in ("Step_200", "sAHP_220.0")}
    assert {path.name for path in tmp_path.iterdir()} == wanted
    assert all(path.stat().st_size > 5000 for path in tmp_path.iterdir())
    titles = [figure.get_suptitle() for figure in figures]
    given = (config or {}).get("title")
    assert titles == [given or "L5PC\nStep_200", given or "L5PC\nsAHP_220.0"]


@pytest.mark.parametrize("name", CONFIGS)
def test_each_area_is_the_share_of_its_current(name, responses, figures, tmp_path):
    draw(CONFIGS[name](), tmp_path, responses=responses)
    names = SOME["current"]["names"] if name == "some" else list(CURRENTS)
    shown = next(axes for axes in figures[0].axes if axes.get_ylabel() == "outward %")
    legend = {text.get_text() for text in shown.get_legend().get_texts()}
    assert legend == set(names)
    outward = {key: np.clip(CURRENTS[key], 0, None) for key in names}
    total = sum(outward.values())
    areas = {area.get_label(): area for area in shown.collections}
    for key, values in outward.items():
        if values.any():
            at = int(np.argmax(values))
            part = thickness(areas[f"{key} outward"], T[at])
            assert part == pytest.approx(values[at] / total[at], abs=0.02)


def test_recordings_in_files_are_drawn_too(responses, figures, tmp_path):
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    for key, response in responses.items():
        if response is not None:
            np.savetxt(recordings / f"{key}.dat", np.c_[response["time"], response["voltage"]])
    draw(recipe("L5PC"), tmp_path / "figures", output_dir=recordings)
    assert len(figures) == 2
    legend = {text.get_text() for text in figures[0].axes[2].get_legend().get_texts()}
    assert legend == set(CURRENTS)
    # The order of the files is that of the folder: each name is beside its own data all the same.
    inward = next(axes for axes in figures[0].axes if axes.get_ylabel() == "inward %")
    areas = {area.get_label(): area for area in inward.collections}
    at = int(np.argmin(CURRENTS["ica_Ca_HVA2"]))
    total = -sum(np.clip(values[at], None, 0) for values in CURRENTS.values())
    for key in ("ina_NaTg", "ica_Ca_HVA2"):
        part = thickness(areas[f"{key} inward"], T[at])
        assert part == pytest.approx(-CURRENTS[key][at] / total, abs=0.02)


def test_without_the_stand_in_it_says_that_there_is_none(responses, figures, tmp_path, caplog):
    try:
        metadata.distribution("currentscape")
    except metadata.PackageNotFoundError:
        theirs.currentscape(responses=responses, figures_dir=tmp_path)
        assert not figures and "Currentscape module not found" in caplog.text
    else:
        pytest.skip("the package currentscape is installed")

"""``neo-currentscape plot --config``: plain text and Neo's files, by Currentscape's configuration."""

from __future__ import annotations

import json
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq

from neo_currentscape.cli.main import main
from neo_currentscape.cli.text_files import read_text
from neo_currentscape.conventions.errors import FileError

T = 5 + 0.1 * np.arange(200)
VALUES = {
    "v": -60 + 20 * np.sin(T),
    "i_pas": 3 * np.sin(T / 2),
    "ina_NaTg": -20 * np.sin(T / 3) ** 2,
    "ik_SKv3_1": 10 * np.sin(T / 3) ** 2,
    "cai": 1e-4 * (1 + np.sin(T) ** 2),
}
UNITS = {"voltage": "mV", "current": "pA", "ion": "mM", "time": "ms"}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, values in VALUES.items():
        np.savetxt(tmp_path / f"{name}.dat", np.column_stack([T, values]), fmt="%.15g")
    config = {
        "current": {"names": ["pas", "NaTg", "SKv3_1"]},
        "ions": {"names": ["ca"]},
        "legendtextsize": 5,
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def run(folder, *arguments, names=VALUES, **options) -> int:
    files = [str(folder / f"{name}.dat") for name in names]
    return main(["plot", "--quiet", "--config", str(folder / "config.json"), *files, *arguments])


def test_two_columns_are_read_through_neo(folder):
    segment = read_text([str(folder / f"{name}.dat") for name in VALUES], UNITS, {})
    assert [s.name for s in segment.analogsignals] == list(VALUES)
    for signal in segment.analogsignals:
        assert np.allclose(signal.magnitude[:, 0], VALUES[signal.name], rtol=1e-12)
        assert np.allclose(signal.times.rescale("ms").magnitude, T)
    assert [s.annotations["role"] for s in segment.analogsignals] == ["voltage", *["current"] * 3, "ion"]


@pytest.mark.parametrize("delimiter", [" ", "\t", ","])
def test_blanks_tabs_commas_and_comments(tmp_path, delimiter):
    rows = (
        delimiter.join(["0", "1"])
        + "\n"
        + delimiter.join(["2", "3"])
        + "\n"
        + delimiter.join(["3", "5"])
        + "\n"
    )
    (tmp_path / "ina.txt").write_text("# time value\n" + rows)
    (signal,) = read_text([str(tmp_path / "ina.txt")], UNITS, {}).irregularlysampledsignals
    assert signal.times.magnitude.tolist() == [0, 2, 3]
    assert signal.magnitude[:, 0].tolist() == [1, 3, 5]


def test_the_figure_is_drawn_by_the_configuration(folder, monkeypatch, capsys):
    import neo_currentscape as ncs

    drawn = []
    original = ncs.plot
    monkeypatch.setattr(ncs, "plot", lambda *a: drawn.append((a, original(*a))) or drawn[-1][1])
    assert run(folder) == 0
    assert "wrote" in capsys.readouterr().out
    assert (folder / "v.png").read_bytes().startswith(b"\x89PNG")
    figure = drawn[0][1]
    texts = {text.get_text() for text in figure.axes[2].get_legend().get_texts()}
    assert texts == {"pas", "NaTg", "SKv3_1"}
    assert figure.axes[0].get_xlim() == pytest.approx((T[0], T[-1]))
    assert np.allclose(figure.axes[0].lines[0].get_ydata(), VALUES["v"])


def test_the_configuration_says_where_to_write(folder):
    config = json.loads((folder / "config.json").read_text())
    config["output"] = {"savefig": True, "dir": str(folder / "out"), "fname": "x", "extension": "pdf"}
    (folder / "config.json").write_text(json.dumps(config))
    assert run(folder) == 0
    assert (folder / "out" / "x.pdf").read_bytes().startswith(b"%PDF")
    assert run(folder, "--output", str(folder / "y.svg")) == 0
    assert (folder / "y.svg").exists() and not (folder / "v.png").exists()


def test_variables_may_be_named(folder):
    np.savetxt(folder / "pot.dat", np.column_stack([T, VALUES["v"]]))
    names = ["pot", "i_pas", "ina_NaTg", "ik_SKv3_1", "cai"]
    assert run(folder, "--voltage", "pot", names=names) == 0


def test_files_of_neo_are_drawn_too(folder):
    segment = neo.Segment()
    for name, unit in (
        ("v", "mV"),
        ("i_pas", "nA"),
        ("ina_NaTg", "nA"),
        ("ik_SKv3_1", "nA"),
        ("cai", "mM"),
    ):
        segment.analogsignals.append(
            neo.AnalogSignal(VALUES[name][:, None], units=unit, name=name, sampling_period=0.1 * pq.ms)
        )
    block = neo.Block()
    block.segments.append(segment)
    neo.io.PickleIO(str(folder / "run.pkl")).write_block(block)
    words = ["plot", "-q", "--config", str(folder / "config.json"), str(folder / "run.pkl")]
    assert main(words) == 2
    assert main([*words, "--trust-pickle"]) == 0
    assert (folder / "run.png").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--top", "2"], "--top cannot be used with --config"),
        (["--palette", "bright"], "write 'colormap.name' into the configuration"),
    ],
)
def test_options_that_the_configuration_governs_are_refused(folder, capsys, arguments, sentence):
    assert run(folder, *arguments) == 2
    assert sentence in capsys.readouterr().err


def test_mistakes_are_one_sentence(folder, capsys):
    assert run(folder, names=["v", "i_pas"]) == 2
    assert "'current.names' lists 3 names" in capsys.readouterr().err
    assert run(folder, names=["i_pas", "ina_NaTg", "ik_SKv3_1"]) == 2
    assert "No signal has the unit of a voltage" in capsys.readouterr().err
    assert run(folder, "--voltage", "none") == 2
    assert "holds no voltage" in capsys.readouterr().err
    assert main(["plot", "--config", "nowhere.json", str(folder / "v.dat")]) == 2
    assert "nowhere.json" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "1 2 3\n4 5 6\n", "a b\nc d\n", "0 1\n"])
def test_what_is_no_table_of_two_columns(tmp_path, text):
    (tmp_path / "x.dat").write_text(text)
    with pytest.raises(FileError, match="x.dat"):
        read_text([str(tmp_path / "x.dat")], UNITS, {})


@pytest.fixture
def rows_drawn(monkeypatch):
    """What `plot` was given: current by name of the configuration, and its first value."""
    import neo_currentscape as ncs
    from neo_currentscape.compat.config import read_config
    from neo_currentscape.compat.intake import take

    found, drawn = {}, ncs.plot([0, 1], [[1, 2]])

    def plot(voltage, currents, config, ions):
        taken = take(read_config(config), voltage, currents, ions).recording
        found.update(zip(taken.names, taken.currents.magnitude[0], strict=True))
        if taken.ions is not None:
            names = taken.ions.array_annotations["name"]
            found.update(zip(names, taken.ions.magnitude[0], strict=True))
        return drawn

    monkeypatch.setattr(ncs, "plot", plot)
    return found


@pytest.mark.parametrize("kind", ["text", "nix", "given"])
@pytest.mark.parametrize("seed", range(6))
def test_names_stay_on_their_data(tmp_path, kind, seed, rows_drawn):
    """Alphabetical, reversed and shuffled orders of files, of the signals of a file, of options."""
    random = np.random.default_rng(seed)
    values = {"ina": 5.0, "ik": 3.0, "ih": 2.0, "zi": 7.0, "cai": 1.0, "nai": 4.0}
    shuffled = random.permutation(list(values)).tolist()
    names = {0: sorted(values), 1: sorted(values)[::-1]}.get(seed, shuffled)
    currents, ions = ([n for n in names if n.endswith("ai") == is_ion] for is_ion in (False, True))
    files = ["v", *names]
    for name in files:
        np.savetxt(tmp_path / f"{name}.dat", np.column_stack([T, values.get(name, -60) + 0 * T]))
    config = {
        "current": {"names": [f"<{name}>" for name in currents], "units": "[pA]"},
        "ions": {"names": [f"<{name}>" for name in ions], "units": "[mM]"},
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    paths = [str(tmp_path / f"{name}.dat") for name in files]
    extra = []
    if kind == "given":
        extra = ["--currents", *currents, "--ions", *ions]
        paths = [str(tmp_path / f"{name}.dat") for name in ["v", *values]]
    if kind == "nix":
        pytest.importorskip("nixio")
        block = neo.Block()
        block.segments.append(read_text(paths, UNITS, {}))
        paths = [str(tmp_path / "all.nix")]
        with neo.io.NixIO(paths[0], "ow") as io:
            io.write_block(block)
    options = ["-o", str(tmp_path / "out.png"), "--config", str(tmp_path / "config.json")]
    assert main(["plot", "--quiet", *options, *paths, *extra]) == 0
    assert rows_drawn == {f"<{name}>": value for name, value in values.items()}

"""The command: what it prints, what it writes, and how it fails."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import neo
import numpy as np
import pytest
import quantities as pq
from PIL import Image

import neo_currentscape as ncs
from neo_currentscape import CurrentscapeWarning
from neo_currentscape.cli.main import main
from neo_currentscape.cli.selection import quantity
from neo_currentscape.conventions.errors import UnitsError
from neo_currentscape.recording.lazy import nix, rows
from neo_currentscape.recording.lazy import progress as reading

pytest.importorskip("nixio")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    pytest.importorskip("scipy")
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--seconds", "0.5", "--output", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def pickled(tmp_path) -> Path:
    """Two segments of a PyNN-like recording of neurons 3 and 1."""
    block = neo.Block()
    for scale in (1, 2):
        segment = neo.Segment()
        for name, unit in (("v", "mV"), ("ina", "nA"), ("ik", "nA"), ("stim.i", "nA")):
            values = scale * np.random.default_rng(1).standard_normal((50, 2))
            segment.analogsignals.append(
                neo.AnalogSignal(
                    values,
                    units=unit,
                    sampling_period=0.1 * pq.ms,
                    name=name,
                    array_annotations={"channel_index": [3, 1]},
                )
            )
        block.segments.append(segment)
    path = tmp_path / "run.nix"
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return path


def test_demo_writes_recording_and_picture(demo, capsys):
    block = neo.io.NixIO(str(demo / "stg.nix"), mode="ro").read_block()
    names = {signal.name for signal in block.segments[0].analogsignals}
    assert {"v", "Na", "CaT", "CaS", "A", "KCa", "Kd", "H", "L", "[Ca]", "I_app"} <= names
    assert (demo / "currentscape.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_demo_prints_the_ranking(tmp_path, capsys):
    pytest.importorskip("scipy")
    assert main(["demo", "--seconds", "0.3", "--output", str(tmp_path), "--quiet"]) == 0
    out = capsys.readouterr().out
    ranks = [line.split() for line in out.splitlines() if line.strip()[:1].isdigit()]
    assert [int(row[0]) for row in ranks] == list(range(1, 9))
    shares = [float(row[-2].rstrip("%")) for row in ranks]
    assert sum(shares) == pytest.approx(100, abs=0.5)


def test_demo_twice_replaces_its_recording(demo):
    assert main(["demo", "--seconds", "0.2", "--output", str(demo), "--quiet"]) == 0
    reader = neo.io.NixIO(str(demo / "stg.nix"), mode="ro")
    assert len(reader.read_all_blocks()) == 1


def test_info_lists_every_signal_of_every_segment(pickled, capsys):
    assert main(["info", str(pickled)]) == 0
    out = capsys.readouterr().out
    assert "segment 0" in out and "segment 1" in out
    rows = [line.split() for line in out.splitlines()]
    roles = {row[0]: row[5] for row in rows if row and row[0] in ("v", "ina", "ik", "stim.i")}
    assert roles == {"v": "voltage", "ina": "current", "ik": "current", "stim.i": "electrode"}
    assert "assumed, as nothing is annotated" in out
    assert "1,3" in out


def positive_in(out):
    rows = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines()]
    return {row[0]: (row[6], row[7]) for row in rows if row[0] in ("ina", "ik", "stim.i")}


def test_info_counts_the_sign_without_a_balance(pickled, capsys):
    assert main(["info", str(pickled), "--sign", "ina=inward"]) == 0
    found = positive_in(capsys.readouterr().out)
    assert found["ina"][0] == "inward" and found["ina"][1].endswith("direction by --sign")
    assert found["ik"][0] == "outward" and "assumed" in found["ik"][1]
    assert main(["info", str(pickled), "--sign", "inward"]) == 0
    found = {name: direction for name, (direction, _) in positive_in(capsys.readouterr().out).items()}
    assert found == {"ina": "inward", "ik": "inward", "stim.i": "inward"}
    assert main(["info", str(pickled), "--sign", "inaa=inward"]) == 2
    assert "did you mean 'ina'" in capsys.readouterr().err


def test_info_says_where_the_sign_goes_before_an_annotation(demo, capsys):
    assert main(["info", str(demo / "stg.nix"), "--sign", "Kd=inward"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == ["Kd"])
    assert row.endswith("direction by --sign, though annotated outward")


def test_info_of_one_segment(pickled, capsys):
    assert main(["info", str(pickled), "--segment", "1"]) == 0
    out = capsys.readouterr().out
    assert "segment 1" in out and "segment 0" not in out


@pytest.mark.parametrize("option", ["--neuron=1", "--area=10 um**2", "--nan=gap", "--currents=ina"])
def test_info_refuses_what_would_change_nothing(pickled, capsys, option):
    assert main(["info", str(pickled), option]) == 2
    name = option.split("=")[0]
    assert f"add --balance, or leave {name} out" in capsys.readouterr().err


def test_a_warning_is_one_line(demo):
    command = [sys.executable, "-m", "neo_currentscape", "info", str(demo / "stg.nix")]
    done = subprocess.run([*command, "--balance", "--sign", "Kd=inward"], capture_output=True, text=True)
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("neo-currentscape: --sign says 'inward' of 'Kd'")


def test_info_judges_the_balance(demo, capsys):
    assert main(["info", str(demo / "stg.nix"), "--balance"]) == 0
    assert "Balance: complete" in capsys.readouterr().out


def test_info_names_an_inverted_sign(demo, capsys):
    with pytest.warns(CurrentscapeWarning, match="sign= says 'inward' of 'Kd', which is annotated"):
        assert main(["info", str(demo / "stg.nix"), "--balance", "--sign", "Kd=inward"]) == 0
    verdict = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("Balance"))
    assert "sign" in verdict and "Kd" in verdict


def test_info_says_what_a_balance_lacks(pickled, capsys):
    assert main(["info", str(pickled), "--balance", "--segment", "0"]) == 0
    out = capsys.readouterr().out
    assert out.count("Balance: not judged") == 2  # neurons 1 and 3
    assert "capacitance" in out


def test_plot_chooses_and_writes(pickled, capsys):
    output = pickled.parent / "scape.pdf"
    arguments = ["plot", str(pickled), "--segment", "1", "--neuron", "3", "--currents", "Na=ina", "K=ik"]
    assert main([*arguments, "--panels", "all", "--size", "column", "-o", str(output)]) == 0
    assert output.read_bytes()[:5] == b"%PDF-"
    assert f"wrote {output}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("panels", "shown"),
    [
        ([], ["voltage", "outward", "shares", "inward", "currents"]),
        (["--panels", "shares"], ["shares", "currents"]),
        (["--panels", "currents", "shares"], ["currents", "shares"]),
        (["--panels", "all"], None),
    ],
)
def test_plot_on_a_scale_shows_the_currents_too(pickled, monkeypatch, panels, shown):
    drawn = []
    plot = ncs.Currentscape.plot

    def spy(scape, **options):
        drawn.append(plot(scape, **options))
        return drawn[-1]

    monkeypatch.setattr(ncs.Currentscape, "plot", spy)
    arguments = ["plot", str(pickled), "--segment", "1", "--neuron", "3", "--scale", "symlog", *panels]
    assert main([*arguments, "-o", str(pickled.parent / "scaled.png"), "--dpi", "50"]) == 0
    (figure,) = drawn
    kinds = {"currents": "CurrentsPanel", "shares": "SharesPanel", "voltage": "VoltagePanel"}
    made = [type(panel).__name__ for panel in figure.panels]
    if shown is not None:
        assert made == [kinds.get(name, "TotalPanel") for name in shown]
    assert figure.axes[made.index("CurrentsPanel")].get_yscale() == "symlog"


def test_plot_refuses_an_unknown_scale(pickled, capsys):
    with pytest.raises(SystemExit):
        main(["plot", str(pickled), "--scale", "log"])
    assert "there is no --scale 'log': did you mean symlog?" in capsys.readouterr().err


def test_plot_takes_a_size_in_words(pickled):
    from matplotlib.image import imread

    output = pickled.parent / "sized.png"
    arguments = ["plot", str(pickled), "--segment", "1", "--neuron", "3", "-o", str(output), "--dpi", "100"]
    for size, pixels in (("3.5x4in", (400, 350)), ("127x101.6mm", (400, 500))):
        assert main([*arguments, "--size", size]) == 0
        assert imread(output).shape[:2] == pixels
    assert main([*arguments, "--size", "127mm"]) == 0
    assert imread(output).shape[1] == 500


def test_plot_writes_beside_the_file_where_nothing_is_said(pickled):
    assert main(["plot", str(pickled), "--segment", "0", "--neuron", "1", "--t-stop", "3 ms"]) == 0
    assert pickled.with_suffix(".png").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--neuron", "3"], "holds 2 segments and none was chosen"),
        (["--segment", "7"], "there is no segment 7"),
        (["--segment", "0"], "hold 2 neurons (1, 3)"),
        (["--segment", "0", "--neuron", "2"], "not neuron 2"),
        (["--segment", "0", "--neuron", "3", "--currents", "ikk"], "did you mean 'ik'"),
        (["--segment", "0", "--neuron", "3", "--order", "size"], "order 'size'"),
        (["--segment", "0", "--neuron", "3", "--t-start", "1"], "is not a number with a unit"),
        (["--segment", "0", "--neuron", "3", "--units", "ik"], "write NAME=VALUE"),
        (["--segment", "0", "--neuron", "3", "--palette", "mutd"], "did you mean 'muted'"),
    ],
)
def test_bad_input_is_one_sentence_and_no_figure(pickled, capsys, arguments, sentence):
    assert main(["plot", str(pickled), *arguments]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert len(captured.err.strip().splitlines()) == 1
    assert not pickled.with_suffix(".png").exists()


def test_files_that_neo_cannot_read(tmp_path, capsys):
    cut = tmp_path / "cut.nix"
    cut.write_bytes(b"no HDF5 at all")
    unknown = tmp_path / "notes.docx"
    unknown.write_text("hello")
    assert main(["plot", str(cut)]) == 2
    assert "could not be read" in capsys.readouterr().err
    assert main(["info", str(unknown)]) == 2
    assert "Neo has no reader" in capsys.readouterr().err


def test_python_m_is_the_same_command():
    ran = subprocess.run(
        [sys.executable, "-m", "neo_currentscape", "--version"], capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith("neo-currentscape ")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-o", "a.xyz"], "ends in no format"),
        (["--dpi", "0"], "--dpi 0.0 is no resolution"),
        (["-o", "/no/such/folder/a.png"], "There is no folder"),
        (["--area", "5"], "write e.g. '1000 um**2'"),
    ],
)
def test_what_cannot_be_written_is_said(demo, capsys, arguments, sentence, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["plot", str(demo / "stg.nix"), *arguments]) == 2
    error = capsys.readouterr().err
    assert sentence in error and "Traceback" not in error


class TestLazyFiles:
    """Commands that need only the reduction leave the signals in the file."""

    @pytest.fixture
    def stored(self, tmp_path, monkeypatch):
        monkeypatch.setattr(rows, "CHUNK_BYTES", 1 << 17)
        time = np.arange(40_000)[:, None] * 0.1
        values = np.hstack([3 + np.sin(time / 70), -3 + np.cos(time / 41), -60 + 5 * np.sin(time / 90)])
        block, segment = neo.Block(), neo.Segment()
        block.segments.append(segment)
        for k, (name, unit) in enumerate((("K", "nA"), ("Na", "nA"), ("v", "mV"))):
            signal = neo.AnalogSignal(values[:, [k]], units=unit, sampling_period=0.1 * pq.ms, name=name)
            segment.analogsignals.append(signal)
        io = neo.io.NixIO(str(tmp_path / "run.nix"), "ow")
        io.write_block(block)
        io.close()
        return tmp_path / "run.nix"

    @pytest.fixture
    def asked(self, monkeypatch):
        """The largest number of samples that was read at once from any signal."""
        found = []
        read = nix._slice

        def slice_(array, first, last, name):
            found.append(last - first)
            return read(array, first, last, name)

        monkeypatch.setattr(nix, "_slice", slice_)
        return found

    def test_plot_reads_in_chunks_and_draws_the_same(self, stored, asked, tmp_path):
        lazy = tmp_path / "lazy.png"
        assert main(["plot", str(stored), "-o", str(lazy), "--panels", "all"]) == 0
        assert asked
        assert max(asked) <= (1 << 17) // 8 // 2
        reader = neo.io.NixIO(str(stored), "ro")
        segment = reader.read_block().segments[0]
        reader.close()
        eager = tmp_path / "eager.png"
        ncs.Currentscape.from_segment(segment).plot(panels="all").save(eager)
        pictures = [np.asarray(Image.open(path).convert("RGB"), dtype=float) for path in (lazy, eager)]
        assert np.abs(pictures[0] - pictures[1]).max() <= 1

    def test_info_reads_no_values(self, stored, asked, capsys):
        assert main(["info", str(stored)]) == 0
        assert "40000" in capsys.readouterr().out
        assert asked == []

    def test_a_window_reads_only_that(self, stored, asked, tmp_path):
        window = ["--t-start", "100 ms", "--t-stop", "200 ms"]
        assert main(["plot", str(stored), "-o", str(tmp_path / "a.png"), *window]) == 0
        assert sum(asked) < 3 * 40_000 / 2

    @pytest.mark.parametrize(("options", "wanted"), [([], True), (["--quiet"], False)])
    def test_bars_on_a_terminal_only_and_not_where_quiet(
        self, stored, monkeypatch, options, wanted, capsys
    ):
        pytest.importorskip("tqdm")
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(reading, "DELAY", 0)
        assert main(["plot", str(stored), *options]) == 0
        assert ("samples/s" in capsys.readouterr().err) is wanted
        assert reading.SHOW is None


@pytest.mark.parametrize("text", ["1" * 100_000 + " ms", "1 " + "m" * 100_000, "5 9**9**9", "5 (ms" * 40])
def test_numbers_with_units_are_bounded(text, capsys):
    begin = time.perf_counter()
    assert main(["plot", "no-such.nix", "--area", text]) == 2
    assert main(["protocol", "clamp", "no-such.nix", "--onset", text]) == 2
    assert time.perf_counter() - begin < 2
    with pytest.raises(UnitsError):
        quantity(text, "--area")
    assert time.perf_counter() - begin < 2 and len(capsys.readouterr().err) < 1000


@pytest.mark.parametrize("unit", ["9**9**9", "(" * 90 + "9**99" + ")" * 90, "n" * 100_000, "'a'*9**9"])
def test_a_unit_that_is_none_ends_at_once(unit, pickled, capsys):
    begin = time.perf_counter()
    assert main(["info", str(pickled), "--units", f"ina={unit}"]) == 2
    assert time.perf_counter() - begin < 10
    said = capsys.readouterr().err
    assert "Unit " in said and len(said) < 400

"""Where commands write: whole or not at all, to standard output, into folders; and names that cannot be."""

import csv
import io
import json
import os
import subprocess
import sys

import neo
import numpy as np
import pytest
import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.cli.main import main
from neo_currentscape.conventions.errors import ArgumentError, FileError

PNG = b"\x89PNG\r\n\x1a\n"


def recording(seed=1, n=60):
    segment = neo.Segment()
    rng = np.random.default_rng(seed)
    for name, unit in (("v", "mV"), ("ina", "nA"), ("ikd", "nA")):
        segment.analogsignals.append(
            neo.AnalogSignal(
                rng.standard_normal((n, 1)), units=unit, name=name, sampling_period=0.2 * pq.ms
            )
        )
    return segment


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A file of three segments with a step each."""
    block = neo.Block()
    for k in range(3):
        segment = recording(k)
        segment.annotate(dose=float(k))
        block.segments.append(segment)
    path = tmp_path_factory.mktemp("made") / "run.nix"
    writer = neo.io.NixIO(str(path), mode="ow")
    writer.write_block(block)
    writer.close()
    return path


@pytest.fixture
def run_nix(made, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.nix").write_bytes(made.read_bytes())
    return "run.nix"


@pytest.fixture(autouse=True)
def no_figures_left():
    """`ncs.plot` hands its figures over to pyplot."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def names(folder):
    return sorted(path.name for path in folder.iterdir())


PLOT = ["plot", "run.nix", "--segment", "0", "--dpi", "30", "-q"]
SWEEP = ["sweep", "run.nix", "--by", "dose", "--dpi", "30", "-q"]


@pytest.mark.parametrize("words", [PLOT, SWEEP])
def test_a_picture_goes_to_standard_output_and_words_elsewhere(words, run_nix, capfdbinary):
    assert main([*words, "-o", "-"]) == 0
    out, err = capfdbinary.readouterr()
    assert out.startswith(PNG) and out.endswith(b"IEND\xaeB`\x82")
    assert b"wrote standard output" in err
    assert not os.path.exists("-")


def test_a_table_goes_to_standard_output(run_nix, tmp_path, capfdbinary):
    pytest.importorskip("pandas")
    assert main([*SWEEP, "-o", "s.png", "--table", "-"]) == 0
    out, err = capfdbinary.readouterr()
    rows = list(csv.reader(io.StringIO(out.decode())))
    assert rows[0][:2] == ["dose", "current"] and len(rows) == 7
    assert b"wrote s.png" in err and names(tmp_path) == ["run.nix", "s.png"]


def test_only_what_goes_to_a_terminal_is_refused(run_nix, tmp_path, monkeypatch, capsys):
    """A terminal shows what is said, while the picture goes into a file."""
    wanted = ["plot", "run.nix", "--segment", "0", "--dpi", "30", "-q", "-o", "-"]
    with open("a.png", "w+b") as file, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(file, write_through=True))
        patch.setattr(sys.stderr, "isatty", lambda: True)
        assert main(wanted) == 0
        file.seek(0)
        assert file.read().startswith(PNG)
        sys.stdout.detach()
    with monkeypatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        assert main(wanted) == 2
    out, err = capsys.readouterr()
    assert not out and "which is a terminal" in err
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert main(wanted) == 2
    assert "which is closed: name a file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, said",
    [
        (["-o", "x.doc"], "ends in no format that can be written"),
        (["-o", "x.nix"], "ends in no format"),
        (["-o", "none/x.png"], "There is no folder"),
        (["-o", "none/"], "There is no folder"),
        (["-o", "run.nix/x.png"], "There is no folder"),
        (["-o", ""], "is a folder|is empty|no format"),
        (["--table", "none/x.csv"], "There is no folder"),
        (["--table", "folder"], "is a folder"),
        (["--table", "run.nix"], "'run.nix' is a file that is read"),
        (["--table", "link.nix"], "'link.nix' is a file that is read"),
        (["-o", "a.png", "--table", "./a.png"], "is what --output names as well"),
        (["-o", "-", "--table", "-"], "cannot both go to standard output"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_is_read(
    words, said, run_nix, tmp_path, capsys, monkeypatch
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.nix").symlink_to("run.nix")
    monkeypatch.setattr(
        "neo_currentscape.cli.experiments.read_blocks", lambda *_: pytest.fail("it was read")
    )
    before = (tmp_path / "run.nix").read_bytes()
    assert main([*SWEEP, *words]) == 2
    err = capsys.readouterr().err
    import re

    assert re.search(said, err) and len(err.splitlines()) == 1
    assert (tmp_path / "run.nix").read_bytes() == before
    assert names(tmp_path) == ["folder", "link.nix", "run.nix"]


@pytest.mark.parametrize(
    "output, there", [("x", "x.png"), ("x.", "x.png"), ("x.PNG", "x.PNG"), ("é ä", "é ä.png")]
)
@pytest.mark.parametrize("words", [PLOT, SWEEP])
def test_the_name_that_is_told_is_there(words, output, there, run_nix, tmp_path, capsys):
    assert main([*words, "-o", output]) == 0
    assert f"wrote {there}\n" in capsys.readouterr().out
    assert (tmp_path / there).read_bytes().startswith(PNG) and len(names(tmp_path)) == 2


@pytest.mark.skipif(os.name == "nt", reason="devices and pipes of POSIX")
@pytest.mark.parametrize("words", [PLOT, SWEEP])
def test_what_is_no_file_keeps_its_name(words, run_nix, tmp_path, capsys):
    assert main([*words, "-o", os.devnull]) == 0
    assert f"wrote {os.devnull}\n" in capsys.readouterr().out
    assert not os.path.exists(f"{os.devnull}.png")
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert main([*words, "-o", "pipe"]) == 0
        assert os.read(reader, 8) == PNG
    finally:
        os.close(reader)
    assert names(tmp_path) == ["pipe", "run.nix"]


@pytest.mark.parametrize("words, name", [(PLOT, "run.png"), (SWEEP, "run.nix.sweep.png")])
def test_a_folder_gets_the_picture(words, name, run_nix, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    for output in ("out", "out/"):
        assert main([*words, "-o", output]) == 0
        assert f"wrote out/{name}\n" in capsys.readouterr().out
    assert names(tmp_path / "out") == [name] and names(tmp_path) == ["out", "run.nix"]


def test_two_files_never_share_a_picture(run_nix, tmp_path, capsys):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "run.nix").write_bytes((tmp_path / "run.nix").read_bytes())
    (tmp_path / "out").mkdir()
    assert main(["plot", "a/run.nix", "b/run.nix", "--segment", "0", "-o", "out", "-q"]) == 2
    assert "would both be drawn in 'out/run.png'" in capsys.readouterr().err
    assert names(tmp_path / "out") == []


def test_an_archive_is_called_by_its_name(run_nix, tmp_path, capsys):
    assert main(["perturb", "run.nix", "--by", "dose", "--dpi", "30", "-q", "--save", "kept"]) == 0
    assert "wrote kept.npz\n" in capsys.readouterr().out
    assert ncs.Perturbation.load(tmp_path / "kept.npz").values.magnitude.tolist() == [0, 1, 2]


def test_a_demo_is_written_into_a_folder(run_nix, capsys):
    assert main(["demo", "-q", "--seconds", "0.1", "-o", "run.nix"]) == 2
    assert "'run.nix' is a file, and two are written: name a folder" in capsys.readouterr().err


def command(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "neo_currentscape", *words], stderr=subprocess.PIPE, **options
    )


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize("words", [["info", "run.nix"], ["--help"], ["info", "--help"], [*PLOT, "-o", "-"]])
def test_nobody_reads_on(words, run_nix):
    reader, writer = os.pipe()
    os.close(reader)
    process = command(*words, stdout=writer)
    os.close(writer)
    err = process.communicate(timeout=120)[1]
    assert process.returncode == 141
    assert b"Broken pipe" not in err and b"Error" not in err and b"Exception" not in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
@pytest.mark.parametrize("words", [["info", "run.nix"], [*PLOT, "-o", "-"], [*PLOT, "-o", "/dev/full"]])
def test_standard_output_on_a_full_disk(words, run_nix):
    with open("/dev/full", "wb") as full:
        process = command(*words, stdout=full)
        err = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 2
    assert "No space left on device" in err and "Traceback" not in err and "Exception" not in err


def limited():
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize(
    "words, left",
    [
        ([*PLOT, "-o", "old.png"], "old.png"),
        ([*PLOT, "-o", "old.svg"], "old.svg"),
        ([*PLOT, "-o", "old.pdf"], "old.pdf"),
        ([*SWEEP, "-o", "old.png"], "old.png"),
        (["protocol", "fi", "run.nix", "-o", "old.png"], None),
        (["demo", "--seconds", "0.2", "-o", ".", "-q"], "stg.nix"),
    ],
)
def test_a_save_that_fails_keeps_the_old_file(words, left, run_nix, tmp_path):
    if left is None:
        pytest.skip("no steps in this file")
    (tmp_path / left).write_text("old")
    process = command(*words, stdout=subprocess.PIPE, preexec_fn=limited)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2
    assert b"File too large" in err or b"could not be written" in err
    assert b"Traceback" not in err
    assert (tmp_path / left).read_text() == "old" and names(tmp_path) == sorted([left, "run.nix"])


def scape():
    return ncs.Currentscape.from_segment(recording())


@pytest.mark.parametrize("kind", ["png", "svg", "svgz", "pdf", "ps", "eps", "jpg", "tiff", "webp"])
def test_every_format_is_written_whole(kind, tmp_path):
    figure = scape().plot()
    figure.save(tmp_path / f"a.{kind}", dpi=40)
    assert (tmp_path / f"a.{kind}").stat().st_size > 1000 and names(tmp_path) == [f"a.{kind}"]


def failing(*_, **__):
    raise RuntimeError("in the middle")


@pytest.mark.parametrize("drawn", ["scape", "plot", "on"])
def test_a_figure_that_fails_keeps_the_old_one(drawn, tmp_path):
    from matplotlib.figure import Figure

    path = tmp_path / "a.png"
    path.write_text("old")
    if drawn == "plot":
        save = ncs.plot([0.0, 1.0, 0.5], [[1.0, 2.0, 1.0], [-1.0, -2.0, -1.0]]).savefig
        target = save.__self__
    else:
        on = {"on": Figure()} if drawn == "on" else {}
        figure = ncs.Figure(ncs.SharesPanel(scape()), **on)
        save, target = figure.save, figure.fig
    target.axes[0].draw = failing
    with pytest.raises(RuntimeError, match="in the middle"):
        save(path)
    with pytest.raises(RuntimeError, match="in the middle"):
        save(tmp_path / "b.pdf")
    assert path.read_text() == "old" and names(tmp_path) == ["a.png"]


class Failing(io.BytesIO):
    def write(self, content):
        raise OSError(28, "No space left on device")


def test_a_file_object_that_fails_is_told_as_it_is():
    with pytest.raises(OSError, match="No space left"):
        scape().plot().save(Failing(), dpi=30)
    scape().plot().save(io.BytesIO(), dpi=30)


def config(folder, **output):
    path = folder / "config.json"
    path.write_text(json.dumps({"output": {"savefig": True, "extension": "png", "dpi": 30, **output}}))
    return str(path)


NUMBERS = ([0.0, 1.0, 0.5], [[1.0, 2.0, 1.0], [-1.0, -2.0, -1.0]])


@pytest.mark.parametrize(
    "fname", ["../out", "a/../../out", "{tmp}/out", "./../figures/../out", "link/out", "there"]
)
def test_a_configuration_stays_in_its_folder(fname, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "figures"
    (folder / "a").mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path)
    (folder / "there.png").symlink_to(tmp_path / "out.png")
    given = config(tmp_path, dir=str(folder), fname=fname.format(tmp=tmp_path))
    with pytest.raises(ArgumentError, match="leads out of its folder"):
        ncs.plot(*NUMBERS, given)
    monkeypatch.chdir(tmp_path)
    np.savetxt("v.dat", np.c_[np.arange(3.0), NUMBERS[0]])
    np.savetxt("ina.dat", np.c_[np.arange(3.0), NUMBERS[1][0]])
    assert main(["plot", "-q", "--config", given, "v.dat", "ina.dat"]) == 2
    assert "leads out of its folder" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()
    assert main(["plot", "-q", "--config", given, "v.dat", "ina.dat", "-o", "out.png"]) == 0
    assert (tmp_path / "out.png").exists()


@pytest.mark.parametrize("fname", ["fig", "a/fig", "..fig", "a/../fig"])
def test_a_name_inside_is_one(fname, tmp_path):
    (tmp_path / "figures" / "a").mkdir(parents=True)
    ncs.plot(*NUMBERS, config(tmp_path, dir=str(tmp_path / "figures"), fname=fname))
    assert (tmp_path / "figures" / f"{fname}.png").exists()


def test_the_call_itself_may_say_any_path(tmp_path):
    (tmp_path / "figures").mkdir()
    told = {"savefig": True, "extension": "png", "dir": str(tmp_path / "figures"), "fname": "../out"}
    ncs.plot(*NUMBERS, {"output": told})
    assert (tmp_path / "out.png").exists()


def test_a_missing_folder_is_one_error_for_all_writers(tmp_path):
    network = pytest.importorskip("neo_currentscape.network")
    net = network.Network(["E"], [0, 0], [0, 1], [0], [1])
    for write in (network.table(net, "total").to_csv, lambda path: network.incoming_csv(net, path)):
        with pytest.raises(FileError, match="There is no folder"):
            write(tmp_path / "none" / "a.csv")

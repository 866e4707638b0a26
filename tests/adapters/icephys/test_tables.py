"""Tables in plain text: delimiters, decimal signs, headers, units, and files that are none."""

import numpy as np
import pytest

from neo_currentscape.adapters import icephys
from neo_currentscape.adapters.icephys.table_layout import layout_of, name_and_unit
from neo_currentscape.conventions.errors import CurrentscapeWarning, FileError

pytest.importorskip("pandas")

ROWS = [(0.25 * k, -61.5 + k, -3.25, 1e-3 * k) for k in range(40)]


def text(head, sep, columns=4, comma=False, tail=""):
    lines = [sep.join(f"{value:g}" for value in row[:columns]) + tail for row in ROWS]
    body = "\n".join(lines)
    return (head + "\n" if head else "") + (body.replace(".", ",") if comma else body) + "\n"


@pytest.fixture
def read(tmp_path):
    def of(content, name="t.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return icephys.read(path)

    return of


def told(block):
    segment = block.segments[0]
    signals = [*segment.analogsignals, *segment.irregularlysampledsignals]
    return [(s.name, s.dimensionality.string, round(float(s.magnitude[2, 0]), 6)) for s in signals]


THREE = [("V_m", "mV", -59.5), ("I_Na", "pA", -3.25)]


@pytest.mark.parametrize(
    ("content", "name", "encoding"),
    [
        (text("time (ms),V_m (mV),I_Na (pA)", ",", 3), "a.csv", "utf-8"),
        (text("time [ms];V_m [mV];I_Na [pA]", ";", 3, comma=True), "a.csv", "utf-8"),
        (text("t_ms\tV_m_mV\tI_Na_pA", "\t", 3), "a.tsv", "utf-8"),
        (text("time/ms\tV_m/mV\tI_Na/pA", "\t", 3, comma=True), "a.txt", "utf-8"),
        (text("# time (ms)  V_m (mV)  I_Na (pA)", " ", 3), "a.dat", "utf-8"),
        (text("time,V_m,I_Na\nms,mV,pA", ",", 3), "a.csv", "utf-8-sig"),
        (text('"time (ms)","V_m (mV)","I_Na (pA)"', ",", 3), "a.csv", "utf-16"),
        ("made by a rig\r\n\r\n" + text("time (ms),V_m (mV),I_Na (pA)", ",", 3), "a.csv", "utf-8"),
        (text("time (ms)  V_m (mV)  I_Na (pA)", "   ", 3, comma=True), "a.txt", "latin-1"),
    ],
)
def test_layouts(read, content, name, encoding):
    block = read(content, name, encoding)
    assert told(block) == THREE
    assert float(block.segments[0].analogsignals[0].sampling_period.rescale("ms")) == pytest.approx(0.25)


def test_units_of_other_sizes(read):
    block = read(text("time (s),Vm (µV),I (µA),g (nS)", ","), encoding="latin-1")
    assert [unit for _, unit, _ in told(block)] == ["uV", "uA", "nS"]
    assert float(block.segments[0].analogsignals[0].sampling_period.rescale("ms")) == pytest.approx(250)


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("I_A", ("I_A", "")),
        ("I_Na (pA/pF)", ("I_Na", "pA/pF")),
        ("ca [mM]", ("ca", "mM")),
        ("soma(0.5)", ("soma(0.5)", "")),
        ("Trace #1 (pA)", ("Trace #1", "pA")),
        ("gate (open)", ("gate (open)", "")),
        ("v_s", ("v_s", "")),
    ],
)
def test_titles(title, parts):
    assert name_and_unit(title) == parts


def test_units_that_are_not_written_are_guessed_with_a_sentence(read):
    with pytest.warns(CurrentscapeWarning) as given:
        block = read(text('"engine.time","membrane.V","ina.INa"', ",", 3))
    sentences = [str(one.message) for one in given]
    assert "taken to be in ms, as their step is 0.25" in sentences[0]
    assert "'membrane.V' in 't.csv' has no unit and is taken to be in mV" in sentences[1]
    assert told(block) == [("membrane.V", "mV", -59.5), ("ina.INa", "dimensionless", -3.25)]


def test_columns_without_a_header_that_end_with_a_tab(read):
    lines = "".join(f"{1e-5 * k:g}\t{-0.065 + 1e-4 * k:g}\t\n" for k in range(50))
    with pytest.warns(CurrentscapeWarning, match="taken to be in s, as their step is 1e-05"):
        block = read(lines, "hh.dat")
    assert told(block) == [("column 1", "dimensionless", -0.0648)]
    assert float(block.segments[0].analogsignals[0].sampling_period.rescale("ms")) == pytest.approx(0.01)


def test_sweeps_of_an_atf_file(read):
    head = [
        "ATF\t1.0",
        "3\t5",
        '"AcquisitionMode=Episodic Stimulation"',
        '"SweepStartTimesMS=0.000,1500.000"',
        '"Signals="\t"IN 0"\t"Cmd 0"\t"IN 0"\t"Cmd 0"',
        '"Time (s)"\t"Trace #1 (mV)"\t"Trace #1 (pA)"\t"Trace #2 (mV)"\t"Trace #2 (pA)"',
    ]
    rows = [f"{1e-4 * k:.4f}\t{-60 + k}\t{k}\t{-50 + k}\t{2 * k}" for k in range(30)]
    block = read("\r\n".join([*head, *rows]), "a.atf")
    assert [float(segment.annotations["sweep_start"]) for segment in block.segments] == [0, 1.5]
    names = [[s.name for s in segment.analogsignals] for segment in block.segments]
    assert names == [["IN 0", "Cmd 0"]] * 2
    assert float(block.segments[1].analogsignals[0].magnitude[3, 0]) == -47


def test_an_empty_cell_is_nan(read):
    content = text("time (ms),V_m (mV),I_Na (pA)", ",", 3).replace("0.5,-59.5,-3.25", "0.5,-59.5,")
    block = read(content)
    assert np.isnan(block.segments[0].analogsignals[1].magnitude[2, 0])


@pytest.mark.parametrize("whole", [10, 400])
def test_a_decimal_comma_may_come_after_many_whole_numbers(read, whole):
    rows = [f"{k};-60;0" for k in range(whole)]
    rows += [f"{whole + k};-{60 + k}{',5' * (k > 0)};3" for k in range(9)]
    voltage = read("time (ms);V (mV);I (pA)\n" + "\n".join(rows) + "\n").segments[0].analogsignals[0]
    assert voltage.magnitude[-1, 0] == -68.5 and voltage.magnitude[whole, 0] == -60


def test_a_header_of_units_alone(read):
    assert told(read(text("ms;mV;pA", ";", 3, comma=True))) == [
        ("column 1", "mV", -59.5),
        ("column 2", "pA", -3.25),
    ]


@pytest.mark.parametrize("name", ["sample", "Index", "sample no."])
def test_counts_of_samples_are_no_times(read, name):
    with pytest.raises(FileError, match="counts samples, and does not say how far they are apart"):
        read(text(f"{name},V (mV),I (pA)", ",", 3))
    beside = read("\n".join([f"{name},time (ms),V (mV)", *(f"{k},{0.5 * k},-60" for k in range(9))]))
    assert float(beside.segments[0].analogsignals[0].sampling_period.rescale("ms")) == 0.5


def test_uneven_times_stay_uneven(read):
    block = read("time (ms),V (mV)\n" + "".join(f"{k**1.5},{k}\n" for k in range(20)))
    assert len(block.segments[0].irregularlysampledsignals) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is no table of numbers"),
        ("all about currents\nand nothing else\n", "is no table of numbers"),
        (b"\x00\x01\x02" * 900, "is no table of numbers"),
        ("time (ms),V (mV)\n" + "0,1\n" * 9, "has no column of times that increase"),
        (text("time (ms),V_m (mV)", ",", 2) + "10.5,broken\n", "could not convert .*broken"),
    ],
)
def test_what_is_no_table_is_a_sentence(read, content, sentence):
    with pytest.raises(FileError, match=sentence):
        read(content)


def test_a_binary_file_has_no_layout(tmp_path):
    path = tmp_path / "b.dat"
    path.write_bytes(bytes(range(256)) * 40)
    assert layout_of(path) is None


LEMS = """<Lems><Simulation id="s" length="50ms" step="0.01ms" target="net">
  <!-- <OutputFile id="old" fileName="run.dat"><OutputColumn id="x" quantity="old/x"/></OutputFile> -->
  <OutputFile id="f" fileName="results/run.dat">
    <OutputColumn id="v" quantity="pop[0]/v"/>
    <OutputColumn id="na" quantity="pop/0/hh/bioPhys1/membraneProperties/NaConductances/iDensity"/>
    <OutputColumn id="k" quantity="pop/0/hh/bioPhys1/membraneProperties/KConductances/iDensity"/>
    <OutputColumn id="m" quantity="pop/0/hh/bioPhys1/membraneProperties/NaConductances/naChan/m/q"/>
  </OutputFile>
</Simulation></Lems>
"""


@pytest.mark.parametrize("folder", [".", "results"])
def test_columns_of_jneuroml_are_told_by_the_lems_file(tmp_path, folder):
    (tmp_path / "LEMS_run.xml").write_text(LEMS)
    (tmp_path / folder).mkdir(exist_ok=True)
    path = tmp_path / folder / "run.dat"
    path.write_text(
        "".join(f"{1e-5 * k:g}\t{-0.065:g}\t{0.25:g}\t{-0.5:g}\t{0.05:g}\t\n" for k in range(30))
    )
    block = icephys.read(path)
    assert told(block) == [
        ("pop[0].v", "V", -0.065),
        ("NaConductances.iDensity", "A/m**2", 0.25),
        ("KConductances.iDensity", "A/m**2", -0.5),
        ("m.q", "dimensionless", 0.05),
    ]
    signals = block.segments[0].analogsignals
    assert [s.annotations.get("positive") for s in signals] == [None, "inward", "inward", None]
    assert float(signals[0].sampling_period.rescale("ms")) == pytest.approx(0.01)

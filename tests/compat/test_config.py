"""Reading a configuration: defaults, older spellings, comments, and how mistakes are refused."""

from __future__ import annotations

import copy
import json

import pytest

from neo_currentscape.compat.config import ConfigFileError, read_config
from neo_currentscape.compat.keys import KEYS, OLDER
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeError,
    CurrentscapeWarning,
    UnknownNameError,
)

parser = pytest.importorskip("currentscape.config_parser")


def flat(config: dict, before: str = "") -> dict:
    found = {}
    for key, value in config.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{before}{key}."))
        else:
            found[before + key] = value
    return found


def nested(path: str, value: object) -> dict:
    section, _, key = path.rpartition(".")
    return {section: {key: value}} if section else {key: value}


def test_every_key_of_currentscape_has_its_default():
    theirs = flat(parser.set_default_config(None))
    ours = {
        path: list(key.default) if isinstance(key.default, tuple) else key.default
        for path, key in KEYS.items()
    }
    theirs = {path: list(value) if isinstance(value, tuple) else value for path, value in theirs.items()}
    assert ours == theirs


def test_each_key_says_what_it_governs():
    assert all(len(key.meaning) > 4 for key in KEYS.values())
    assert len({key.meaning for key in KEYS.values()}) == len(KEYS)


@pytest.mark.parametrize("path", KEYS)
def test_the_default_of_a_key_is_a_value_it_can_have(path):
    assert read_config(nested(path, KEYS[path].default)).given == {path}


@pytest.mark.parametrize(("old", "path"), OLDER.items())
def test_older_spellings(old, path):
    value = {"flag": False, "text": "Set2", "color": "white"}.get(KEYS[path].kind, 7)
    config = read_config(nested(old, value))
    assert config[path] == value != KEYS[path].default
    assert path in config.given


def test_an_older_spelling_counts_before_the_newer_one():
    with pytest.warns(CurrentscapeWarning, match="'legendtextsize' counts"):
        config = read_config({"legendtextsize": 9, "legend": {"textsize": 3}})
    assert config["legend.textsize"] == 9


def test_comments_may_stand_anywhere():
    config = {"_comment": 1, "_comment2": {"a": 2}, "show": {"_comment1": "x", "legend": False}}
    assert read_config(config).given == {"show.legend"}


@pytest.mark.parametrize("kind", [str, "path"])
def test_json_file(tmp_path, kind):
    path = tmp_path / "config.json"
    path.write_text(
        json.dumps({"figsize": [5, 6], "title": None, "line": {"styles": ["solid", [0, [1, 2]]]}})
    )
    config = read_config(str(path) if kind is str else path)
    assert config["figsize"] == (5, 6)
    assert config["line.styles"] == ("solid", (0, (1, 2)))


def test_missing_file_and_bad_json(tmp_path):
    with pytest.raises(ConfigFileError, match="nowhere.json"):
        read_config(tmp_path / "nowhere.json")
    with pytest.raises(FileNotFoundError):
        read_config("nowhere.json")
    bad = tmp_path / "bad.json"
    bad.write_text('{"show": \n {"legend": True}}')
    with pytest.raises(ArgumentError, match="line 2"):
        read_config(bad)
    bad.write_text('{"lw": 1, "lw": 2}')
    with pytest.raises(ArgumentError, match="'lw' 2 times"):
        read_config(bad)


@pytest.mark.parametrize(
    ("config", "nearest"),
    [
        ({"sow": {}}, "'show'"),
        ({"tilte": "x"}, "'title'"),
        ({"show": {"xgridline": True}}, "'show.xgridlines'"),
        ({"colormap": {"n_colours": 3}}, "'colormap.n_colors'"),
        ({"output": {"saveifg": True}}, "'output.savefig'"),
        ({"legend": {"handle_length": 1}}, "'legend.handlelength'"),
        ({"legendtextsiz": 4}, "'legendtextsize'"),
        ({"voltage": {"xticks": [1]}}, "'xaxis.xticks'"),
    ],
)
def test_mistyped_keys_are_refused_with_the_nearest_right_one(config, nearest):
    with pytest.raises(UnknownNameError, match=f"did you mean {nearest}"):
        read_config(config)


#: A value that each kind of key cannot have, for its type and for itself.
WRONG = {
    "flag": ["False", 2, None, 0.5],
    "number": ["1", True, float("nan")],
    "positive": ["1", False, 0, -1, float("inf")],
    "size": ["1", True, -0.1],
    "part": ["0.1", True, 1.6, -0.6],
    "count": [1.5, True, 0, "8"],
    "text": [True, ["a"]],
    "text size": ["tiny", False, 0, -1, float("inf")],
    "dpi": ["page", [1, 2], False, 0, float("nan")],
    "path": [1, True],
    "texts": ["Na", [True, "a"], 3],
    "numbers": [1, "1", [True], ["a"], [float("nan")], [[1, 2]]],
    "limits": [1, [1], [2, 2], [[1, 2], 3], [1, 2, 3], ["a", "b"]],
    "log limits": [1, [1], [2, 2], [-2, -1], [-1, 0], ["a", "b"]],
    "sizes": [3, [3], [0, 1], "3,4", [[1, 2], 3]],
    "color": [1, "blak", True, [1]],
    "style": [1, "-x", [0, 1], True],
    "styles": ["solid", [], [1], ["-x"]],
    "patterns": ["/", [], ["/", "/"], [1], ["a"]],
}


@pytest.mark.parametrize("path", KEYS)
def test_wrong_values_are_refused_by_the_name_of_the_key(path):
    for value in WRONG[KEYS[path].kind]:
        with pytest.raises(CurrentscapeError, match=rf"'{path}' is .* write "):
            read_config(nested(path, value))


@pytest.mark.parametrize(
    ("path", "value", "read"),
    [
        ("show.legend", 0, False),
        ("show.all_currents", 1.0, True),
        ("stackplot.x_chunksize", 50.0, 50),
        ("textsize", "small", 8.33),
        ("legend.textsize", "xx-large", 17.28),
        ("titlesize", "X-Small", 6.94),
        ("textsize", "7", 7.0),
        ("output.dpi", "figure", 100.0),
        ("adjust.bottom", -0.05, -0.05),
        ("adjust.top", 1.02, 1.02),
        ("voltage.ylim", [30, -90], (30.0, -90.0)),
        ("current.ylim", [100, 0.1], (0.1, 100.0)),
        ("current.names", [0, "a", 1], ("0", "a", "1")),
        ("title", 12, "12"),
    ],
)
def test_what_matplotlib_takes_is_drawn_and_said(path, value, read):
    with pytest.warns(CurrentscapeWarning, match=f"key '{path}' is .*, which is read as .*: write "):
        found = read_config(nested(path, value))[path]
    assert found == (pytest.approx(read) if isinstance(read, float) else read)
    assert type(found) is type(read)


@pytest.mark.parametrize("path", ["voltage.ylim", "current.ylim", "ions.ylim"])
def test_one_of_two_limits_may_be_left_to_choose(path):
    assert read_config(nested(path, [None, 20]))[path] == (None, 20.0)
    assert read_config(nested(path, (0.5, None)))[path] == (0.5, None)
    assert read_config(nested(path, [None, None]))[path] is None


def test_names_may_be_the_keys_of_a_dict():
    assert read_config({"current": {"names": {"K": 1, "Na": 2}.keys()}})["current.names"] == ("K", "Na")


def test_names_may_be_an_index_of_pandas():
    pandas = pytest.importorskip("pandas")
    index = pandas.DataFrame({"K": [1.0], "Na": [2.0]}).columns
    assert read_config({"current": {"names": index}})["current.names"] == ("K", "Na")


@pytest.mark.parametrize("key", ["_comment", "_source", "comment", "Comment", "NOTES", "#", "// why"])
def test_comments_are_passed_over(key):
    assert read_config({key: "figure 3", "show": {key: 1}}).given == frozenset()


@pytest.mark.parametrize("path", [path for path, key in KEYS.items() if not key.optional])
def test_none_is_refused_where_it_means_nothing(path):
    with pytest.raises(ArgumentTypeError, match=path):
        read_config(nested(path, None))


@pytest.mark.parametrize("config", [{"show": True}, {"adjust": [1, 2]}, 3, ["show"]])
def test_what_is_no_dict_is_refused(config):
    with pytest.raises(ArgumentTypeError):
        read_config(config)


def test_the_callers_dict_is_not_changed():
    config = {"show": {"legend": True, "labels": False}, "line": {"styles": ["-", [0, [1, 1]]]}, "lw": 1}
    before = copy.deepcopy(config)
    read_config(config)
    assert config == before


def test_a_mistyped_key_is_known_before_one_of_another_section():
    with pytest.raises(UnknownNameError, match=r"'current\.name': did you mean 'current\.names'"):
        read_config({"current": {"name": ["K"]}})
    with pytest.raises(UnknownNameError, match=r"'current\.ypos': did you mean 'legend\.ypos'"):
        read_config({"current": {"ypos": 1}})

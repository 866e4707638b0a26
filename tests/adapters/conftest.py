"""The mechanisms that tests of NEURON and of what runs on it share, and objects that no simulator made."""

import pathlib
import sys

import neo
import numpy as np
import pytest

from neo_currentscape.conventions.errors import CurrentscapeError, CurrentscapeWarning


class Thing:
    """Nothing that anybody expects."""


#: What is none of what a simulator makes, by name.
WRONG = {
    "None": None, "bool": True, "int": 3, "float": -2.5, "str": "x", "bytes": b"x", "no text": "",
    "no list": [], "list of None": [None], "ints": [1, 2], "mixed": ["a", 3], "no tuple": (), "no dict": {},
    "dict": {"a": 1}, "set": {3}, "array": np.zeros(3), "table": np.zeros((3, 40)),
    "texts": np.array(["a"]), "0-d": np.array(3.0), "thing": Thing(), "class": Thing, "module": sys,
    "function": len, "Segment": neo.Segment(), "Block": neo.Block(), "things": (Thing(), Thing()),
    "object": object(),
}  # fmt: skip


@pytest.fixture(scope="session")
def mechanisms(compiled):
    """NEURON with the test mechanisms."""
    return compiled(pathlib.Path(__file__).parent / "neuron" / "mods")


@pytest.fixture(scope="session")
def refuses():
    """``refuses(call, "None", ...)``: every wrong object but those named is refused in one sentence."""

    def check(call, *right, more=()):
        given = {name: one for name, one in WRONG.items() if name not in right}
        for name, one in (*given.items(), *((repr(one), one) for one in more)):
            try:
                call(one)
            except CurrentscapeWarning:
                pytest.fail(f"{name} was taken")
            except CurrentscapeError as error:
                sentence = str(error)
                assert "\n" not in sentence and len(sentence) < 700, (name, sentence)
            else:
                pytest.fail(f"{name} was taken")

    return check

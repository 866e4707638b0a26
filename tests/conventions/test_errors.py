"""Errors: every one is a CurrentscapeError and the builtin that fits, and reads as a sentence."""

import pickle

import pytest

import neo_currentscape
from neo_currentscape.conventions import errors

BUILTINS = {
    "ArgumentError": ValueError,
    "ArgumentTypeError": TypeError,
    "UnitsError": ValueError,
    "SignalError": ValueError,
    "SelectionError": LookupError,
    "UnknownNameError": KeyError,
    "UnknownOptionError": TypeError,
    "MissingDependencyError": ImportError,
    "FileError": OSError,
}


@pytest.mark.parametrize(("name", "builtin"), BUILTINS.items())
def test_classes(name, builtin):
    error = getattr(errors, name)
    assert issubclass(error, builtin)
    assert issubclass(error, neo_currentscape.CurrentscapeError)
    assert str(error("a 'sentence'")) == "a 'sentence'"
    assert str(pickle.loads(pickle.dumps(error("a 'sentence'")))) == "a 'sentence'"


def test_every_error_has_its_builtin():
    found = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.CurrentscapeError)
    }
    assert found - {"CurrentscapeError"} == set(BUILTINS)


def test_unknown_name_suggests():
    error = errors.unknown_name("palette", "saef", ["safe", "bright"])
    assert isinstance(error, KeyError)
    assert str(error) == "Unknown palette 'saef': did you mean 'safe'? Known are 'safe', 'bright'."


def test_unknown_name_without_a_near_one():
    error = errors.unknown_name("palette", "xyz", ["safe"], errors.UnknownOptionError)
    assert isinstance(error, TypeError)
    assert str(error) == "Unknown palette 'xyz': known are 'safe'."
    assert str(errors.unknown_name("palette", "xyz", [])) == "Unknown palette 'xyz': known are none."


def test_long_lists_of_names_are_cut():
    error = errors.unknown_name("palette", "xyz", [f"p{k}" for k in range(60)])
    assert str(error).endswith("'p38', 'p39' and 20 more.")


def test_require_names_the_extra():
    with pytest.raises(ImportError) as caught:
        errors.require("no_such_module.part", "nest", "The NEST adapter")
    assert str(caught.value) == (
        "The NEST adapter needs the package 'no_such_module', which could not be imported "
        "(No module named 'no_such_module'): write pip install \"neo-currentscape[nest]\"."
    )
    assert isinstance(caught.value, errors.MissingDependencyError)


def test_a_sentence_with_endless_names_can_be_read():
    name = "x" * 100_000
    for kind in (errors.SelectionError, errors.UnknownNameError, errors.FileError):
        told = str(kind(f"There is no {name!r}, but {name[1:]!r} and 'ina': check the name."))
        assert (
            len(told) < 400
            and told.startswith("There is no 'xxx")
            and told.endswith("'ina': check the name.")
        )
    short = f"There is no {name[:1000]!r}: check the name."
    assert str(errors.SelectionError(short)) == short

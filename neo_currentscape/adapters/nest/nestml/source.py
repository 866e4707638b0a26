"""Files of NESTML, read by PyNESTML's own parser."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    FileError,
    require,
)
from neo_currentscape.conventions.given import members


def texts(given: Any) -> list[tuple[str, str]]:
    """The texts of files, each with how errors call it.

    Parameters
    ----------
    given : str, Path, or a sequence of those
        Path of a file, or NESTML itself.

    Raises
    ------
    ArgumentError, ArgumentTypeError, FileError
        When there is no such file.
    """
    if isinstance(given, str) and "\n" in given:
        return [("The text in nestml=", given)]
    if isinstance(given, (str, Path)):
        return [(f"{str(given)!r}", _existing(Path(given)).read_text(encoding="utf-8"))]
    several = members(given)
    if several is None:
        raise ArgumentTypeError(
            f"nestml= takes the path of a .nestml file, its text, or a list of those, not "
            f"{type(given).__name__}."
        )
    found = [one for part in several for one in texts(part)]
    if not found:
        raise ArgumentError("nestml= names no file: write nestml='neuron.nestml'.")
    return found


def _existing(path: Path) -> Path:
    if path.is_file():
        return path
    if path.is_dir():
        raise FileError(
            f"{str(path)!r} for nestml= is a folder: list the .nestml files of it that are meant, e.g. "
            "sorted(folder.glob('*_neuron.nestml'))."
        )
    if path.suffix != ".nestml" and os.sep not in str(path):
        raise ArgumentError(
            f"nestml={str(path)!r} is no file: write the path of the .nestml file that the model was "
            "compiled from, as a compiled model or module does not hold its equations."
        )
    raise FileError(f"There is no file {str(path)!r} for nestml=: write the path of the .nestml file.")


def parse(what: str, text: str) -> list[Any]:
    """PyNESTML's trees of all models in a text.

    Parameters
    ----------
    what : str
        How errors call the text.
    text : str

    Raises
    ------
    ArgumentError
        When it is no NESTML, with the line.
    MissingDependencyError
        When PyNESTML is not installed.
    """
    require("pynestml", "nestml", "Reading nestml=")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.nestml"
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        return _parse_file(path, what)


def _parse_file(path: Path, what: str) -> list[Any]:
    from pynestml.frontend.frontend_configuration import FrontendConfiguration
    from pynestml.utils.logger import Logger, LoggingLevel
    from pynestml.utils.model_parser import ModelParser

    _register()
    kept = Logger.log, Logger.curr_message, Logger.logging_level
    # What was compiled before in this process left its suffix, which the parser adds to every name.
    suffix, FrontendConfiguration.suffix = FrontendConfiguration.suffix, ""
    Logger.log = {}
    Logger.init_logger(LoggingLevel.NO)
    try:
        unit = ModelParser.parse_file(str(path))
        errors = [entry for entry in Logger.log.values() if entry[2] == LoggingLevel.ERROR]
    except Exception as cause:  # the parser's own errors are of any class
        why = _one_line(str(cause)) or type(cause).__name__
        raise ArgumentError(f"{what} cannot be read as NESTML ({why}): mend it there.") from cause
    finally:
        Logger.log, Logger.curr_message, Logger.logging_level = kept
        FrontendConfiguration.suffix = suffix
    if unit is None:
        raise ArgumentError(f"{what} is not NESTML{_where(errors)}: mend it there.")
    if not unit.get_model_list():
        raise ArgumentError(f"{what} holds no model: write 'model name:' with its blocks.")
    return list(unit.get_model_list())


def _register() -> None:
    from pynestml.symbols.predefined_functions import PredefinedFunctions
    from pynestml.symbols.predefined_types import PredefinedTypes
    from pynestml.symbols.predefined_units import PredefinedUnits
    from pynestml.symbols.predefined_variables import PredefinedVariables

    PredefinedUnits.register_units()
    PredefinedTypes.register_types()
    PredefinedFunctions.register_functions()
    PredefinedVariables.register_variables()


def _where(errors: list[Any]) -> str:
    """Line and column of the first error, and what the parser says of it."""
    if not errors:
        return ""
    position, message = errors[0][4], _one_line(str(errors[0][5]))
    at = "" if position is None else f"line {position.get_start_line()}, "
    return f" ({at}{message})"


def _one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")

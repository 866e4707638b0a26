"""Runs a script of the gallery, and keeps what each of its blocks printed and drew.

``python gallery_script.py REQUEST RESULT``, both JSON, by the interpreter of the environment that the
script needs: beside the package, nothing but the standard library and matplotlib is asked for here.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import json
import sys
import traceback
import types
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

import neo_currentscape as ncs


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Run the blocks of a script, one after the other.

    Parameters
    ----------
    request
        ``file`` of the script, its ``blocks`` of code as pairs of line and text, ``images``, a pattern for
        the paths of the figures with a place for their number, and the dotted ``names`` that the code has.

    Returns
    -------
    dict
        ``blocks``, for each that ran what it printed (``output``) and the paths of its ``images``;
        ``known``, what those of the `names` are that the script gave a value; ``panels``, public ones that
        are in the figures; and, where the script failed, ``failed``, the text of the error, and
        ``missing``, the module that is not installed.
    """
    main = types.ModuleType("__main__")
    sys.modules["__main__"], sys.argv = main, [request["file"]]
    # Where the packages of this machine are is no matter of a page.
    warnings.formatwarning = lambda message, category, *_: f"{category.__name__}: {message}\n"
    shown: dict[int, Any] = {}
    result: dict[str, Any] = {"blocks": []}
    for line, text in request["blocks"]:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                _execute(text, line, request["file"], vars(main))
            images = _save(vars(main), shown, request["images"])
        except BaseException as error:
            result["failed"] = printed.getvalue() + _traced(error)
            result["missing"] = error.name if isinstance(error, ModuleNotFoundError) else None
            break
        result["blocks"].append({"output": printed.getvalue(), "images": images})
    result["panels"] = _panels(shown.values())
    result["known"] = {name: known for name in request["names"] if (known := _known(name, vars(main)))}
    return result


def _execute(text: str, line: int, file: str, variables: dict[str, Any]) -> None:
    """Run a block; what its last line gives is kept as ``___``, so that its figure is found."""
    parsed = ast.parse("\n" * (line - 1) + text, file)
    last = parsed.body[-1] if parsed.body else None
    if isinstance(last, ast.Expr):
        kept = ast.Assign(targets=[ast.Name("___", ast.Store())], value=last.value)
        parsed.body[-1] = ast.fix_missing_locations(ast.copy_location(kept, last))
    exec(compile(parsed, file, "exec"), variables)


def _save(variables: dict[str, Any], shown: dict[int, Any], pattern: str) -> list[str]:
    """Save the figures among the variables that are not on the page yet."""
    paths = []
    for value in list(variables.values()):
        if isinstance(value, (ncs.Figure, Figure)) and id(value) not in shown:
            shown[id(value)] = value
            paths.append(pattern.format(len(shown)))
            save = value.save if isinstance(value, ncs.Figure) else value.savefig
            save(paths[-1], dpi=150)
    return paths


def _panels(figures: Iterable[Any]) -> list[str]:
    """Names of the public panels in figures, each once, in their order."""
    drawn = [panel for figure in figures for panel in getattr(figure, "panels", ())]
    names = dict.fromkeys(type(panel).__name__ for panel in drawn)
    return [name for name in names if isinstance(getattr(ncs, name, None), type)]


def _known(name: str, variables: dict[str, Any]) -> list[str] | None:
    """What ``scape`` or ``scape.recording`` is: "is" and its module and name, or "of" and its class's."""
    first, *parts = name.split(".")
    found = variables.get(first)
    for part in parts:
        # Of modules and classes the reader knows more than can be told; properties might compute.
        if _is_named(found) or isinstance(getattr(type(found), part, None), property):
            return None
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    if found is None:
        return None
    if inspect.ismodule(found):
        return ["is", found.__name__, ""]
    kind, named = ("is", found) if _is_named(found) else ("of", type(found))
    return [kind, named.__module__ or "", getattr(named, "__qualname__", "")]


def _is_named(value: Any) -> bool:
    return inspect.ismodule(value) or inspect.isclass(value) or inspect.isroutine(value)


def _traced(error: BaseException) -> str:
    """The traceback within the script, without what stands here."""
    error.__traceback__ = getattr(error.__traceback__, "tb_next", None) or error.__traceback__
    return "".join(traceback.format_exception(error))


def main(request: str, result: str) -> None:
    """Run what one file asks for, and write the result into another."""
    given = json.loads(Path(request).read_text(encoding="utf-8"))
    Path(result).write_text(json.dumps(run(given)), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

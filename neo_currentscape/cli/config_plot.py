"""``neo-currentscape plot --config FILE``: figures by a configuration of Currentscape."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import neo

import neo_currentscape as ncs
from neo_currentscape.cli import output, selection
from neo_currentscape.cli.files import choose_segment, open_blocks
from neo_currentscape.cli.terminal import say_wrote
from neo_currentscape.cli.text_files import is_text, read_text
from neo_currentscape.compat.config import Config, read_config
from neo_currentscape.compat.labels import checked_unit
from neo_currentscape.compat.output import write
from neo_currentscape.conventions.annotations import channel_names
from neo_currentscape.conventions.errors import ArgumentError, SelectionError
from neo_currentscape.recording.inventory import stored_signals

#: Options that a configuration has keys for, their defaults, and the keys.
GOVERNED = {
    "top": (None, None),
    "order": ("charge", "current.reorder"),
    "palette": (None, "colormap.name"),
    "panels": (["standard"], "show"),
    "scale": (None, None),
    "title": (None, "title"),
    "size": (None, "figsize"),
}


def n_recordings(given: argparse.Namespace) -> int:
    """Number of recordings in the files: plain-text ones together are one, if there is a configuration."""
    texts = [path for path in given.file if is_text(path)] if given.config is not None else []
    return len(given.file) - len(texts) + bool(texts)


def pictures(given: argparse.Namespace, progress: Any) -> Iterator[str]:
    """Draw the recordings, and yield the pictures as they are written.

    Parameters
    ----------
    given : argparse.Namespace
        The options; all plain-text files together are one recording.
    progress : object
        With a method ``step(what)``.

    Yields
    ------
    str
    """
    _refuse_governed(given)
    config = read_config(given.config)
    for path, segment in _segments(given, config, progress):
        progress.step("choosing signals")
        recording = selection.sliced(
            ncs.Recording.from_segment(segment, **selection.keywords(given)), given
        )
        if recording.voltage is None:
            raise SelectionError(
                f"{path!r} holds no voltage, which --config needs: choose it with --voltage."
            )
        progress.step("drawing")
        shown = Config({**config.values, "output.savefig": False}, config.given, config.from_file)
        chosen = selection.keywords(given)
        rows = {
            part: signal if signal is None or chosen[part] else as_stored(signal, segment)
            for part, signal in (("currents", recording.currents), ("ions", recording.ions))
        }
        figure = ncs.plot(recording.voltage, rows["currents"], shown, rows["ions"])
        progress.step("writing the picture")
        yield _write(given, config, figure, path)


def as_stored(signal: Any, segment: neo.Segment) -> Any:
    """The channels of a signal in the order of the files, or of the signals of a file.

    The names in a configuration are those of the data in their order; a Recording that is told no names
    sorts what it finds by name.

    Parameters
    ----------
    signal : neo signal
        Of a Recording of that Segment, with the names of its channels.
    segment : neo.Segment

    Returns
    -------
    neo signal
    """
    stored = [name for one in stored_signals(segment) for name in channel_names(one) or [one.name]]

    def place(name: str) -> int:
        # A name may have lost the site that it was stored with.
        same = [k for k, one in enumerate(stored) if one == name or one.endswith(f".{name}")]
        return same[0] if same else len(stored)

    names = channel_names(signal) or []
    order = sorted(range(len(names)), key=lambda k: place(names[k]))
    return signal[:, order]


def _refuse_governed(given: argparse.Namespace) -> None:
    for option, (default, key) in GOVERNED.items():
        if getattr(given, option) != default:
            instead = f"write {key!r} into the configuration" if key else "leave it out"
            raise ArgumentError(f"--{option} cannot be used with --config: {instead}.")


def _segments(
    given: argparse.Namespace, config: Config, progress: Any
) -> Iterator[tuple[str, neo.Segment]]:
    texts = [path for path in given.file if is_text(path)]
    progress.step("reading")
    if texts:
        yield texts[0], read_text(texts, _units(config), _roles(given))
    for path in given.file:
        if path not in texts:
            blocks = open_blocks(path, given.trust_pickle)
            yield path, choose_segment(blocks, given.segment, path)


def _units(config: Config) -> dict[str, Any]:
    keys = {
        "voltage": "voltage.units",
        "current": "current.units",
        "ion": "ions.units",
        "time": "xaxis.units",
    }
    found = {role: checked_unit(config, key) for role, key in keys.items()}
    defaults = {"voltage": "mV", "current": "pA", "ion": "mM", "time": "ms"}
    return {role: defaults[role] if unit is None else unit.units for role, unit in found.items()}


def _roles(given: argparse.Namespace) -> dict[str, str]:
    """Roles of the variables that the options name."""
    named = selection.keywords(given)
    roles = {}
    for part, role in (("currents", "current"), ("ions", "ion"), ("voltage", "voltage")):
        names = named[part] or []
        names = [names] if isinstance(names, str) else names
        roles.update({name: role for name in (names.values() if isinstance(names, dict) else names)})
    return roles


def _write(given: argparse.Namespace, config: Config, figure: Any, path: str) -> str:
    if given.output is None and config["output.savefig"] and n_recordings(given) == 1:
        written = str(write(config, figure))
        say_wrote(written)
        return written
    look = {"transparent": config["output.transparent"]}
    look["dpi"] = config["output.dpi"] if given.dpi is None else given.dpi
    return output.write_picture(given, figure.savefig, output.beside(path, ".png"), **look)

"""Reading a configuration: from a dict or a JSON file to checked values of every key."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neo_currentscape.compat.keys import COMMENT, KEYS, OLDER, SECTIONS
from neo_currentscape.compat.kinds import check
from neo_currentscape.conventions import inputs
from neo_currentscape.conventions.errors import (
    ArgumentError,
    ArgumentTypeError,
    CurrentscapeError,
    FileError,
    unknown_name,
    warn,
)


class ConfigFileError(CurrentscapeError, FileNotFoundError):
    """The file of a configuration is missing or cannot be read."""


@dataclass(frozen=True)
class Config:
    """The values of all keys.

    Attributes
    ----------
    values : dict of str to object
        A value for every path in `neo_currentscape.compat.keys.KEYS`.
    given : frozenset of str
        The paths that the caller wrote; the others hold their defaults.
    from_file : bool
        Whether it was read from a file, and not written in the call itself.
    """

    values: Mapping[str, Any]
    given: frozenset[str]
    from_file: bool = False

    def __getitem__(self, path: str) -> Any:
        return self.values[path]


def read_config(config: Any = None) -> Config:
    """Read Currentscape's configuration.

    Parameters
    ----------
    config : dict, str, path, Config or None
        The configuration, or the path of a JSON file; None for the defaults. Not changed; one that
        was read already is returned as it is.

    Returns
    -------
    Config

    Raises
    ------
    UnknownNameError
        When a key is not known, with the nearest that is.
    ArgumentTypeError, ArgumentError
        When the value of a key cannot be used.
    ConfigFileError
        When there is no such file.

    Examples
    --------
    >>> read_config({"legendtextsize": 5, "figsize": [4, 5]})["legend.textsize"]
    5.0
    """
    if isinstance(config, Config):
        return config
    found = _flat(_loaded(config))
    values = {path: key.default for path, key in KEYS.items()}
    given = set()
    for path, value in found.items():
        if path in KEYS:
            values[path] = check(path, value, KEYS[path].kind, KEYS[path].optional)
            given.add(path)
    # As in Currentscape, the older spelling is the one that counts where both are written.
    for old, path in OLDER.items():
        if old in found:
            value = check(old, found[old], KEYS[path].kind, KEYS[path].optional)
            _warn_of_two(old, path, value, values[path], path in given)
            values[path] = value
            given.add(path)
    return Config(values, frozenset(given), isinstance(config, (str, os.PathLike)))


def _warn_of_two(old: str, path: str, value: Any, other: Any, both: bool) -> None:
    if both and value != other:
        warn(
            f"Configuration keys {old!r} and {path!r} say {value!r} and {other!r} of the same thing: "
            f"{old!r} counts; leave it out and write {path!r}."
        )


def _loaded(config: Any) -> Mapping[str, Any]:
    if config is None:
        return {}
    if isinstance(config, (str, os.PathLike)):
        config = _from_json(Path(config))
    if not isinstance(config, Mapping):
        raise ArgumentTypeError(
            f"config is a {type(config).__name__}: pass a dict, the path of a JSON file, or None."
        )
    return config


def _from_json(path: Path) -> Any:
    try:
        text = (inputs.existing_file(path) if path.exists() else path).read_text(encoding="utf-8")
    except FileError as cause:
        raise ConfigFileError(f"config: {cause}") from cause
    except OSError as cause:
        raise ConfigFileError(f"config {str(path)!r} cannot be read ({cause.strerror}).") from cause
    except UnicodeDecodeError as cause:
        raise ArgumentError(f"config {str(path)!r} is no JSON, as it is no text ({cause}).") from cause
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except RecursionError as cause:
        raise ArgumentError(f"config {str(path)!r} is no configuration: too deeply nested.") from cause
    except json.JSONDecodeError as cause:
        raise ArgumentError(
            f"config {str(path)!r} is no JSON (line {cause.lineno}, column {cause.colno}: {cause.msg})."
        ) from cause


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs if not _is_comment(name)]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(f"config has the key {name!r} {names.count(name)} times: keep one of them.")
    return dict(pairs)


def _flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """The values by path, with a dot between section and key."""
    found = {}
    for name, value in config.items():
        if _is_comment(name):
            continue
        if name not in SECTIONS:
            _check_known(str(name))
            found[str(name)] = value
            continue
        if not isinstance(value, Mapping):
            raise ArgumentTypeError(
                f"Configuration key {name!r} is {value!r} (a {type(value).__name__}): it is a section, so "
                f"write a dict of {', '.join(_keys_of(name))}."
            )
        for key, inner in value.items():
            if not _is_comment(key):
                _check_known(f"{name}.{key}")
                found[f"{name}.{key}"] = inner
    return found


def _is_comment(key: Any) -> bool:
    return str(key).lower().startswith(COMMENT)


def _keys_of(section: str) -> list[str]:
    return [path.split(".")[1] for path in KEYS if path.startswith(f"{section}.")]


def _check_known(path: str) -> None:
    if path in KEYS or path in OLDER:
        return
    section, _, key = path.partition(".")
    if not key:
        names = [*SECTIONS, *(known for known in (*KEYS, *OLDER) if "." not in known)]
        raise unknown_name("configuration key", path, names)
    known = [name for name in (*KEYS, *OLDER) if name.startswith(f"{section}.")]
    # A key that stands in the wrong section is known by its own name; before that come plurals.
    elsewhere = [name for name in KEYS if name.split(".")[-1] == key]
    plural = {f"{path}s", path.removesuffix("s")} & set(known)
    raise unknown_name("configuration key", path, known if plural else elsewhere or known)

"""The parser of options: a short usage, the nearest of what is misspelt, options as a shell has them."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shlex
import sys
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from neo_currentscape.cli import terminal
from neo_currentscape.conventions import plain_text

#: Names of files, which a shell completes; in the form in which shtab reads it.
FILES = {"bash": "_shtab_compgen_files", "zsh": "_files", "tcsh": "f"}

#: Destinations of arguments that name a file.
_NAME_FILES = {"file", "output", "table", "save", "csv", "incoming", "config", "spikes", "report", "leak"}

#: A keyword that a sentence begins with, and any that has an underscore.
_SUBJECT = re.compile(r"""^([a-z][a-z_]*)(?= (?:is|has|in|of|takes)\b| ['"-]| \d)""")
_UNDERSCORE = re.compile(r"(?<![\w.])([a-z]+_[a-z_]+)\b(?![.(=])")

#: Keywords of Python for which the commands have another word.
_CALLED = {"voltage_bins": "bins"}

#: Mappings of Python, as keywords have them and alone: "{'I_K': 'pA'}", "{name: direction}".
_MAPPING = re.compile(r"""(?<![\w.(-])([a-z][a-z_]*)=\{([^{}]*:[^{}]*)\}""")
_PAIR = re.compile(r"""\s*('[^']*'|"[^"]*"|[\w.]+):\s*('[^']*'|"[^"]*"|\[[^]]*\]|[\w.]+)\s*(?:,|$)""")

#: Quantities of Python, such as "100 * pq.pF" and "1 * pq.uF / pq.cm**2".
_QUANTITY = re.compile(r"(\d[\d.]*) \* pq\.(\w+(?:\*\*\d)?)(?: ?/ ?pq\.(\w+(?:\*\*\d)?))?")

#: Forms of Python that no option stands beside, and what a shell has for them.
_IN_A_SHELL = (
    ("{name: direction}", "NAME=DIRECTION"),
    ("{label: None}", "LABEL=none"),
    ("annotated positive='outward'", "annotated 'outward'"),
)

#: What stands in quotes, which is somebody's words, or a keyword of Python with what follows.
_KEYWORD = re.compile(r"""(?<!\w)'[^']*'|(?<!\w)"[^"]*"|(?<![\w.(-])([a-z][a-z_]*)=(?=([^\s=,;:)])?)""")


class Parser(argparse.ArgumentParser):
    """Repeats what it was given, such as names of files, without that it acts on the terminal."""

    _given: Sequence[str] = ()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # What argparse takes for a value although it begins as an option does: "-50pA", "-1e-3", "-inf".
        self._negative_number_matcher = re.compile(r"-(\.?\d|(inf|nan)(\b|[munp]?[sVA]\b))")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, how the command is used, and exit."""
        message = self._unknown(self._given) or _in_words(message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {plain_text.escaped(message)} (see {self.prog} --help)\n")

    def format_usage(self) -> str:
        """The usage in a line or two: what has to be given, and that there are options."""
        told = [action for action in self._actions if not action.option_strings or action.required]
        formatter = self._get_formatter()
        formatter.add_usage(self.usage, told, self._mutually_exclusive_groups)
        return formatter.format_help().replace(self.prog, f"{self.prog} [options]", 1)

    def format_help(self) -> str:
        """The help, under the same short usage."""
        before, self.usage = self.usage, self.format_usage().removeprefix("usage: ").rstrip()
        try:
            return super().format_help()
        finally:
            self.usage = before

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse options that there are not, with the nearest that there is."""
        self._given = list(sys.argv[1:] if args is None else args)
        found, rest = super().parse_known_args(args, namespace)
        unknown = self._unknown(rest)
        if unknown is not None:
            self.error(unknown)
        return found, rest

    def _unknown(self, words: Sequence[str]) -> str | None:
        """What is to be said of the first option that there is not, before the name of a sub-command."""
        known = self._option_string_actions
        for word in words:
            option = word.partition("=")[0]
            if self._subparsers is not None and not word.startswith("-"):
                return None
            if word.startswith("-") and word not in known and os.path.isfile(word):
                return f"{word} is taken for an option: a file of that name is written ./{word}"
            if re.match(r"--[A-Za-z]", option) and not any(one.startswith(option) for one in known):
                return f"there is no option {option}{_nearest(option, known)}"
            if re.match(r"-[A-Za-z]", option) and option[:2] not in known:
                return f"there is no option {option}{_nearest('-' + option, known)}"
        return None

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        what = "/".join(action.option_strings) or str(action.metavar or action.dest).lower()
        near = _nearest(str(value), known) or f": write {', '.join(known[:-1])} or {known[-1]}"
        raise argparse.ArgumentError(None, f"there is no {what} {value!r}{near}")

    def _add_action(self, action: Any) -> Any:
        if action.dest in _NAME_FILES and action.choices is None:
            action.complete = FILES
        return super()._add_action(action)

    def _print_message(self, message: str, file: Any = None) -> None:
        if message:
            terminal.say(message, end="", stream=file)


#: What argparse says of a value, and what is said instead.
_SENTENCES = (
    (re.compile(r"argument (\S+): invalid int value: (.*)", re.DOTALL), r"\1 \2 is no whole number"),
    (re.compile(r"argument (\S+): invalid float value: (.*)", re.DOTALL), r"\1 \2 is no number"),
    (re.compile(r"argument (\S+): expected one argument"), r"\1 needs a value"),
    (re.compile(r"argument (\S+): expected at least one argument"), r"\1 needs one value or more"),
    (re.compile(r"argument (\S+): expected (\d+) arguments"), r"\1 needs \2 values"),
    (
        re.compile(r"argument (\S+): ignored explicit argument (.*)", re.DOTALL),
        r"\1 takes no value, not \2",
    ),
)


def _in_words(message: str) -> str:
    """What argparse says, in the words of the other errors."""
    for expression, words in _SENTENCES:
        found = expression.fullmatch(message)
        if found:
            return found.expand(words)
    return message


def _nearest(word: str, known: Collection[str]) -> str:
    if word == "help":
        return ": did you mean --help?"
    close = difflib.get_close_matches(word[:100], list(known), n=1, cutoff=0.6)
    return f": did you mean {close[0]}?" if close else ""


def _bare(text: str) -> str:
    """A name or value of Python as a word of a shell, in quotes where it would be several."""
    if text.startswith("["):
        text = ",".join(word.strip().strip("'\"") for word in text[1:-1].split(","))
    plain = text[1:-1] if text[:1] in "'\"" else text
    plain = "none" if text == "None" else plain
    return plain if re.fullmatch(r"[\w./,+:@%^-]*", plain) else shlex.quote(plain)


def _quantity(found: re.Match[str]) -> str:
    number, *units = found.groups()
    return f'"{number} {"/".join(unit.replace("**", "") for unit in units if unit)}"'


def as_options(sentence: str, options: Collection[str]) -> str:
    """Write keywords of Python as the options of a command.

    Parameters
    ----------
    sentence : str
        Of an error or a warning. What it has in quotes stays.
    options : collection of str
        Destinations of the options that the command has.

    Returns
    -------
    str

    Examples
    --------
    >>> as_options("'Na' is a density: give area=... or leave neuron= out.", {"area", "neuron"})
    "'Na' is a density: give --area ... or leave --neuron out."
    """

    known = {
        **{name: name for name in options},
        **{py: name for py, name in _CALLED.items() if name in options},
    }

    def option(found: re.Match[str]) -> str:
        name, follows = found.groups()
        return f"--{known[name].replace('_', '-')}{' ' if follows else ''}" if name in known else found[0]

    def subject(found: re.Match[str]) -> str:
        return f"--{known[found[1]].replace('_', '-')}" if found[1] in known else found[0]

    def mapping(found: re.Match[str]) -> str:
        name, pairs = found.groups()
        told = [f"{_bare(one[1])}={_bare(one[2])}" for one in _PAIR.finditer(pairs)]
        rest = ["..."] if pairs.endswith("...") and "..." not in "".join(told) else []
        return (
            f"--{known[name].replace('_', '-')} {' '.join([*told, *rest])}" if name in known else found[0]
        )

    sentence = _MAPPING.sub(mapping, sentence)
    for python, words in _IN_A_SHELL:
        sentence = sentence.replace(python, words)
    sentence = _QUANTITY.sub(_quantity, sentence)
    # None is written as the word that the option takes for it.
    told = _KEYWORD.sub(option, sentence.replace("voltage=False", "voltage=none"))
    # What stands between quotes is somebody's words.
    parts = re.split(r"""((?<!\w)'[^']*'|(?<!\w)"[^"]*")""", _SUBJECT.sub(subject, told))
    return "".join(part if k % 2 else _UNDERSCORE.sub(subject, part) for k, part in enumerate(parts))

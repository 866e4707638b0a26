"""Palettes, and the looks that they give: one for each current, the same in every panel and figure."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from neo_currentscape.conventions.errors import ArgumentError, ArgumentTypeError, unknown_name
from neo_currentscape.style import theme
from neo_currentscape.style.default_looks import assigned
from neo_currentscape.style.look import GREY, HATCHES, Look, Looks

#: Paul Tol's "muted" scheme for qualitative data, safe for the colour-blind and
#: without white or black (Tol, SRON technical note SRON/EPS/TN/09-002, issue 3.2, figure 4).
MUTED = (
    "#CC6677",
    "#332288",
    "#DDCC77",
    "#117733",
    "#88CCEE",
    "#882255",
    "#44AA99",
    "#999933",
    "#AA4499",
)

#: Paul Tol's "bright" scheme, for few currents on a slide.
BRIGHT = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377")

#: Palettes that a name means, besides matplotlib's and palettable's.
NAMED: dict[str, Sequence[str]] = {"muted": MUTED, "bright": BRIGHT}

#: Number of colours that are taken from a continuous colour map.
SAMPLES = 10


def colors_of(palette: Any = None) -> list[Any]:
    """Read a palette.

    Parameters
    ----------
    palette : None, str or sequence of colours
        None for the default; "muted" or "bright"; the name of a matplotlib colour map; the path of
        a palettable palette, e.g. ``"cartocolors.qualitative.Safe_8"``; or a list of colours.

    Returns
    -------
    list of colours
        Each once.

    Raises
    ------
    UnknownNameError
        When the name is not known, with the nearest that is.

    Examples
    --------
    >>> colors_of("bright")[:2]
    ['#4477AA', '#EE6677']
    >>> len(colors_of("Set1")), len(colors_of("viridis"))
    (9, 10)
    """
    if palette is None:
        return list(MUTED)
    if isinstance(palette, str):
        return _each_once(_named_colors(palette))
    if isinstance(palette, Mapping) or not np.iterable(palette):
        raise ArgumentTypeError(
            f"palette= takes the name of a palette, a list of colours or {{name: colour}}, not {palette!r}."
        )
    colors = _each_once([_checked(color) for color in palette])
    if not colors:
        raise ArgumentError("palette= is an empty list: give it one colour or more.")
    return colors


def _each_once(colors: Sequence[Any]) -> list[Any]:
    from matplotlib.colors import to_rgba

    return list({to_rgba(color): color for color in reversed(colors)}.values())[::-1]


def _checked(color: Any) -> Any:
    from matplotlib.colors import is_color_like

    if not is_color_like(color):
        raise ArgumentError(
            f"palette= holds {color!r}, which is no colour: write e.g. '#117733' or 'teal'."
        )
    return color if isinstance(color, str) else tuple(color)


def _named_colors(name: str) -> list[Any]:
    import matplotlib

    if name in NAMED:
        return list(NAMED[name])
    if name in matplotlib.colormaps:
        colormap = matplotlib.colormaps[name]
        listed = getattr(colormap, "colors", None)
        if listed is not None and len(listed) <= 24:
            return [tuple(color) for color in listed]
        return [tuple(float(c) for c in colormap(k / (SAMPLES - 1))) for k in range(SAMPLES)]
    if "." in name:
        return _palettable_colors(name)
    raise unknown_name(
        "palette", name, [*NAMED, *sorted(n for n in matplotlib.colormaps if not n.endswith("_r"))]
    )


def _palettable_colors(path: str) -> list[Any]:
    module_name, _, palette_name = path.removeprefix("palettable.").rpartition(".")
    try:
        module = importlib.import_module(f"palettable.{module_name}")
    except ImportError:
        known = ("cartocolors.qualitative", "colorbrewer.qualitative", "tableau", "wesanderson")
        raise unknown_name("palette module of palettable", module_name, known) from None
    palette = getattr(module, palette_name, None)
    if palette is None or not hasattr(palette, "mpl_colors"):
        names = [n for n in dir(module) if hasattr(getattr(module, n), "mpl_colors")]
        raise unknown_name(f"palette in palettable.{module_name}", palette_name, names)
    return [tuple(color) for color in palette.mpl_colors]


def looks(
    names: Sequence[str],
    palette: Any = None,
    grey: str | None = None,
    shown: Sequence[str] | None = None,
) -> Looks:
    """Give every current its look; the same names get the same looks in whatever order they come.

    By default a current has the hue of its family, in every figure alike, whatever other currents there
    are; see `neo_currentscape.style.default_looks` and `neo_currentscape.style.theme`. A palette of the
    caller's is given out in the order of the names.

    Parameters
    ----------
    names : sequence of str
        Names of the currents.
    palette : optional
        As for `colors_of`; or ``{name: colour}``, where a `Look` may stand for a colour: names that
        such a dict leaves out get their default looks.
    grey : str, optional
        A name that is grey (the bundle of small currents).
    shown : sequence of str, optional
        Those of the names that are drawn. Where there are more names than looks, only these get one.

    Returns
    -------
    dict of str to Look
        In the order of `names`; no two looks are the same, unless a dict says so.

    Raises
    ------
    UnknownNameError
        When a palette, or a name in a dict, is not known.
    ArgumentError
        When there are more currents than pairs of colour and hatch.

    Examples
    --------
    >>> looks(["Na", "K"])["K"] == looks(["K", "Na"])["K"]
    True
    """
    if isinstance(palette, Looks):
        return Looks({name: palette[name] for name in names})
    chosen = _chosen(names, palette) if isinstance(palette, Mapping) else {}
    if grey in names:
        chosen.setdefault(str(grey), Look(GREY))
    by_family = palette is None or isinstance(palette, Mapping)
    give = _by_family if by_family else lambda free, chosen: _in_turn(free, chosen, colors_of(palette))
    free = [name for name in names if name not in chosen]
    given = give(free, chosen)
    if shown is not None and len(given) < len(free):
        free = [name for name in free if name in set(shown)]
        given = give(free, chosen)
    if len(given) < len(free):
        raise ArgumentError(
            f"{len(free)} currents are more than the {len(given)} looks of this palette: bundle the small "
            "ones with top=..., or give a palette of more colours."
        )
    found = {**chosen, **given}
    return Looks({name: found[name] for name in names if name in found})


def _by_family(free: Sequence[str], chosen: Mapping[str, Look]) -> dict[str, Look]:
    own = theme.of_currents(free)
    rest = [name for name in free if name not in own]
    return {**own, **assigned(rest, {**chosen, **own}, theme.of_families())}


def _in_turn(free: Sequence[str], chosen: Mapping[str, Look], colors: Sequence[Any]) -> dict[str, Look]:
    """The looks of a palette, one after the other, in the order of the names."""
    return dict(zip(sorted(free), _unused(colors, chosen), strict=False))


def _chosen(names: Sequence[str], palette: Mapping[str, Any]) -> dict[str, Look]:
    for name in palette:
        if name not in names:
            raise unknown_name("current in palette=", name, names)
    return {
        name: look if isinstance(look, Look) else Look(_checked(look)) for name, look in palette.items()
    }


def _unused(colors: Sequence[Any], chosen: Mapping[str, Look]) -> list[Look]:
    """The looks, colours before hatches, that nobody chose."""
    from matplotlib.colors import to_rgba

    taken = {(to_rgba(look.color), look.hatch) for look in chosen.values()}
    pairs = [(color, to_rgba(color)) for color in colors]
    return [Look(color, hatch) for hatch in HATCHES for color, rgba in pairs if (rgba, hatch) not in taken]

"""The look of every current and ion that a configuration asks for."""

from __future__ import annotations

from collections.abc import Sequence

from neo_currentscape.compat.colors import colors
from neo_currentscape.compat.config import Config
from neo_currentscape.compat.patterns import pairs
from neo_currentscape.conventions.errors import warn
from neo_currentscape.style.look import Look, Looks


def looks_of(config: Config, names: Sequence[str]) -> Looks:
    """Give every name its look.

    Parameters
    ----------
    config : Config
    names : sequence of str
        In the order of the legend, by which the looks are given.

    Returns
    -------
    Looks
        Plain colours; with ``pattern.use`` colours, hatches and line styles.
    """
    if not config["pattern.use"]:
        found = colors(config["colormap.name"], len(names))
        return Looks({name: Look(color, line="-") for name, color in zip(names, found, strict=True)})
    patterns, styles = config["pattern.patterns"], config["line.styles"]
    palette = colors(config["colormap.name"], min(config["colormap.n_colors"], len(names)))
    return Looks(
        {
            name: Look(
                palette[color],
                patterns[pattern] * config["pattern.density"],
                edge=config["pattern.color"],
                line=styles[pattern % len(styles)],
            )
            for name, (color, pattern) in zip(
                names, pairs(len(names), len(palette), len(patterns)), strict=True
            )
        }
    )


def ion_looks(config: Config, ions: Sequence[str], currents: Sequence[str]) -> Looks:
    """Give the ions the looks that the currents have, in the same order.

    Parameters
    ----------
    config : Config
    ions, currents : sequence of str
        In the order of their legends.

    Returns
    -------
    Looks
    """
    places = [str(k) for k in range(max(len(ions), len(currents)))]
    found = looks_of(config, places)
    return Looks({name: found[place] for name, place in zip(ions, places, strict=False)})


def warn_of_few_styles(config: Config) -> None:
    """Say so where lines may look alike, as there are fewer styles than patterns."""
    patterns, styles = len(config["pattern.patterns"]), len(config["line.styles"])
    if styles < patterns:
        warn(
            f"'line.styles' has {styles} styles for the {patterns} of 'pattern.patterns', so lines may "
            "look alike: give as many."
        )

"""`plot`: Currentscape's own call."""

from __future__ import annotations

from typing import Any

# Loaded from here, and not from deep within the imports below: Python keeps frames in pieces of 16 kB, and
# where the end of one falls among the many small calls that make units, each of them maps the next anew.
import neo  # noqa: F401

from neo_currentscape.compat.config import read_config
from neo_currentscape.compat.drawing.sheet import draw_sheet
from neo_currentscape.compat.intake import take
from neo_currentscape.compat.output import write
from neo_currentscape.compat.page import page
from neo_currentscape.compat.panels import Maker
from neo_currentscape.conventions.errors import ArgumentTypeError
from neo_currentscape.figure import window

#: That an argument was not given, which None is not.


class _NotGiven:
    """What stands for an argument that was left out, as None is one that can be given."""

    def __repr__(self) -> str:
        return "<not given>"


_NOT_GIVEN: Any = _NotGiven()


def plot(
    voltage: Any = _NOT_GIVEN,
    currents: Any = _NOT_GIVEN,
    config: Any = None,
    ions_data: Any = None,
    time: Any = None,
    *,
    voltage_data: Any = _NOT_GIVEN,
    currents_data: Any = _NOT_GIVEN,
) -> Any:
    """Draw a currentscape as the package `currentscape` does, from its arguments and configuration.

    Parameters
    ----------
    voltage : array, Quantity or neo signal
        Membrane potential, shape (time,).
    currents : list of arrays, array, Quantity, neo signal or list of them
        Shape (current, time), outward positive; Neo signals are (time, current), and their
        annotation ``positive`` is believed. Of a dict ``{name: row}`` the names are known, and rows in a
        list under one name are summed.
    config : dict, str, path or None
        Configuration of Currentscape, as a dict or as the path of a JSON file; not changed. Every key
        is listed in `neo_currentscape.compat.keys.KEYS`.
    ions_data : like currents, optional
        Ion concentrations, shape (ion, time).
    time : array or Quantity, optional
        Increasing, shape (time,); without it, and without Neo signals, the samples are counted.
    voltage_data, currents_data
        Currentscape's own names of the first two.

    Returns
    -------
    matplotlib.figure.Figure
        Pyplot's current figure, as Currentscape's is: ``plt.savefig`` and ``plt.show`` go on with it, a
        notebook shows it, and ``plt.close`` lets it go.

    Raises
    ------
    CurrentscapeError
        When a key or an array cannot be used; the message names it and says what to write.

    Notes
    -----
    Plain numbers are in the units of the configuration: mV, pA, mM and ms unless it says otherwise.
    Quantities and Neo signals are converted into a unit that it names. Where it names none, currents and
    ions keep the unit of the data, voltage is shown in mV and time in ms.

    Shares and totals are those of Alonso & Marder (2019) [1]_; see `neo_currentscape.Currentscape`.

    References
    ----------
    .. [1] Alonso & Marder (2019), eLife 8:e42722, "Methods: Currentscapes".

    Examples
    --------
    >>> import neo_currentscape as currentscape
    >>> config = {"current": {"names": ["K", "Na"]}}
    >>> fig = currentscape.plot([-60, -50, -55], [[1, 2, 1], [-2, -1, 0]], config)
    >>> [axes.get_ylabel() for axes in fig.axes]
    ['[mV]', '[pA]', 'outward %', 'inward %', '−[pA]']
    """
    voltage = _one_of("voltage", voltage, voltage_data)
    currents = _one_of("currents", currents, currents_data)
    settings = read_config(config)
    rows = Maker(settings, take(settings, voltage, currents, ions_data, time)).rows()
    figure = draw_sheet([row.panel for row in rows], looks=[row.look for row in rows], **page(settings))
    if settings["output.savefig"]:
        write(settings, figure)
    window.hand_over(figure)
    return figure


#: The name by which `currentscape.currentscape` has it.
plot_currentscape = plot


def _one_of(name: str, own: Any, other: Any) -> Any:
    if (own is _NOT_GIVEN) == (other is _NOT_GIVEN):
        how = "is missing" if own is _NOT_GIVEN else f"is given twice, as {name}= and {name}_data="
        raise ArgumentTypeError(f"plot(): {name} {how}: write plot(voltage, currents, config).")
    return other if own is _NOT_GIVEN else own

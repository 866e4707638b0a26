"""`Currentscape`: the shares of the currents of a Recording, from a Segment to a table and a figure."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any

from neo_currentscape.analysis.table import table_of
from neo_currentscape.conventions.options import check_options, options_checked
from neo_currentscape.conventions.result import Table
from neo_currentscape.recording.recording import Recording
from neo_currentscape.reduction.shares import Shares

if TYPE_CHECKING:
    import neo
    import pandas
    from typing_extensions import Self

    from neo_currentscape.figure.figure import Figure


@options_checked
class Currentscape(Shares):
    r"""What part of the outward and of the inward membrane current each current carries.

    With :math:`I_k(t)` outward positive, :math:`I_k^+ = \max(I_k, 0)` and
    :math:`I_k^- = \max(-I_k, 0)`, the outward total is :math:`T^+ = \sum_k I_k^+`, the share of a
    current :math:`I_k^+ / T^+`, its charge :math:`\int I_k^+ dt`, and its contribution its part of
    the charge of all; likewise inward [1]_.

    Parameters
    ----------
    recording : Recording
        The currents, outward positive.
    top : int, optional
        Keep this many currents, those of the largest charge (outward plus inward), and bundle the
        rest as "other": their outward parts are summed, and their inward parts, so that totals and
        the shares of the others stay what they were.

    Attributes
    ----------
    recording : Recording

    References
    ----------
    .. [1] Alonso & Marder (2019), eLife 8:e42722, "Methods: Currentscapes".

    Examples
    --------
    >>> import neo, quantities as pq, neo_currentscape as ncs
    >>> currents = neo.AnalogSignal(
    ...     [[1, -2, 3], [2, -3, -1]],
    ...     units="nA",
    ...     sampling_period=0.5 * pq.ms,
    ...     array_annotations={"name": ["K", "Na", "leak"]},
    ... )
    >>> scape = ncs.Currentscape(ncs.Recording(currents))
    >>> scape.shares("outward").magnitude
    array([[0.25, 0.  , 0.75],
           [1.  , 0.  , 0.  ]])
    >>> scape.charge("inward")
    array([0. , 2.5, 0.5]) * pC
    """

    @classmethod
    def from_segment(
        cls, segment: neo.Segment | neo.Block, *, top: int | None = None, **selection: Any
    ) -> Currentscape:
        """Make the currentscape of a Segment; see `Recording.from_segment` for the keywords.

        Parameters
        ----------
        segment : neo.Segment or neo.Block
        top : int, optional
            Keep this many currents, those with the largest charge, and bundle the rest as "other".
        **selection
            As for `neo_currentscape.Recording.from_segment`: ``neuron``, ``site``, ``currents`` ...

        Returns
        -------
        Currentscape
        """
        known = [*inspect.signature(Recording.from_segment).parameters][1:]
        check_options("Currentscape.from_segment", selection, [*known, "top"])
        return cls(Recording.from_segment(segment, **selection), top=top)

    def slice(self, t_start: Any = None, t_stop: Any = None) -> Self:
        """Cut out a stretch of time; the values are not copied, and stay in their file where they are.

        Parameters
        ----------
        t_start, t_stop : Quantity, optional
            As for `Recording.slice`.

        Returns
        -------
        Currentscape
            Of the currents of this one: what ``top`` bundles stays bundled, though charges and ranking
            are those of the stretch.

        Raises
        ------
        SignalError
            When fewer than two samples are left.

        Examples
        --------
        >>> import quantities as pq, neo_currentscape as ncs
        >>> from neo_currentscape.models import stg
        >>> scape = ncs.Currentscape.from_segment(stg.simulate("A", t_stop=1 * pq.s))
        >>> len(scape.slice(200 * pq.ms, 300 * pq.ms).times)
        1000
        """
        cut = copy(self)
        kinds = {name: getattr(type(self), name, None) for name in vars(self)}
        for name in (name for name, kind in kinds.items() if isinstance(kind, cached_property)):
            del cut.__dict__[name]
        cut.recording, cut._columns = self.recording.slice(t_start, t_stop), {}
        return cut

    def to_dataframe(self) -> pandas.DataFrame:
        """Make a table with a row for each current, in recorded order.

        Returns
        -------
        pandas.DataFrame
            Indexed by name; columns ``charge_outward``, ``charge_inward``,
            ``contribution_outward``, ``contribution_inward``, ``peak_outward``, ``peak_inward``,
            ``rank`` (1 is the largest charge); where a simulation was sampled less often than it stepped
            also ``charge_error``, the standard error of the net charge. ``attrs["units"]`` has the units
            of the columns.

        Raises
        ------
        MissingDependencyError
            When pandas is not installed.
        """
        return super().to_dataframe()

    def _table(self) -> Table:
        return table_of(self)

    def plot(
        self,
        *,
        panels: str | Sequence[str] = "standard",
        title: str | None = None,
        size: Any = None,
        legend: bool | Mapping[str, Any] = True,
        time_units: str | None = None,
        on: Any = None,
        settings: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Figure:
        """Draw the standard figure.

        Parameters
        ----------
        panels : {"standard", "all"} or list of str
            "standard" is the voltage, the outward total, the shares and the inward total; "all" is each
            panel that the recording has data for; a list names them from top to bottom, out of "voltage",
            "electrode", "outward", "shares", "inward", "currents", "ions" and "contributions".
        title : str, optional
            Above the panels.
        size : str or tuple, optional
            "column" (85 mm), "page" (174 mm), "slide", ``(width, height)`` in inches or Quantities, or in
            words, e.g. "85x100mm".
        legend : bool or dict
            False for none; a dict goes through to matplotlib, e.g. ``{"title": "Currents"}``.
        time_units : str, optional
            Of the time axis; by default one that fits.
        on : matplotlib Figure or SubFigure, optional
            Where to draw instead of on a new figure.
        settings : dict, optional
            rcParams for this figure only.
        **options
            For all panels that have them: ``order`` ("charge", "recorded", "name" or a list of names),
            ``palette`` (a dict of colours by name, a list, or the name of a palette), ``grid`` and
            ``columns`` (how many columns of time a long recording is drawn with). Under the name of a
            panel a dict of options of its own, e.g. ``voltage={"levels": [-50]}``; those of "shares" are
            the parameters of `neo_currentscape.SharesPanel`.

        Returns
        -------
        Figure
        """
        # Numbers need no matplotlib: it is imported where something is drawn.
        from neo_currentscape.analysis.standard import standard_figure

        return standard_figure(
            self,
            panels=panels,
            title=title,
            size=size,
            legend=legend,
            time_units=time_units,
            on=on,
            settings=settings,
            **options,
        )

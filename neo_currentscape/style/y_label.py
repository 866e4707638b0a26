"""Labels of y axes that fit beside their axes: in lines that are not longer, and within the page."""

from __future__ import annotations

from typing import Any

from neo_currentscape.style import text

#: Words of our labels, and what stands for them where they are longer than the axes.
SHORTER = {
    "Voltage": "V",
    "Outward": "Out",
    "Inward": "In",
    "Current": "I",
    "Injected": "I inj.",
    "Share of total": "Share",
    "inward": "in",
    "outward": "out",
}

#: Pixels that do not count.
TOUCHES = 0.5

#: Part of the height of its axes that a label may take.
MOST = 1.1


def fit_height(axes: Any, height: float, is_ours: bool) -> None:
    """Break the label of the y axis, or shorten it, so that it is not longer than the axes.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    height : float
        Of the axes, in points.
    is_ours : bool
        Whether its words may be replaced by shorter ones.
    """
    label = axes.yaxis.label
    size, room = label.get_fontsize(), MOST * height
    words = label.get_text()
    if is_ours and text.width_of(words, size) > room:
        words = shortened(words)
    label.set_text(text.wrapped(words, size, room))


def shortened(words: str) -> str:
    """A label of ours in shorter words.

    Examples
    --------
    >>> shortened("Outward (nA)")
    'Out (nA)'
    """
    for long, short in SHORTER.items():
        words = words.replace(long, short)
    return words


def keep_on_page(axes: Any, is_ours: bool) -> None:
    """Have the label fit into the margin of a figure without a layout, once it is drawn.

    Where it does not, it is broken to the height of the axes, says it in shorter words, and becomes
    smaller.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    is_ours : bool
        As for `fit_height`.
    """
    if axes.figure.get_layout_engine() is None:
        from neo_currentscape.style import first_draw

        first_draw.before(axes, _Fit(is_ours))


class _Fit:
    def __init__(self, is_ours: bool) -> None:
        self.is_ours = is_ours

    def __call__(self, axes: Any, renderer: Any) -> None:
        _raise_x_label(axes, renderer)
        label = axes.yaxis.label
        words, size = label.get_text(), label.get_fontsize()
        if not words.strip() or _excess(axes, renderer) <= TOUCHES:
            return
        if self._try(axes, renderer, words, _sizes(size)):
            return
        # The numbers take the margin for themselves.
        axes.tick_params(axis="y", labelsize=text.SMALLEST, pad=1)
        axes.yaxis.labelpad = 1
        self._try(axes, renderer, words, [text.SMALLEST])

    def _try(self, axes: Any, renderer: Any, words: str, sizes: list[float]) -> bool:
        """Take the first form of the label that fits; where none does, that which is most on the page."""
        tried, label = [], axes.yaxis.label
        for size in sizes:
            for one in _forms(words) if self.is_ours else [words]:
                label.set(text=one, fontsize=size)
                fit_height(axes, axes.bbox.height / axes.figure.dpi * 72, self.is_ours)
                tried.append((_excess(axes, renderer), label.get_text(), size))
                if tried[-1][0] <= TOUCHES:
                    return True
        _, words, size = min(tried, key=lambda one: one[0])
        label.set(text=words, fontsize=size)
        return False


def _forms(words: str) -> list[str]:
    """A label of ours in fewer and fewer words; what lies on which side of zero goes last."""
    short = shortened(words)
    return [words, short.replace("\n", " "), *([short.split("\n")[0]] if "|" in short else [])]


def _sizes(size: float) -> list[float]:
    smaller = (part * size for part in (0.9, 0.8) if part * size > text.SMALLEST)
    return [size, *smaller, min(size, text.SMALLEST)]


def _excess(axes: Any, renderer: Any) -> float:
    """Pixels by which the y axis with its label leaves the figure, or the label is too long for it."""
    page, box = axes.figure.bbox, axes.yaxis.get_tightbbox(renderer)
    if box is None:
        return 0.0
    longer = axes.yaxis.label.get_window_extent(renderer).height - 1.3 * MOST * axes.bbox.height
    return float(max(page.x0 - box.x0, box.x1 - page.x1, longer))


def _raise_x_label(axes: Any, renderer: Any) -> None:
    """Move the label of the x axis nearer to its numbers, where it leaves the figure below."""
    axis = axes.xaxis
    box = axis.get_tightbbox(renderer) if axis.label.get_text() else None
    below = 0.0 if box is None else axes.figure.bbox.y0 - box.y0
    if below > 0:
        axis.labelpad = max(axis.labelpad - below * 72 / axes.figure.dpi, 0.0)

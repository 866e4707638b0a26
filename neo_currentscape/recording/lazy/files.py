"""Opening files so that their signals stay in them, wherever the format allows it."""

from __future__ import annotations

import functools
import gc
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import neo
import numpy as np

from neo_currentscape.conventions import declared, inputs, unit_text
from neo_currentscape.conventions.given import path_of
from neo_currentscape.recording import pickles
from neo_currentscape.recording.columns_store import is_store
from neo_currentscape.recording.lazy import nix, zarr
from neo_currentscape.recording.lazy.candidates import first_that_reads, from_an_adapter

F = TypeVar("F", bound=Callable[..., Any])


@np.errstate(divide="ignore", invalid="ignore")  # of sampling intervals that are none: they are told of
def read_lazy(path: str | os.PathLike[str], *, trust_pickle: bool = False) -> list[neo.Block]:
    """Open a file without reading its signals.

    `neo_currentscape.Recording.from_segment` and all that is made of it then reads the file chunk by
    chunk, in as much memory as a chunk needs, whatever the size of the file.

    Parameters
    ----------
    path : str or path
        A NIX file that `neo.io.NixIO` wrote, a folder of Zarr that a
        `neo_currentscape.adapters.neuron.CellRecorder` wrote, or a file that Neo can read with
        ``lazy=True``. Other files (pickles, tables and patch-clamp files among them) are read whole.
    trust_pickle : bool
        Whether a pickle is read, which runs the code that it holds; it is refused unless told.

    Returns
    -------
    list of neo.Block
        The file stays open as long as they are in use.

    Raises
    ------
    FileError
        When there is no such file, no Neo IO for it, the file is not whole, or it is a pickle that is not
        trusted.

    Examples
    --------
    >>> block, = ncs.read_lazy("hour.nix")                                       # doctest: +SKIP
    >>> ncs.Recording.from_segment(block, neuron=3).names                        # doctest: +SKIP
    ['K', 'Na', 'leak']
    """
    return blocks_of(path_of(path, "read_lazy()"), trust_pickle, _open)


def blocks_of(path: Path, trust_pickle: bool, read: Callable[[Any, Path], Any]) -> list[neo.Block]:
    """The Blocks of a file: of one that an adapter or this package wrote, or by one of Neo's IOs.

    Parameters
    ----------
    path : pathlib.Path
    trust_pickle : bool
    read : callable
        Of the class of an IO and the path.

    Returns
    -------
    list of neo.Block

    Raises
    ------
    FileError
        As `read_lazy`.
    """
    path = inputs.existing(path)
    unit_text.guard()
    if is_store(path):
        return [zarr.read(path)]
    if inputs.is_pickle(path):
        return pickles.read(path, trust_pickle)
    found = from_an_adapter(path)
    return first_that_reads(path, lambda kind: read(kind, path)) if found is None else found


def lets_go(function: F) -> F:
    """Let go of a file that a function opened as soon as what it made needs the file no more.

    Neo's objects hold each other, and with them the file, until Python happens to look for such circles.
    """

    @functools.wraps(function)
    def inner(*args: Any, **keywords: Any) -> Any:
        found = function(*args, **keywords)
        if any(isinstance(given, (str, os.PathLike)) for given in (*args, keywords.get("segment"))):
            gc.collect(1)
        return found

    return inner  # type: ignore[return-value]


def _open(kind: Any, path: Path) -> Any:
    if kind is neo.io.NixIO:
        return nix.read(path)
    _mend_nwb(kind)
    found = _read(kind, path)
    _check_sizes(found if isinstance(found, list) else [found], path)
    return found


def _check_sizes(blocks: list[neo.Block], path: Path) -> None:
    """Refuse unread signals that are longer than their file, before anything is made of them."""
    length = declared.length_with_parts(path)
    for segment in (segment for block in blocks for segment in block.segments):
        for signal in (*segment.analogsignals, *segment.irregularlysampledsignals):
            if hasattr(signal, "load") and hasattr(signal, "shape"):
                what = f"signal {str(signal.name)!r}"
                declared.check(path, math.prod(signal.shape), what, declared.BY_CHUNK, length)


def _read(kind: Any, path: Path) -> Any:
    """Read what the IO reads lazily, or whole where it cannot, also where it only says that it can."""
    if kind.support_lazy:
        try:
            return kind(str(path)).read(lazy=True)
        except (AttributeError, NotImplementedError, AssertionError):
            pass
    return kind(str(path)).read()


def _mend_nwb(kind: Any) -> None:
    # Neo 0.14's lazily read NWB signals lack what every other proxy has, and no Segment takes them.
    if kind is not neo.io.NWBIO:
        return
    from neo.io.nwbio import AnalogSignalProxy

    if not hasattr(AnalogSignalProxy, "segment"):
        AnalogSignalProxy.segment = None
        AnalogSignalProxy.proxy_for = property(_kind_of_nwb)


def _kind_of_nwb(proxy: Any) -> type:
    return neo.IrregularlySampledSignal if proxy.sampling_rate is None else neo.AnalogSignal

"""Opening files so that their signals stay in them, wherever the format allows it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import neo

from neo_currentscape.conventions import inputs, unit_text
from neo_currentscape.conventions.errors import ArgumentTypeError, FileError
from neo_currentscape.recording import pickles
from neo_currentscape.recording.lazy import nix


def read_lazy(path: str | os.PathLike[str], *, trust_pickle: bool = False) -> list[neo.Block]:
    """Open a file without reading its signals.

    `neo_currentscape.Recording.from_segment` and all that is made of it then reads the file chunk by
    chunk, in as much memory as a chunk needs, whatever the size of the file.

    Parameters
    ----------
    path : str or path
        A NIX file that `neo.io.NixIO` wrote, or a file that Neo can read with ``lazy=True``. Other files
        (pickles among them) are read whole.
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
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentTypeError(f"read_lazy() takes the path of a file, not {path!r}: write it as text.")
    path = inputs.existing(path)
    unit_text.guard()
    kind = io_class(path)
    if kind is neo.io.PickleIO:
        return pickles.read(path, trust_pickle)
    try:
        if kind is neo.io.NixIO:
            blocks = nix.read(path)
        else:
            _mend_nwb(kind)
            blocks = _read(kind, path)
    except FileError:
        raise
    except Exception as cause:  # each Neo IO raises what its format's library raises
        raise FileError(
            f"{str(path)!r} could not be read by {kind.__name__} "
            f"({type(cause).__name__}: {cause}): {advice(path)}."
        ) from cause
    return list(blocks) if isinstance(blocks, (list, tuple)) else [blocks]


def advice(path: Path) -> str:
    """What to do about a file that no Neo IO could read."""
    try:
        import h5py

        with h5py.File(path, "r") as file:
            held = set(file)
    except (ImportError, OSError):  # other formats are not looked into
        return "check that the file is whole"
    if "report" in held:
        return (
            "it is a SONATA report, which neo_currentscape.adapters.sonata.to_segment reads in Python "
            "into a Segment that can be saved"
        )
    return "check that the file is whole"


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


def io_class(path: str | Path) -> Any:
    """The Neo IO for a file; of several the one that keeps names and annotations.

    Raises
    ------
    FileError
        When there is none.
    """
    path = Path(path)
    if inputs.is_pickle(path):
        return neo.io.PickleIO
    if path.suffix[1:].isdigit():  # one rank's file of an MPI run
        path = path.with_suffix("")
    try:
        candidates = neo.io.list_candidate_ios(str(path))
    except ValueError:  # no IO knows the suffix
        candidates = []
    for whole in (neo.io.NixIO, neo.io.NeoMatlabIO):
        if whole in candidates:
            return whole
    if not candidates:
        raise FileError(
            f"Neo has no reader for {str(path)!r}: convert it to NIX (.nix), e.g. with neo.io.NixIO."
        )
    return next((one for one in candidates if one.support_lazy), candidates[0])

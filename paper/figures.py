"""The figures of the paper, from the built-in model and the gallery's pyramidal cell (needs NEURON)."""

from __future__ import annotations

import contextlib
import io
import pathlib
import runpy

import quantities as pq

import neo_currentscape as ncs
from neo_currentscape.models import stg

HERE = pathlib.Path(__file__).parent
EXAMPLE = HERE.parent / "examples" / "pyramidal_attribution.py"


def bursting() -> None:
    """A burst of the stomatogastric neuron."""
    block = stg.simulate("Fig. 2", t_stop=3 * pq.s)
    scape = ncs.Currentscape.from_segment(block.segments[0]).slice(0.7 * pq.s, 1.9 * pq.s)
    scape.plot(size="120x95mm").save(HERE / "bursting.png", dpi=300)


def attributed() -> None:
    """The soma of a pyramidal cell: what flows in along the dendrites as such, and where it comes from."""
    with contextlib.redirect_stdout(io.StringIO()):
        cell = runpy.run_path(str(EXAMPLE))["recording"]
    window = {"t_start": 40 * pq.ms, "t_stop": 100 * pq.ms}
    own, whole = (cell.attribute("soma", axial=axial, **window) for axial in (True, False))
    ncs.Figure(
        ncs.VoltagePanel(whole.currentscape()),
        ncs.AttributionPanel(own),
        ncs.AttributionPanel(whole),
        size="120x110mm",
    ).save(HERE / "attributed.png", dpi=300)


if __name__ == "__main__":
    bursting()
    attributed()

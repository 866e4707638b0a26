"""BluePyOpt, BluePyEModel and BlueCelluLab: what their recordings hold, as Neo Segments."""

from neo_currentscape.adapters.bluepyopt.cell import cell_segment
from neo_currentscape.adapters.bluepyopt.recording import CurrentsRecording, record
from neo_currentscape.adapters.bluepyopt.segment import to_block, to_segment

__all__ = ["CurrentsRecording", "cell_segment", "record", "to_block", "to_segment"]

"""Recordings from the bench: patch-clamp files as Neo Blocks, a Segment for each sweep, roles declared.

>>> from neo_currentscape.adapters import icephys
>>> block = icephys.read("cell.abf")                                             # doctest: +SKIP
>>> block.segments[0].annotations["clamp"]                                       # doctest: +SKIP
'current'
"""

from neo_currentscape.adapters.icephys.read import read

__all__ = ["read"]

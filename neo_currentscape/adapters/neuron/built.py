"""Mechanisms that are built at run time (``h.KSChan``, the Channel Builder), told as a MOD file would.

Of such a mechanism NEURON keeps no source, but the object that it was built with. Its current is shown as
``i``, also where an ion carries it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

#: What ``KSChan.ion`` says of a current that no ion carries.
_NO_ION = "nonspecific"

#: What ``KSChan.iv_type`` says of the equation of Goldman, Hodgkin and Katz; others are ohmic.
_GHK = 2

#: Variables that are no states; the first two decide how much is open.
_PLAIN = ("gmax", "pmax", "i", "g", "p", "e", "nsingle")


def find(h: Any, name: str) -> Any:
    """The object that a mechanism was built with; None where there is none."""
    listed = h.List("KSChan")
    built = (listed.o(index) for index in range(int(listed.count())))
    return next((one for one in built if one.name() == name), None)


def current_of(built: Any) -> str:
    """What its current would be called in a MOD file.

    Parameters
    ----------
    built : hoc.HocObject
        A KSChan.

    Returns
    -------
    str
        ``"ik"``, or ``"i"`` where no ion carries it.
    """
    ion = _ion(built)
    return f"i{ion}" if ion else "i"


def text_of(built: Any, visible: Collection[str], is_point: bool) -> str:
    """Write what decides the current as a MOD file does.

    Parameters
    ----------
    built : hoc.HocObject
        A KSChan.
    visible : collection of str
        The variables that NEURON shows of the mechanism.
    is_point : bool

    Returns
    -------
    str
    """
    ion, current = _ion(built), current_of(built)
    states = [name for name in visible if name not in _PLAIN]
    ligands = [built.ligand(index).removesuffix("_ion") for index in range(int(built.nligand()))]
    use = "".join(f"USEION {one} READ {one}i " for one in dict.fromkeys(ligands) if one != ion)
    is_ohmic = not ion or int(built.iv_type()) != _GHK
    read = f"e{ion}" if is_ohmic else f"{ion}i, {ion}o"
    use += f"USEION {ion} READ {read} WRITE {current} " if ion else "NONSPECIFIC_CURRENT i "
    kind = "POINT_PROCESS" if is_point else "SUFFIX"
    open_part = " * ".join(["gmax" if is_ohmic else "pmax", *states])
    if is_ohmic:
        declared = f"CONDUCTANCE g USEION {ion}" if ion else "CONDUCTANCE g"
        equation = f"{declared} g = {open_part} {current} = g * (v - {f'e{ion}' if ion else 'e'})"
    else:
        equation = f"{current} = {open_part} * ghk(v, {ion}i, {ion}o)"
    return (
        f"NEURON {{ {kind} {built.name()} {use}RANGE {', '.join(visible)} }} "
        f"STATE {{ {' '.join(states)} }} BREAKPOINT {{ SOLVE states METHOD cnexp {equation} }}"
    )


def _ion(built: Any) -> str:
    ion = str(built.ion())
    return "" if ion.lower() == _NO_ION else ion

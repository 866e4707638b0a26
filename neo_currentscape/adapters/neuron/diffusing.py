"""Reaction-diffusion (``neuron.rxd``), which is no mechanism of a compartment: the ions that it carries.

A ``MultiCompartmentReaction`` with ``membrane_flux=True`` adds its current to the total of an ion, and not
to that of any mechanism. It depends on concentrations alone, so that it belongs to its sample as recorded.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

#: What reaction-diffusion is called in the label of a current, as a mechanism would be.
NAME = "rxd"


def changed() -> set[str]:
    """Names of the species that reaction-diffusion changes, e.g. {"ca"}."""
    return {species.name for species in _living("species", "_all_species")}


def carried() -> set[str]:
    """Names of the species that may flow through membranes by reaction-diffusion."""
    flows = any(getattr(one, "_membrane_flux", False) for one in _living("rxd", "_all_reactions"))
    return changed() if flows else set()


def _living(module: str, listed: str) -> Iterator[Any]:
    # Who does not use it has not imported it.
    rxd = sys.modules.get(f"neuron.rxd.{module}")
    found = (reference() for reference in getattr(rxd, listed, []))
    return (one for one in found if one is not None)

"""What an electrode sees of a compartment with layers outside: the potential inside."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import numpy as np

from neo_currentscape.adapters.neuron.site import Site


def as_electrodes_see(site: Site) -> Site:
    """A site with the potential inside for its voltage, during the same steps.

    NEURON evaluates an ELECTRODE_CURRENT at ``v + vext[0]``, and so are its slope and its replay.

    Parameters
    ----------
    site : Site
        During the steps of a run.

    Returns
    -------
    Site
    """
    out, here = copy(site), site.inside()
    outside = here - site.tape[site.key("v")]
    before = site.steps.before + np.concatenate((outside[:1], outside[:-1]))
    out.steps = replace(site.steps, before=before, dv=here - before)
    out.tape = site.tape.with_values(site.key("v"), here)
    return out

"""
The figure of the original paper, by Currentscape's call
========================================================

Currentscapes were first drawn for the stomatogastric neuron (Alonso & Marder, eLife 2019;8:e42722). Here
its simulation is drawn with a configuration as the package *currentscape* takes it: only the import
is another.
"""

import quantities as pq

import neo_currentscape as currentscape
from neo_currentscape.models import stg

segment = stg.simulate("A", t_stop=3 * pq.s).segments[0]
signals = {signal.name: signal for signal in segment.analogsignals}

# %%
# The configuration of the paper's figure: currents in recorded order, and the shares as an image.

config = {
    "show": {"labels": True, "ticklabels": True, "legend": True},
    "current": {
        "names": list(stg.CURRENTS),
        "reorder": False,
        "units": "[nA]",
        "color": "black",
    },
    "currentscape": {
        "in_label": "inward %",
        "out_label": "outward %",
        "cmap": "Set1",
        "legacy_method": True,
    },
    "voltage": {"ylim": [-90, 30], "units": "[mV]", "color": "black"},
    "figsize": [3, 4],
    "labelpad": 1,
    "textsize": 6,
    "legendtextsize": 6,
    "legendbgcolor": "lightgrey",
    "adjust": {"left": None, "right": 0.82, "top": None, "bottom": None},
}
currents = [signals[name] for name in stg.CURRENTS]
paper = currentscape.plot(signals["v"], currents, config)

# %%
# One burst with everything switched on: the currents themselves, their parts of the charge, calcium, and a
# time axis that does not begin at zero.

burst = segment.time_slice(0.6 * pq.s, 1.1 * pq.s)
signals = {signal.name: signal for signal in burst.analogsignals}
everything = {
    "current": {"names": list(stg.CURRENTS)},
    "ions": {"names": ["Ca"]},
    "show": {
        "all_currents": True,
        "total_contribution": True,
        "xlabels": True,
        "xticklabels": True,
        "xgridlines": True,
    },
    "xaxis": {"units": "[ms]", "gridline_width": 0.5},
    "figsize": [4, 6],
    "title": "One burst",
}
currents = [signals[name] for name in stg.CURRENTS]
full = currentscape.plot(signals["v"], currents, everything, signals["[Ca]"])

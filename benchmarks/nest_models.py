"""All models of NEST with a membrane: charges at 0.1 ms against 0.01 ms, verdicts, and what is named.

``make bench`` prints the table; ``python benchmarks/nest_models.py --rst`` writes it for the documentation.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nest_cases as cases
import numpy as np

import neo_currentscape as ncs
from neo_currentscape.adapters import nest as adapter

#: Sampling intervals at which a verdict is asked for, at a resolution of 0.1 ms.
INTERVALS = (0.1, 0.5, 1.0)

#: Currents with less than this part of the whole charge are not compared one by one.
SMALL = 0.02

#: Recordables that are no currents and needed for none: how their names begin.
NO_CURRENTS = (
    "V_m", "V_th", "theta", "threshold", "E_sfa", "u_bar", "t_ref", "s_", "mean", "n_events", "eprop",
    "adaptation", "surrogate", "learning_", "error_", "readout_", "target_",
)  # fmt: skip

#: Those whose current is recorded as well, as itself or in parts; and what generators inject.
NEEDLESS = {
    "iaf_chxk_2008": ("g_ex", "g_in", "g_ahp"),
    "iaf_psc_alpha_multisynapse": ("I_syn",),
    "iaf_psc_exp_multisynapse": ("I_syn",),
    "iaf_psc_exp_ps_lossless": ("I_syn", "I_syn_ex", "I_syn_in"),
    **dict.fromkeys(("glif_cond", "glif_psc", "glif_psc_double_alpha"), ("I",)),
}


@dataclass(frozen=True)
class Row:
    """What was found of a model.

    Attributes
    ----------
    model : str
    spikes : tuple of int
        At 0.01 and at 0.1 ms.
    charge : float
        Largest difference of a current's charge at 0.1 ms to that at 0.01 ms, as part of the latter;
        NaN where there are no currents.
    current : str
        Which one.
    unexplained : tuple of float
        At each of `INTERVALS`.
    verdicts : tuple of str
    unnamed : tuple of str
        Recordables that were left out and not named.
    tried : int
        Recordables that were left out.
    """

    model: str
    spikes: tuple[int, int]
    charge: float
    current: str
    unexplained: tuple[float, ...]
    verdicts: tuple[str, ...]
    unnamed: tuple[str, ...]
    tried: int

    @property
    def is_true(self) -> bool:
        """Whether no verdict accuses a current, as all are there."""
        return all(text.startswith(("complete", "sampled", "cannot be checked")) for text in self.verdicts)


def sites_of(segment: Any) -> list[str | None]:
    """The recorded places of a Segment."""
    found = dict.fromkeys(s.annotations.get("site") for s in segment.analogsignals)
    return [site for site in found if site is not None] or [None]


def recordings(segment: Any) -> list[Any]:
    """A Recording of each site with a current."""
    return [ncs.Recording.from_segment(segment, site=site) for site in sites_of(segment)]


def charges(found: list[Any]) -> dict[str, np.ndarray]:
    """Outward and inward charge of each current, in pC (or mV ms)."""
    out = {}
    for recording in found:
        scape = ncs.Currentscape(recording)
        both = np.stack([scape.charge(way).magnitude for way in ("outward", "inward")], axis=1)
        for name, pair in zip(scape.names, both, strict=True):
            out[name if recording.site is None else f"{recording.site}: {name}"] = pair
    return out


def worst_charge(coarse: dict[str, np.ndarray], fine: dict[str, np.ndarray]) -> tuple[float, str]:
    """The largest part by which a charge differs, of those that are not small."""
    whole = sum(pair.sum() for pair in fine.values())
    worst, which = 0.0, ""
    for name, pair in fine.items():
        for way, one in enumerate(pair):
            if one > SMALL * whole / 2:
                apart = abs(coarse[name][way] - one) / one
                if apart > worst:
                    worst, which = float(apart), name
    return worst, which


def simulate(nest: Any, model: str, resolution: float, requests: dict[str, tuple[float, list[str]]]) -> Any:
    """Run a case with several multimeters.

    Returns
    -------
    devices : dict of str to NodeCollection
    spikes : int
    """
    neuron = cases.build(nest, model, resolution)
    devices = {}
    for key, (interval, names) in requests.items():
        devices[key] = nest.Create("multimeter", params={"record_from": names, "interval": interval})
        nest.Connect(devices[key], neuron)
    spikes = nest.Create("spike_recorder")
    if "readout" not in model:
        nest.Connect(neuron, spikes)
    nest.Simulate(cases.DURATION)
    return devices, int(spikes.n_events)


def row(nest: Any, model: str) -> Row:
    """Try one model."""
    nest.ResetKernel()
    names = [str(name) for name in nest.Create(model, params=cases.CASES[model].params).get("recordables")]
    whole = {"all": (0.01, names)}
    devices, fine_spikes = simulate(nest, model, 0.01, whole)
    fine = charges(recordings(adapter.to_segment(devices["all"])))
    requests = {f"every {interval}": (interval, names) for interval in INTERVALS}
    needless = NEEDLESS.get(model, ())
    left = [name for name in names if not name.startswith(NO_CURRENTS) and name not in needless]
    needed = [name for name in names if name not in needless]
    requests.update({name: (0.1, [other for other in needed if other != name]) for name in left})
    devices, spikes = simulate(nest, model, 0.1, requests)
    found = {
        interval: recordings(adapter.to_segment(devices[f"every {interval}"])) for interval in INTERVALS
    }
    worst, which = worst_charge(charges(found[0.1]), fine)
    balances = {interval: [ncs.balance(one) for one in many] for interval, many in found.items()}
    return Row(
        model,
        (fine_spikes, spikes),
        worst,
        which,
        tuple(max(one.unexplained for one in balances[i]) for i in INTERVALS),
        tuple(_worst_verdict(balances[i]) for i in INTERVALS),
        tuple(name for name in left if not is_named(devices[name], name)),
        len(left),
    )


def _worst_verdict(balances: list[Any]) -> str:
    texts = [one.verdict for one in balances]
    return next((text for text in texts if not text.startswith("complete")), texts[0])


def is_named(device: Any, name: str) -> bool:
    """Whether a warning names a recordable that was left out."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        adapter.to_segment(device)
    return any(f"'{name}'" in str(one.message) for one in given)


def table(models: list[str] | None = None) -> list[Row]:
    """Try all models, or some."""
    import nest

    nest.verbosity = nest.VerbosityLevel.ERROR
    found = []
    for model in models or cases.membranes(nest):
        try:
            found.append(row(nest, model))
        except ncs.CurrentscapeError as error:
            nothing = (str(error),) * len(INTERVALS)
            found.append(Row(model, (0, 0), np.nan, "", (np.nan,) * len(INTERVALS), nothing, (), 0))
    return found


def nest_models_table(models: list[str] | None = None) -> str:
    """The table as text."""
    lines = [
        "NEST's models with a membrane: charges at 0.1 ms to those at 0.01 ms; unexplained and verdict at "
        f"{', '.join(map(str, INTERVALS))} ms; recordables that were left out and named",
        f"{'model':30s} spikes   charge  (current)            unexplained           named",
    ]
    for r in table(models):
        share = "  ".join(f"{part:6.2%}" for part in r.unexplained)
        named = f"{r.tried - len(r.unnamed)}/{r.tried}"
        start = f"{r.model:30s} {r.spikes[0]:3d} {r.spikes[1]:3d}"
        lines.append(f"{start}  {r.charge:6.2%}  {r.current:22s} {share}  {named}")
        lines += [
            f"    {i} ms: {t}"
            for i, t in zip(INTERVALS, r.verdicts, strict=True)
            if not t.startswith("complete")
        ]
        lines += [f"    not named: {', '.join(r.unnamed)}"] if r.unnamed else []
    return "\n".join(lines)


def rst_table(found: list[Row]) -> str:
    """The table as it stands in the documentation."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 28 10 22 20 20", ""]
    head = ("model", "spikes", "largest difference of a charge", "unexplained", "left out and named")
    cells = [head, *(_cells(one) for one in found)]
    for row_of in cells:
        lines += [("   * - " if at == 0 else "     - ") + cell for at, cell in enumerate(row_of)]
    return "\n".join(lines)


def _cells(r: Row) -> tuple[str, ...]:
    if np.isnan(r.charge):
        return (r.model, "–", "no membrane currents: refused", "–", "–")
    marks = [_mark(text) for text in r.verdicts]
    shares = [
        mark if mark == "r" else f"{part:.2%}{mark}"
        for part, mark in zip(r.unexplained, marks, strict=True)
    ]
    spikes = f"{r.spikes[1]}" if r.spikes[0] == r.spikes[1] else f"{r.spikes[0]}, {r.spikes[1]}"
    named = f"{r.tried - len(r.unnamed)} of {r.tried}" if r.tried else "–"
    return (r.model, spikes, f"{r.charge:.2%} ({r.current})", " / ".join(shares), named)


def _mark(verdict: str) -> str:
    """c: sampled too coarsely to tell; r: a remainder, not checked; !: wrong."""
    for start, mark in (("complete", ""), ("sampled", " c"), ("cannot be checked", "r")):
        if verdict.startswith(start):
            return mark
    return " !"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*")
    parser.add_argument("--rst", action="store_true", help="write it for the documentation")
    given = parser.parse_args()
    if given.rst:
        page = Path(__file__).parents[1] / "docs" / "residuals_nest.inc"
        page.write_text(rst_table(table(given.models)) + "\n", encoding="utf-8")
    else:
        print(nest_models_table(given.models or None))


if __name__ == "__main__":
    main()

"""How often the balance gives a verdict, and how often it is true: a table of the documentation.

``python benchmarks/verdicts.py`` runs every case on its real simulator, each in a process of its own, does
one thing after another to what was recorded (see `verdict_cases`), and asks ``ncs.balance``. With ``--rst``
it writes ``docs/residuals_verdicts.inc``. ``verdicts.py CASE`` prints one case, with what was not true.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import residual_cases
import verdict_cases
from verdict_runs import OWN

import neo_currentscape as ncs

ROOT = Path(__file__).parents[1]

#: Samples of which one is kept.
EVERY = (1, 5, 10)

#: Case, what it is, what it needs, and whether C dV/dt is taken from the voltage though it was recorded.
CASES = [
    ("stg_driven", "built-in stomatogastric neuron, 0.025 ms", "scipy", False),
    ("neuron_fixed", "NEURON, hh soma with a synapse, fixed step 0.025 ms", "neuron", False),
    ("neuron_fixed", "the same, C dV/dt from the voltage", "neuron", True),
    ("neuron_cvode", "NEURON, hh soma with a synapse, CVODE", "neuron", True),
    ("neuron_seclamp", "NEURON, hh soma under voltage clamp, fixed step", "neuron", False),
    ("neuron_by_hand", "NEURON, the same currents recorded by hand, which lag a step", "neuron", False),
    ("neuron_soma", "NEURON, soma of a cell with active dendrites, by hand", "neuron", False),
    ("lfpy_fixed", "LFPy, soma and dendrites, fixed step", "LFPy", True),
    ("lfpy_variable", "LFPy, soma and dendrites, variable_dt", "LFPy", True),
    ("arbor_reversal", "Arbor, reversal potentials given", "arbor", False),
    ("arbor_plain", "Arbor, without them (first order)", "arbor", False),
    ("brian2_euler", "Brian2 Hodgkin-Huxley, Euler, 0.01 ms", "brian2", False),
    ("brian2_exponential", "Brian2 Hodgkin-Huxley, exponential Euler, 0.025 ms", "brian2", False),
    ("brian2_rk4", "Brian2 Hodgkin-Huxley, rk4, 0.01 ms", "brian2", False),
    ("sonata_report", "SONATA reports of a point neuron", "h5py", False),
    ("bmtk_soma", "BMTK, reports of a soma with a dendrite", "bmtk", False),
]

#: Where what is needed may be installed besides.
ELSEWHERE = {"brian2": ".venv-brian2", "bmtk": ".venv-bmtool"}


def measure(case: str, from_voltage: bool, shown: bool = False) -> dict[str, Any]:
    """Run a case, and judge all that is done to it at each sampling interval.

    Returns
    -------
    dict of str to dict
        For each entry of `EVERY` the kinds of the verdicts on everything recorded, and the counts of
        "true", "untold" and "false" of all that was done.
    """
    segment, selections, _ = (OWN.get(case) or getattr(residual_cases, case))()
    out: dict[str, Any] = {str(every): {"kinds": [], "counts": Counter()} for every in EVERY}
    for selection in selections:
        recording = ncs.Recording.from_segment(segment, **selection)
        if from_voltage:
            recording = verdict_cases.without_capacitive(recording)
        for every in EVERY:
            thin = recording if every == 1 else verdict_cases.coarser(recording, every)
            for variation in verdict_cases.variations(thin, case in ("neuron_soma", "bmtk_soma")):
                found = ncs.balance(variation.recording)
                rating = variation.rate(found)
                entry = out[str(every)]
                if variation.what == "everything":
                    entry["kinds"].append(found.diagnosis.kind)
                entry["counts"][rating] += 1
                if shown and rating != "true":
                    print(selection, every, variation.what, variation.name, rating, "|", found.verdict)
    return out


def python_of(need: str) -> str | None:
    """The interpreter that has what a case needs."""
    if importlib.util.find_spec(need) is not None:
        return sys.executable
    other = ROOT / ELSEWHERE.get(need, "none") / "bin" / "python"
    return str(other) if other.exists() else None


def run(case: str, from_voltage: bool, python: str) -> dict[str, Any]:
    """Measure a case in a process of its own."""
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    command = [python, __file__, case, *(["--from-voltage"] if from_voltage else []), "--json"]
    environment = {**os.environ, "PATH": path}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if ran.returncode:
        raise RuntimeError(f"{case} failed:\n{ran.stderr[-3000:]}")
    return json.loads(ran.stdout.strip().splitlines()[-1])


def cell(entry: dict[str, Any]) -> str:
    """What the table says of one sampling interval."""
    kinds, counts = Counter(entry["kinds"]), entry["counts"]
    words = ", ".join(kind if n == 1 else f"{kind} ({n})" for kind, n in kinds.items())
    parts = [f"{counts[key]} {word}" for key, word in WORDS.items() if counts.get(key)]
    return f"{words}; {', '.join(parts)}" if words else ", ".join(parts)


#: How ratings are called.
WORDS = {"true": "true", "untold": "not told", "false": "false"}


def table(rows: list[tuple[str, dict[str, Any]]]) -> str:
    """Lay out the section of the documentation."""
    total = {str(every): {"kinds": [], "counts": Counter()} for every in EVERY}
    for _, found in rows:
        for every, entry in found.items():
            total[every]["counts"].update(entry["counts"])
    heads = ["source and case", "every step", *(f"every {every}th" for every in EVERY[1:])]
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 34 22 22 22", ""]
    body = [(text, [cell(found[str(every)]) for every in EVERY]) for text, found in [*rows, ("all", total)]]
    for first, others in [(heads[0], heads[1:]), *body]:
        lines += [f"   * - {first}", *(f"     - {other}" for other in others)]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run all cases and print the table, or the one that is named."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if names:
        shown = "--json" not in sys.argv
        found = measure(names[0], "--from-voltage" in sys.argv, shown)
        print(json.dumps(found))
        return
    rows = []
    for case, text, need, from_voltage in CASES:
        python = python_of(need)
        if python is None:
            print(f"{text}: skipped, {need} is not installed")
            continue
        rows.append((text, run(case, from_voltage, python)))
        print(f"{text:62s}", "  |  ".join(cell(entry) for entry in rows[-1][1].values()), flush=True)
    if "--rst" in sys.argv:
        (ROOT / "docs" / "residuals_verdicts.inc").write_text(table(rows), encoding="utf-8")
    wrong = sum(entry["counts"].get("false", 0) for _, found in rows for entry in found.values())
    print(f"{wrong} verdicts are false")


if __name__ == "__main__":
    main()

"""How well the currents of every source balance C dV/dt: the table of the documentation.

``python benchmarks/residuals.py`` runs every case on its real simulator, each in a process of its own
(Brian2 in ``.venv-brian2``), and writes ``docs/residuals.rst``. ``residuals.py CASE`` prints one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import residual_cases as cases

import neo_currentscape as ncs

ROOT = Path(__file__).parents[1]

#: Case, what it is, what it needs, and the residual / peak total that it must keep.
CASES = [
    ("neuron_fixed", "NEURON, hh + ExpSyn + IClamp, fixed step 0.025 ms", "neuron", 1e-9),
    ("neuron_cvode", "NEURON, hh + ExpSyn + IClamp, CVODE", "neuron", 1e-9),
    ("neuron_seclamp", "NEURON, hh + ExpSyn + SEClamp, fixed step 0.025 ms", "neuron", 1e-9),
    ("lfpy_fixed", "LFPy, worst compartment, fixed step 0.025 ms", "LFPy", 1e-9),
    ("lfpy_variable", "LFPy, worst compartment, variable_dt", "LFPy", 1e-9),
    ("pynn_neuron_if", "PyNN IF_cond_exp on NEURON, 0.025 ms", "neuron", 0.01),
    ("pynn_nest_if", "PyNN IF_cond_exp on NEST, 0.025 ms", "nest", 1e-5),
    ("pynn_brian2_if", "PyNN IF_cond_exp on Brian2, 0.025 ms", "brian2", 1e-9),
    ("pynn_neuron_hh", "PyNN HH_cond_exp on NEURON, 0.025 ms", "neuron", 0.001),
    ("pynn_nest_hh", "PyNN HH_cond_exp on NEST, 0.025 ms", "nest", 0.02),
    ("nest_ht", "NEST ht_neuron, 0.01 ms, away from spikes", "nest", 0.01),
    ("nest_hh", "NEST hh_psc_alpha, 0.01 ms, away from spikes", "nest", 0.01),
    ("brian2_euler", "Brian2 Hodgkin-Huxley, Euler, 0.01 ms", "brian2", 1e-9),
    ("brian2_exponential", "Brian2 Hodgkin-Huxley, exponential Euler, 0.025 ms", "brian2", None),
    ("brian2_rk4", "Brian2 Hodgkin-Huxley, rk4, 0.01 ms (second order)", "brian2", None),
    ("arbor_reversal", "Arbor, reversal potentials given, 0.025 ms", "arbor", None),
    ("arbor_plain", "Arbor, without them, 0.025 ms (first order)", "arbor", None),
    ("stg_fine", "built-in stomatogastric neuron, sampled at 0.01 ms (second order)", "scipy", None),
]

#: The line of the page below which sections of other benchmarks stand.
BELOW = "\n.. Sections of other benchmarks.\n"


def measure(case: str) -> dict[str, Any]:
    """Run a case, and judge every site of the Segment that it makes.

    Returns
    -------
    dict
        ``worst``, ``unexplained`` (both of the worst site) and ``verdict``.
    """
    segment, selections, left_out = getattr(cases, case)()
    found = []
    for selection in selections:
        balance = ncs.balance(ncs.Recording.from_segment(segment, **selection))
        worst = balance.worst if left_out is None else cases.worst_away_from(balance, left_out)
        found.append((worst, balance.unexplained, balance.verdict))
    worst, unexplained, verdict = max(found)
    return {"worst": worst, "unexplained": unexplained, "verdict": verdict}


def run(case: str, need: str) -> dict[str, Any] | None:
    """Run a case in a process of its own; None where its simulator is not installed."""
    python = sys.executable
    if importlib.util.find_spec(need) is None:
        python = str(ROOT / ".venv-brian2" / "bin" / "python")
        if need != "brian2" or not Path(python).exists():
            return None
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    ran = subprocess.run(
        [python, __file__, case],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{case} failed:\n{ran.stderr[-3000:]}")
    return json.loads(ran.stdout.strip().splitlines()[-1])


def table(rows: list[tuple[str, str, str, str]]) -> str:
    """Lay out the page of the documentation."""
    header = ("source and case", "residual / peak", "unexplained", "required")
    lines = [
        "Residuals",
        "=========",
        "",
        "What is left of :math:`C\\,dV/dt + \\sum_k I_k - I_\\mathrm{electrode} - I_\\mathrm{axial}`,",
        "as part of the peak of the total current, and the part of the whole current that is",
        "unexplained, by ``ncs.balance``; gaps and samples in which the voltage is clamped (spikes,",
        "refractory times) are left out. Made by ``benchmarks/residuals.py`` from runs of the real",
        "simulators.",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "   :widths: 55 15 15 15",
        "",
    ]
    for row in [header, *rows]:
        lines += [f"   * - {row[0]}", *(f"     - {cell}" for cell in row[1:])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run all cases and write the page, or print the one that is named."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return
    rows, missed = [], []
    for case, text, need, required in CASES:
        found = run(case, need)
        if found is None:
            print(f"{case:20s} skipped: {need} is not installed")
            continue
        print(f"{case:20s} {found['worst']:.1e} {found['unexplained']:.1e} {found['verdict']}")
        if required is not None and not found["worst"] <= required:
            missed.append(case)
        limit = "–" if required is None else f"{required:.0e}"
        rows.append((text, f"{found['worst']:.1e}", f"{found['unexplained']:.1e}", limit))
    page = ROOT / "docs" / "residuals.rst"
    # What other benchmarks include below stays.
    below = page.read_text(encoding="utf-8").partition(BELOW)
    page.write_text(table(rows) + below[1] + below[2], encoding="utf-8")
    if missed:
        sys.exit(f"larger than required: {', '.join(missed)}")


if __name__ == "__main__":
    main()

"""PyNN's standard cells on every backend: whether charges, verdicts and names are right, as a table.

``python benchmarks/pynn_cells.py`` runs each cell type at 0.1 ms and at 0.01 ms under the same input, each
in a process of its own (Brian2 in ``.venv-brian2``), and prints the table; with ``--rst`` it writes
``docs/residuals_pynn.inc``, which ``docs/residuals.rst`` includes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pynn_cell_runs import CELLS

ROOT = Path(__file__).parents[1]
BACKENDS = {"neuron": "NEURON", "nest": "NEST", "brian2": "Brian2"}

#: By how much a charge may differ between the two steps, as a part of itself.
ALLOWED = 0.02

#: Charges below this part of their direction's total are compared with that total's part.
SMALL = 0.02

#: What is not there, or not so, for a reason outside of this package.
REASONS = {
    ("neuron", "IF_curr_delta"): "PyNN has it not on NEURON",
    ("nest", "IF_cond_exp_gsfa_grr"): "PyNN 0.13 cannot make it on NEST (KeyError 'g_r')",
    ("nest", "LIF with conductances"): "NEST has no such model",
    ("brian2", "IF_facets_hardware1"): "PyNN has it not on Brian2",
    ("brian2", "GIF_cond_exp"): "PyNN has it not on Brian2",
    ("brian2", "HH_cond_exp"): "refused: Euler's step of 0.1 ms makes the voltage infinite",
    ("brian2", "EIF_cond_alpha_isfa_ista"): (
        "Runge-Kutta steps of 0.1 ms in the upstroke: read the same way, NEST's exact ones differ by 0.4 %"
    ),
    ("brian2", "IF_cond_exp_gsfa_grr"): "PyNN 0.13 adds 1e9 times q_sfa and q_rr at a spike",
}

#: How far the charges of a row that runs may differ for its reason; above that, nothing explains it.
EXPLAINED = {("brian2", "EIF_cond_alpha_isfa_ista"): 0.025, ("brian2", "IF_cond_exp_gsfa_grr"): 0.9}


def python_of(backend: str) -> str | None:
    """An interpreter that has the backend; None where there is none."""
    if importlib.util.find_spec("pyNN") and importlib.util.find_spec(backend):
        return sys.executable
    other = os.environ.get("NEO_CURRENTSCAPE_BRIAN2_PYTHON", str(ROOT / ".venv-brian2" / "bin" / "python"))
    return other if backend == "brian2" and Path(other).exists() else None


def run(backend: str, cell: str) -> dict[str, Any] | None:
    """Run one cell type; None where PyNN or its simulator fails."""
    python = python_of(backend)
    if python is None:
        return None
    path = os.pathsep.join([str(Path(python).parent), os.environ["PATH"]])
    ran = subprocess.run(
        [python, str(Path(__file__).with_name("pynn_cell_runs.py")), backend, cell],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
        timeout=600,
        check=False,
    )
    return None if ran.returncode else json.loads(ran.stdout.strip().splitlines()[-1])


def worst_charge(found: dict[str, Any]) -> tuple[str, float]:
    """The charge that differs most between the two steps, and by which part of itself."""
    coarse, fine = found["charges"]
    worst = ("", 0.0)
    for name in {*coarse, *fine}:
        total = sum(value for key, value in fine.items() if key.split()[-1] == name.split()[-1])
        size = max(fine.get(name, 0.0), SMALL * total)
        difference = (coarse.get(name, 0.0) - fine.get(name, 0.0)) / size if size else 0.0
        worst = max(worst, (name, difference), key=lambda pair: abs(pair[1]))
    return worst


def judged(backend: str, cell: str, found: dict[str, Any] | None) -> tuple[str, ...]:
    """A row of the table: spikes, worst charge, verdict, what is not named, and what is to be said."""
    if found is None:
        return (BACKENDS[backend], cell, "–", "–", "–", "–", REASONS.get((backend, cell), "failed"))
    name, difference = worst_charge(found)
    spikes = "/".join(str(len(times)) for times in found["spikes"])
    verdict = found["verdict"].split(":")[0]
    missing = ", ".join(found["unnamed"]) or "none"
    return (
        BACKENDS[backend],
        cell,
        spikes,
        f"{difference:+.1%} ({name})",
        f"{verdict} ({100 * found['unexplained']:.1g} %)",
        missing,
        remark(backend, cell, found, abs(difference)),
    )


def remark(backend: str, cell: str, found: dict[str, Any], difference: float) -> str:
    """Why a charge differs by more than is allowed; "right" where none does."""
    if (backend, cell) in REASONS and difference <= EXPLAINED.get((backend, cell), 0.0):
        return REASONS[backend, cell]
    if difference <= ALLOWED:
        return "right"
    if any("too long" in text for text in found["warnings"][0]):
        return "warned: the step is too long for the upstroke"
    if found["unexplained"] < 1e-9:
        # What the simulator integrated, to rounding: so the difference is one of its method.
        return "the simulation itself: balanced to rounding"
    return "WRONG"


def is_wrong(row: tuple[str, ...]) -> bool:
    """Whether a row has a charge, a verdict or a missing name that nothing explains."""
    *_, verdict, missing, said = row
    told = verdict.startswith(("complete", "cannot be checked", "sampled too coarsely", "–"))
    return said in ("WRONG", "failed") or missing not in ("none", "–") or not told


def table(rows: list[tuple[str, ...]]) -> str:
    """Lay out the section of the documentation."""
    header = ("backend", "cell type", "spikes", "worst charge", "verdict at 0.1 ms", "left out unnamed", "")
    lines = [
        ".. list-table::",
        "   :header-rows: 1",
        "   :widths: 8 22 7 20 18 10 25",
        "",
    ]
    for row in [header, *rows]:
        lines += [f"   * - {row[0]}", *(f"     - {cell}".rstrip() for cell in row[1:])]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run all cell types and write the section; fail where one is wrong."""
    rows = []
    for backend in BACKENDS:
        if python_of(backend) is None:
            print(f"{BACKENDS[backend]} skipped: it is not installed")
            continue
        for cell in CELLS:
            rows.append(judged(backend, cell, run(backend, cell)))
            print("  ".join(rows[-1]))
    if "--rst" in sys.argv:
        (ROOT / "docs" / "residuals_pynn.inc").write_text(table(rows), encoding="utf-8")
    wrong = [f"{row[1]} on {row[0]}" for row in rows if is_wrong(row)]
    if wrong:
        sys.exit(f"wrong: {', '.join(wrong)}")


if __name__ == "__main__":
    main()

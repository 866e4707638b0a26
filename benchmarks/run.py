"""Time this package against its peers, side by side in one run, and print the ratios.

Absolute times depend on the machine; the ratios are what is to be compared. ``make bench`` runs it.
"""

from __future__ import annotations

import argparse

from bench_compat import compat_table
from bench_events import events_table
from bench_figure import figure_table
from bench_import import import_table
from bench_long import long_cell_table
from bench_nest import nest_table
from bench_populations import populations_table
from bench_process import long_table, process_table
from bench_scaling import figure_lines, reduction_table, zoom_table
from bench_spatial import cell_table, partition_table
from bench_summary import growth_table, summary_table
from nest_models import nest_models_table


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=float, nargs="+", default=[1e4, 1e5, 1e6])
    parser.add_argument("--largest", type=float, default=3e6, help="samples of the largest figure")
    parser.add_argument("--senders", type=int, default=10_000, help="of NEST's events")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--compartments", type=int, default=1000)
    parser.add_argument("--neurons", type=int, default=2000, help="of the population that is summarised")
    parser.add_argument("--duration", type=float, default=1000.0, help="of that cell's run, in ms")
    given = parser.parse_args()
    print(import_table())
    print()
    print(figure_table([int(n) for n in [*given.samples, given.largest]], given.repeats))
    print()
    print(process_table(2 + given.repeats))
    print()
    print(long_table())
    print()
    print(compat_table([int(n) for n in given.samples], given.repeats))
    print()
    print(reduction_table())
    print()
    print(figure_lines([10**4, 10**5, 10**6, 10**7]))
    print()
    print(zoom_table())
    print()
    print(partition_table(given.repeats))
    print()
    print(cell_table(given.compartments, given.duration))
    print()
    print(long_cell_table(given.duration))
    print()
    print(summary_table(given.repeats, given.neurons))
    print()
    print(growth_table(1, [given.neurons // k for k in (8, 4, 2, 1)]))
    print()
    print(populations_table())
    print()
    print(events_table(repeats=given.repeats))
    print()
    print(nest_table(given.repeats, given.senders))
    print()
    print(nest_models_table())


if __name__ == "__main__":
    main()

"""Runs all tables, or those named: `nox -s bench -- posts polls`.

Exits with 1 if a promise is not kept.
"""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.tables import Table

NAMES = ("posts", "polls", "takes", "download", "journal", "ranking", "promises")
"""The modules of this folder that have a table, what touches money first."""


def main(names: list[str]) -> int:
    """Prints each table as soon as it is measured; returns 1 for a broken promise."""
    if unknown := set(names) - set(NAMES):
        print(f"no table {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
        return 2
    broken = 0
    for name in names or NAMES:
        table: Table = import_module(f"benchmarks.{name}").table()
        print(f"{table}\n", flush=True)
        broken += table.broken
    print(f"{broken} promises not kept" if broken else "every promise kept")
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

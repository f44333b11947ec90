"""Proves on real processes that nothing is paid twice and nothing paid is lost."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.parts import PARTS, Plan

SHOWN = 20
"""How many of the things that are wrong are told of each part."""


def main(arguments: Sequence[str]) -> int:
    """Runs the parts that are named, or all; returns 1 if anything is wrong."""
    parser = argparse.ArgumentParser(prog="tests.chaos", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="a tenth of it all")
    parser.add_argument("--lanes", type=int, default=4 * (os.cpu_count() or 1))
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # of those killed
    wrong = False
    for name in asked.parts or PARTS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"chaos-{name}-") as folder:
            plan = Plan(asked.seed, asked.quick, asked.lanes, Path(folder))
            report = PARTS[name](plan)
        print(f"{report.line} ({time.monotonic() - began:.0f} s)", flush=True)
        for sentence in report.wrong[:SHOWN]:
            print(f"  WRONG: {sentence}", flush=True)
        if len(report.wrong) > SHOWN:
            print(f"  WRONG: and {len(report.wrong) - SHOWN} more", flush=True)
        wrong = wrong or bool(report.wrong)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

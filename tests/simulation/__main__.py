"""Proves it, in one honest line: ``python -m tests.simulation --scenarios 2000``."""

from __future__ import annotations

import argparse
import logging
import sys
from collections import Counter

from tests.simulation.planted import PLANTED
from tests.simulation.proving import Tally, hunted, judged, reproduction, tallied
from tests.simulation.schedule import scenario


def main() -> int:
    """Plays scenarios and hunts planted bugs; returns 1 if anything is amiss."""
    logging.getLogger("shotcaller").addHandler(logging.NullHandler())
    wishes = _wishes()
    if wishes.one is not None:
        return _explained(wishes.one)
    seeds = range(wishes.seed, wishes.seed + wishes.scenarios)
    tally = tallied(seeds)
    missed = [name for name in PLANTED if hunted(name) is None]
    _say(_line(wishes.seed, tally, len(PLANTED) - len(missed)))
    for name in missed:
        _say(f"  not caught: {name}")
    for seed in tally.failed[: wishes.shown]:
        _explained(seed)
    return int(bool(tally.failed or missed or not tally.scenarios))


def _wishes() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m tests.simulation")
    asked.add_argument("--scenarios", type=int, default=2_000, help="how many")
    asked.add_argument("--seed", type=int, default=1, help="the first seed")
    asked.add_argument("--shown", type=int, default=3, help="how many failures to show")
    asked.add_argument("--one", type=int, help="play this seed only, and explain it")
    return asked.parse_args()


def _line(seed: int, tally: Tally, caught: int) -> str:
    kinds: Counter[str] = Counter()
    for failed in tally.failed:
        kinds.update({_kind(one) for one in judged(scenario(failed)).violations})
    other = f", {kinds['other']} otherwise wrong" if kinds["other"] else ""
    return (
        f"simulation: {tally.scenarios:,} scenarios (seed {seed}…),"
        f" {tally.jobs:,} jobs, {tally.faults:,} faults, {tally.crashes:,} crashes:"
        f" {kinds['twice']} billed twice, {kinds['unknown']} billed and unknown{other},"
        f" {tally.parked:,} in doubt,"
        f" {caught} of {len(PLANTED)} planted bugs caught"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _kind(violation: str) -> str:
    if "bought" in violation or "the same shot" in violation:
        return "twice"
    lost = ("jobs more than takes", "is in no take", "its job", "said to be free")
    return "unknown" if any(word in violation for word in lost) else "other"


def _explained(seed: int) -> int:
    found = judged(scenario(seed)).violations
    _say(f"seed {seed}: {'; '.join(found) or 'nothing is wrong'}")
    if found:
        _say(f"  {reproduction(seed)}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

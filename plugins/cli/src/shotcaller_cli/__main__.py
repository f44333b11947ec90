"""Runs the command as ``python -m shotcaller_cli``."""

from __future__ import annotations

import sys

from shotcaller_cli.tree import run

if __name__ == "__main__":
    sys.exit(run())

"""Runs the command `shotcaller` as ``python -m shotcaller``, if it is installed."""

from __future__ import annotations

import sys
from importlib import metadata


def main() -> int:
    """Runs the installed command, or says which distribution brings it."""
    found = metadata.entry_points(group="console_scripts", name="shotcaller")
    if not found:
        hint = "pip install shotcaller-cli"
        sys.stderr.write(f"error: The command is a package of its own: {hint}\n")
        return 2
    command = next(iter(found)).load()
    return int(command() or 0)


if __name__ == "__main__":
    sys.exit(main())

"""Offers the command ``shotcaller``; plugin authors see ``shotcaller_cli.hooks``."""

from __future__ import annotations

from shotcaller_cli.tree import main, run

__all__ = ["main", "run"]

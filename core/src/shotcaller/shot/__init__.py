"""Describes what is wanted (a shot) and how to choose who makes it (a brief)."""

from __future__ import annotations

from shotcaller.shot.briefs import Brief, Fallback
from shotcaller.shot.shots import Cut, Shot
from shotcaller.shot.sources import Kind, Media, Source, media

__all__ = ["Brief", "Cut", "Fallback", "Kind", "Media", "Shot", "Source", "media"]

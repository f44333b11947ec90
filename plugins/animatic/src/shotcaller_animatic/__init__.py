"""Draws animatic drafts on this machine: a gateway without a key, a price or AI.

The plugin is :mod:`shotcaller_animatic.hooks`. The renderer, a process of its own, has
no use for the core and does not load it: half of a short draft is getting ready.
"""

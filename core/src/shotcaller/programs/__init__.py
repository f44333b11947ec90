"""Holds the core's workflow, once, as generators over effects; pure.

``generating`` opens or joins a take, ``advancing`` drives it step by step,
``sending`` and ``following`` are the steps, ``choosing`` ranks, ``outcomes`` words
the end.
"""

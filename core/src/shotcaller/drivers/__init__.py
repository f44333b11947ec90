"""Performs effects, in as many ways as there are worlds; decides nothing.

Each driver is a module of its own: one that needs no event loop loads none.
"""

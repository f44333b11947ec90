"""Holds the journal's tables, as steps from each version of the schema to the next."""

from __future__ import annotations

FIRST = """
CREATE TABLE take (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    owner TEXT,
    due REAL NOT NULL,
    parent TEXT UNIQUE REFERENCES take (id),
    heir TEXT REFERENCES take (id),
    gateway TEXT NOT NULL,
    account TEXT NOT NULL,
    remote_id TEXT,
    reserved INTEGER,
    created REAL NOT NULL,
    updated REAL NOT NULL,
    sent_at REAL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX take_by_digest ON take (digest, created);
CREATE INDEX take_by_state ON take (state, due);
CREATE INDEX take_by_remote_id ON take (gateway, remote_id);
CREATE TABLE event (
    take TEXT NOT NULL REFERENCES take (id),
    at REAL NOT NULL,
    state TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_take ON event (take, at);
"""

TIMES = """
ALTER TABLE take ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE take ADD COLUMN took REAL;
UPDATE take SET model = json_extract(body, '$.model');
CREATE INDEX take_by_model ON take (model, state, took);
"""
"""How long takes took is known from this version on."""

STEPS = (FIRST, TIMES)
"""What brings a journal of version n, its place here, to version n + 1.

A step is never changed once a release has it; what is new is one more step.
"""

VERSION = len(STEPS)

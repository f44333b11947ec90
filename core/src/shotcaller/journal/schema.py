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

MONEY = """
CREATE TABLE spend (
    take TEXT PRIMARY KEY REFERENCES take (id),
    at REAL NOT NULL,
    state TEXT NOT NULL,
    project TEXT NOT NULL,
    gateway TEXT NOT NULL,
    model TEXT NOT NULL,
    quoted INTEGER,
    billed INTEGER,
    held INTEGER
) STRICT;
CREATE INDEX spend_by_time ON spend (at);
CREATE INDEX spend_by_project ON spend (project, at);
CREATE INDEX spend_by_state ON spend (state);
INSERT INTO spend
    SELECT id, COALESCE(sent_at, created), state, '', gateway,
        model,
        CAST(ROUND(json_extract(body, '$.quote.expected') * 1000000) AS INTEGER),
        CAST(ROUND(json_extract(body, '$.billed') * 1000000) AS INTEGER),
        CASE
            WHEN state IN ('refused', 'failed', 'cancelled', 'output_lost')
                AND json_extract(body, '$.problem.charged') = 'no' THEN 0
            ELSE COALESCE(
                CAST(ROUND(json_extract(body, '$.billed') * 1000000) AS INTEGER),
                reserved)
        END
    FROM take;
UPDATE take SET body = json_set(body, '$.brief.fallback',
    CASE WHEN json_extract(body, '$.brief.fallback') THEN 'any' ELSE 'none' END);
CREATE TABLE outage (
    account TEXT PRIMARY KEY,
    gateway TEXT NOT NULL,
    mark TEXT NOT NULL,
    trouble TEXT NOT NULL,
    message TEXT NOT NULL,
    since REAL NOT NULL,
    until REAL NOT NULL,
    failures INTEGER NOT NULL
) STRICT;
CREATE TABLE quote (
    id TEXT PRIMARY KEY,
    made REAL NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX quote_by_time ON quote (made);
"""
"""What takes count for, beside them; what is wrong with accounts; prices promised."""

TIMES = """
ALTER TABLE take ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE take ADD COLUMN took REAL;
UPDATE take SET model = json_extract(body, '$.model');
CREATE INDEX take_by_model ON take (model, state, took);
"""
"""How long takes took is known from this version on."""

WHO = """
ALTER TABLE event ADD COLUMN who TEXT NOT NULL DEFAULT '';
"""
"""Which process did what is known from this version on."""

TURNS = """
CREATE TABLE turn (
    account TEXT NOT NULL,
    second INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    PRIMARY KEY (account, second)
) STRICT, WITHOUT ROWID;
"""
"""How many questions are put to an account in which second."""

STEPS = (FIRST, TIMES, MONEY, WHO, TURNS)
"""What brings a journal of version n, its place here, to version n + 1.

A step is never changed once a release has it; what is new is one more step.
"""

VERSION = len(STEPS)

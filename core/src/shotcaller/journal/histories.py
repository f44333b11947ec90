"""Counts how the takes of each model ended, and how long they took."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from shotcaller.catalog import History

FRESH = 60.0
"""For how many seconds what was counted is good enough."""

_COUNTED = """
WITH counted AS (
    SELECT
        model,
        sum(state = 'done') AS done,
        sum(state = 'output_lost' OR (state = 'failed'
            AND json_extract(body, '$.problem.code') IS NOT 'content')) AS failed,
        sum(state IN ('refused', 'failed')
            AND json_extract(body, '$.problem.code') = 'content') AS refused
    FROM take WHERE json_valid(body) GROUP BY model
), timed AS (
    SELECT
        id,
        model,
        took,
        row_number() OVER (PARTITION BY model ORDER BY took) AS place,
        count(*) OVER (PARTITION BY model) AS total
    FROM take WHERE state = 'done' AND took NOT NULL
)
SELECT
    counted.*,
    count(took) AS timed,
    min(took) FILTER (WHERE place >= 0.05 * total) AS p5,
    min(took) FILTER (WHERE place >= 0.5 * total) AS p50,
    min(took) FILTER (WHERE place >= 0.9 * total) AS p90,
    (
        SELECT json_extract(body, '$.footage.seconds')
        FROM timed AS usual JOIN take USING (id)
        WHERE usual.model = counted.model AND usual.place = (usual.total + 1) / 2
    ) AS clip
FROM counted LEFT JOIN timed USING (model) GROUP BY model
"""


def counted(db: sqlite3.Connection) -> Mapping[str, History]:
    """Returns the history of each model that has takes, by its id."""
    rows = db.execute(_COUNTED).fetchall()
    return {row["model"]: _history(row) for row in rows}


def _history(row: sqlite3.Row) -> History:
    return History(
        **{name: count for name, count in dict(row).items() if name != "model"}
    )

"""The marts that a person may read: what each says, and how fresh it is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml
from psycopg import sql
from psycopg.rows import dict_row

from shopnow.kernel import Sql
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_TOLD: Final[dict[str, str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "marts.yaml").read_text(encoding="utf-8")
)


def show_marts(visit: Visit) -> Shown:
    """Every mart that the person's role may read, with the time of its newest row."""
    if not visit.person.is_staff:
        raise NotFoundError
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(SQL["marts_readable"]).fetchall()
    for one in found:
        if one["is_dated"]:
            one["refreshed_at"] = visit.declared.changed_at(
                visit.person.role_name, one["name"], partial(_changed_at, visit, one["name"])
            )
    return Shown("marts.html", {"marts": found, "told": _TOLD})


def _changed_at(visit: Visit, name: str) -> datetime | None:
    table = sql.Identifier("mart", name)
    row = visit.conn.execute(SQL.compose("mart_fresh", mart=table)).fetchone()
    return row[0] if row else None

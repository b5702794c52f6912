"""Reading the journal: what happened, by any of its marks, and as lines for collectors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it was written down; the time in UTC."""

    event_no: int
    ts: datetime
    source: str
    type: str
    level: str
    message: str
    error_code: str | None
    seller_no: int | None
    run_id: int | None
    delivery_key: int | None
    payload: dict[str, Any] | None

    def as_line(self) -> str:
        """Return the event as one JSON object on a line: what a collector reads."""
        content: dict[str, Any] = {
            "ts": self.ts.isoformat(), "level": self.level, "type": self.type,
            "source": self.source, "message": self.message,
        }  # fmt: skip
        for name in ("error_code", "seller_no", "run_id", "delivery_key"):
            if getattr(self, name) is not None:
                content[name] = getattr(self, name)
        if self.payload:
            content["payload"] = self.payload
        return json.dumps(content | {"event_no": self.event_no}, ensure_ascii=False)


def read_events(
    conn: psycopg.Connection,
    *,
    levels: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    code: str | None = None,
    source: str | None = None,
    seller_no: int | None = None,
    run_id: int | None = None,
    delivery_key: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after_no: int | None = None,
    most: int = 100,
) -> list[EventRow]:
    """Return the newest events that fit all that is asked, in the order in which they came."""
    values = {
        "levels": list(levels) if levels else None, "types": list(types) if types else None,
        "code": code, "source": source, "seller_no": seller_no, "run_id": run_id,
        "delivery_key": delivery_key, "since": since, "until": until, "after_no": after_no,
        "most": most,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(EventRow)) as cursor:
        return cursor.execute(SQL["events_read"], values).fetchall()[::-1]

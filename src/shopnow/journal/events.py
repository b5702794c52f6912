"""Events: what happened, in the shape that alerts, pages and collectors read (DESIGN 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from psycopg.types.json import Jsonb

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class Event:
    """One event; messages carry codes and counts, never values of a person."""

    ts: datetime
    source: str
    type: Literal["technique", "fonctionnel", "securite", "qualite"]
    level: Literal["INFO", "WARNING", "ERROR"]
    message: str
    error_code: str | None = None
    seller_no: int | None = None
    run_id: int | None = None
    delivery_key: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)


def record_event(conn: psycopg.Connection, event: Event) -> None:
    """Append one event to the journal."""
    conn.execute(
        SQL["event_record"],
        {
            "ts": event.ts,
            "source": event.source,
            "type": event.type,
            "level": event.level,
            "message": event.message,
            "error_code": event.error_code,
            "seller_no": event.seller_no,
            "run_id": event.run_id,
            "delivery_key": event.delivery_key,
            "payload": Jsonb(event.payload),
        },
    )

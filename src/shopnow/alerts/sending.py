"""Sending what is queued: each message until its receiver took it, or its stand-in did.

A message is marked in the transaction that holds it, after it was sent: at worst, when the machine
dies in between, it is sent twice; never not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.alerts.channels import send
from shopnow.journal import Event, record_event
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import psycopg

    from shopnow.alerts.channels import Channels

SQL = Sql(__package__)
# After these waits a channel is given up and its stand-in is used.
RETRIES: Final = (timedelta(seconds=10), timedelta(seconds=30))
# A round sends that many at most, so that judging goes on in a storm.
_MOST: Final = 50


@dataclass
class Sent:
    """What a round of sending did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0


def send_due(conn: psycopg.Connection, channels: Channels, now: datetime) -> Sent:
    """Send the messages that are due at `now`; `conn` is in autocommit."""
    done = Sent()
    for _ in range(_MOST):
        with conn.transaction(), conn.cursor(row_factory=dict_row) as cursor:
            notice = cursor.execute(SQL["notices_due"], {"now": now}).fetchone()
            if notice is None:
                return done
            _one(conn, channels, notice, now, done)
    return done


def _one(
    conn: psycopg.Connection, channels: Channels, notice: Mapping[str, Any], now: datetime,
    done: Sent,
) -> None:  # fmt: skip
    channel = channels.by_name.get(notice["channel"])
    number, attempts = notice["notice_no"], notice["attempts"]
    if channel is not None and send(channel, notice["title"], notice["body"]):
        _mark(conn, number, "sent", now, now)
        done.sent += 1
        return
    if channel is not None and attempts < len(RETRIES):
        _mark(conn, number, "queued", now + RETRIES[attempts], None)
        done.retried += 1
        return
    _mark(conn, number, "failed", now, now)
    done.failed += 1
    _stand_in(conn, channels, notice, now)


def _stand_in(
    conn: psycopg.Connection, channels: Channels, notice: Mapping[str, Any], now: datetime
) -> None:
    """Queue the message on the channel that stands in, and say that the other one failed.

    Where that channel had the message anyway, nobody is told twice.
    """
    other = channels.fallback.get(notice["channel"])
    # A stand-in has no stand-in: two dead channels must not play ball.
    if other is not None and notice["stands_in_for"] is None:
        values = {name: notice[name] for name in ("rule", "kind", "priority", "alert_nos", "title",
                                                  "body", "queued_at")}  # fmt: skip
        more = {"channel": other, "now": now, "stands_in_for": notice["channel"]}
        conn.execute(SQL["stand_in_add"], values | more)
    record_event(
        conn,
        Event(
            ts=now,
            source="alerts",
            type="technique",
            level="ERROR",
            message=f"canal d'alerte « {notice['channel']} » en panne",
            error_code="alert_channel_failed",
            payload={"channel": notice["channel"], "notice_no": notice["notice_no"]},
        ),
    )


def _mark(
    conn: psycopg.Connection, number: int, state: str, next_try: datetime, done: datetime | None
) -> None:
    values = {"notice_no": number, "state": state, "next_try_at": next_try, "done_at": done}
    conn.execute(SQL["notice_done"], values)

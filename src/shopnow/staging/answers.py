"""Answers that went out: which delivery was answered on which channel, never to which address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psycopg.rows import class_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)
Channel = Literal["email", "drop"]


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """A judged delivery that is not answered on one channel; `about`: held or settled."""

    delivery_key: int
    source: str
    channel: Channel
    about: str
    attempts: int


def answers_due(
    conn: psycopg.Connection,
    wanted: Sequence[tuple[str, Channel]],
    *,
    now: datetime,
    since: datetime,
    delivery_key: int | None = None,
) -> list[AnswerDue]:
    """What is due of the sources and channels `wanted`, received after `since`."""
    values = {"sources": [source for source, _ in wanted], "channels": [c for _, c in wanted],
              "now": now, "since": since, "delivery_key": delivery_key}  # fmt: skip
    with conn.cursor(row_factory=class_row(AnswerDue)) as cursor:
        return cursor.execute(SQL["answers_due"], values).fetchall()


def claim_answer(
    conn: psycopg.Connection,
    due: AnswerDue,
    *,
    now: datetime,
    next_at: datetime,
    again: bool = False,
) -> bool:
    """Take an answer on, at once; False when another process has it or has sent it."""
    values = {"delivery_key": due.delivery_key, "channel": due.channel, "about": due.about,
              "now": now, "next_at": next_at, "again": again}  # fmt: skip
    return conn.execute(SQL["answer_claim"], values).rowcount == 1


def keep_answer(
    conn: psycopg.Connection,
    due: AnswerDue,
    state: Literal["sent", "failed", "nothing to say"],
    *,
    next_at: datetime | None = None,
    error: str | None = None,
) -> None:
    """Write what became of a claimed answer; `next_at` None: it is settled."""
    values = {"delivery_key": due.delivery_key, "channel": due.channel, "about": due.about,
              "state": state, "next_at": next_at, "error": error}  # fmt: skip
    conn.execute(SQL["answer_keep"], values)

"""The quality history of one seller as its page and commands show it; nothing is computed here.

Protects "one figure, one place": score, trend and bounds are those of the views that anybody reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from shopnow.kernel import Sql
from shopnow.pipeline.breaker import Breaker, read_breakers
from shopnow.pipeline.following import seller_number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class ScoreDay:
    """A day on which a seller sent: its score of the day, and of the 28 days up to it."""

    date_on: date
    score_of_day: Decimal | None
    score: Decimal | None
    judged: int
    refused: int
    records: int
    rejected: int
    touched: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule over 28 days and the 28 before: how often it failed or cleaned, on how many days."""

    rule_code: str
    failed: int
    failed_before: int
    days: int
    last_on: date


@dataclass(frozen=True, slots=True)
class Pillar:
    """One measure of a sender and feed with its learned bounds.

    `state`: good, odd, learning (too little is known), no_data.

    Hours (freshness), records (volume), columns (schema), percent (completeness), a mean in the
    attribute's own unit (distribution).
    """

    seller_no: int
    feed: str
    date_on: date
    pillar: str
    subject: str
    value: float | None
    expected: float | None
    lowest: float | None
    highest: float | None
    samples: int
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a seller stands; `days` newest first."""

    seller_no: int
    days: tuple[ScoreDay, ...]
    rules: tuple[RuleCount, ...]
    pillars: tuple[Pillar, ...]
    breaker: Breaker | None

    @property
    def score(self) -> Decimal | None:
        """The score of the 28 days up to the last on which it sent."""
        return self.days[0].score if self.days else None


def standing_of(conn: psycopg.Connection, seller: str, at: datetime, zone: str) -> Standing:
    """How a seller stands at `at` (UTC); raises UsageError for an unknown identifier."""
    number = seller_number(conn, seller)
    values = {"seller_no": number, "at": at, "zone": zone}
    with conn.cursor(row_factory=class_row(ScoreDay)) as cursor:
        days = tuple(cursor.execute(SQL["standing_days"], values).fetchall())
    with conn.cursor(row_factory=class_row(RuleCount)) as cursor:
        rules = tuple(cursor.execute(SQL["standing_rules"], values).fetchall())
    found = (one for one in read_breakers(conn) if one.seller_no == number)
    return Standing(number, days, rules, tuple(pillars_at(conn, at, zone, [number])),
                    next(found, None))  # fmt: skip


def pillars_at(
    conn: psycopg.Connection, at: datetime, zone: str, sellers: Sequence[int] | None = None
) -> list[Pillar]:
    """The five pillars at `at` (UTC) of some sellers, or of all that sent within 28 days."""
    values = {"at": at, "zone": zone, "sellers": None if sellers is None else list(sellers)}
    with conn.cursor(row_factory=class_row(Pillar)) as cursor:
        return cursor.execute(SQL["pillars"], values).fetchall()

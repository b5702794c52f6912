"""The circuit breaker of each seller: when its score collapses, new deliveries wait (ADR 0018).

Protects readers from a seller whose export broke, and the seller from a wrong catalogue: while it
is open deliveries are still judged and answered, none is loaded.  Other sellers are not affected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psycopg.rows import class_row, dict_row

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql
from shopnow.security import HOUSE

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import FeedContract
    from shopnow.staging import Delivery

SQL = Sql(__package__)
BY_RULE: Final = "regle"
OPENED, CLOSED = "breaker_open", "breaker_closed"
# Under this many lines in all a score says nothing, but that no file could be read does.
_LEAST: Final = 20


@dataclass(frozen=True, slots=True)
class Breaker:
    """How the breaker of a seller stands since its last change."""

    seller_no: int
    breaker_no: int
    is_open: bool
    changed_at: datetime
    feed: str | None
    score: Decimal | None
    since_delivery: int
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Window:
    """The last deliveries of a seller and feed since the breaker's last change, taken together.

    `worst`: the lowest score of one of them; scores are null where nothing was sent.
    """

    deliveries: int
    refused: int
    content: int
    score: Decimal | None
    worst: Decimal | None
    scored: int


def collapses(window: Window, feed: FeedContract) -> bool:
    """Say whether the deliveries are as many as the contract wants, and bad enough to open."""
    if window.deliveries < feed.breaker_deliveries or window.score is None:
        return False
    is_weighty = window.content >= _LEAST or window.refused == window.deliveries
    return is_weighty and window.score < feed.breaker_opens_below


def recovers(window: Window, feed: FeedContract) -> bool:
    """Say whether the deliveries are as many as the contract wants, and each is good."""
    if window.scored < feed.breaker_deliveries or window.worst is None:
        return False
    return window.worst >= feed.breaker_closes_from


@dataclass
class Breakers:
    """The breakers as one run sees them: `judged` after each delivery, then `question`."""

    context: Context
    conn: psycopg.Connection
    run_id: int
    _now: dict[int, Breaker] = field(default_factory=dict)
    _released: int = 0

    def __post_init__(self) -> None:
        """Read how they stand."""
        self._now = {one.seller_no: one for one in read_breakers(self.conn)}

    def judged(self, delivery: Delivery) -> None:
        """Open or close the sender's breaker by what was just found in its delivery."""
        if delivery.sender_no == HOUSE or delivery.decision is not None:
            return
        feed = self.context.contracts.feeds[delivery.feed]
        found = self._now.get(delivery.sender_no)
        if found is not None and found.is_open:
            # Good prices say nothing of a broken catalogue: only the feed that opened it closes it.
            if delivery.feed != (found.feed or delivery.feed):
                return
            if recovers(self._window(delivery, feed, found.since_delivery), feed):
                self._close(delivery, feed, found)
            return
        if delivery.score is not None and delivery.score >= feed.breaker_opens_below:
            return
        window = self._window(delivery, feed, 0 if found is None else found.since_delivery)
        if collapses(window, feed):
            self._open(delivery, feed, window)

    def question(self, delivery: Delivery) -> str | None:
        """Why the delivery has to wait (French); None where it may go on."""
        found = self._now.get(delivery.sender_no)
        if found is None or not found.is_open or delivery.decision is not None:
            return None
        return f"coupe-circuit ouvert : {found.reason}"

    def has_released(self) -> bool:
        """Whether a closing released deliveries since the last call: they wait for this run."""
        found, self._released = self._released, 0
        return found > 0

    def holds(self, delivery: Delivery) -> None:
        """Note that the open breaker held the delivery: its closing releases it."""
        values = {
            "breaker_no": self._now[delivery.sender_no].breaker_no,
            "delivery_key": delivery.delivery_key,
            "held_at": self.context.clock.now(),
        }
        self.conn.execute(SQL["breaker_holds"], values)

    def _window(self, delivery: Delivery, feed: FeedContract, since: int) -> Window:
        with self.conn.cursor(row_factory=class_row(Window)) as cursor:
            cursor.execute(
                SQL["breaker_window"],
                {
                    "sender_no": delivery.sender_no,
                    "feed": delivery.feed,
                    "since": since,
                    "until": delivery.delivery_key,
                    "deliveries": feed.breaker_deliveries,
                },
            )
            found = cursor.fetchone()
        assert found is not None  # noqa: S101 — an aggregate always gives a row
        return found

    def _open(self, delivery: Delivery, feed: FeedContract, window: Window) -> None:
        reason = (
            f"score de {window.score} sur les {window.deliveries} dernières livraisons "
            f"({delivery.feed}), sous le seuil de {feed.breaker_opens_below:g}"
        )
        self._change(delivery, OPENED, reason, window.score)

    def _close(self, delivery: Delivery, feed: FeedContract, found: Breaker) -> None:
        reason = (
            f"{feed.breaker_deliveries} livraisons de suite ({delivery.feed}) à "
            f"{feed.breaker_closes_from:g} ou plus"
        )
        values = {
            "breaker_no": found.breaker_no, "at_least": feed.breaker_closes_from,
            "except_delivery": delivery.delivery_key,
        }  # fmt: skip
        with self.conn.transaction():
            self.conn.execute(SQL["loader_lock"])
            released = self.conn.execute(SQL["breaker_release"], values).rowcount
            self._change(delivery, CLOSED, f"{reason} ; {released} livraison(s) libérée(s)", None)
        self._released += released

    def _change(self, delivery: Delivery, code: str, reason: str, score: Decimal | None) -> None:
        with self.conn.transaction():
            changed = write_change(
                self.conn, self.context, delivery.sender_no, code, reason,
                by=BY_RULE, feed=delivery.feed, score=score, since=delivery.delivery_key,
                run_id=self.run_id,
            )  # fmt: skip
        self._now[delivery.sender_no] = changed


def read_breakers(conn: psycopg.Connection) -> list[Breaker]:
    """How the breakers stand of the sellers for whom one ever changed."""
    with conn.cursor(row_factory=class_row(Breaker)) as cursor:
        return cursor.execute(SQL["breakers_now"]).fetchall()


def write_change(
    conn: psycopg.Connection,
    context: Context,
    seller_no: int,
    code: str,
    reason: str,
    *,
    by: str,
    feed: str | None = None,
    score: Decimal | None = None,
    since: int | None = None,
    run_id: int | None = None,
) -> Breaker:
    """Append a change of a breaker and journal it, within the caller's transaction.

    `since`: deliveries after this one count for the next change; None: after all received so far.
    """
    now = context.clock.now()
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(
            SQL["breaker_change"],
            {
                "seller_no": seller_no, "is_open": code == OPENED, "changed_at": now,
                "feed": feed, "score": score, "since": since, "decided_by": by,
                "reason": reason, "run_id": run_id,
            },
        ).fetchone()  # fmt: skip
    assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
    word = "ouvert" if code == OPENED else "fermé"
    event = Event(
        ts=now,
        source="pipeline",
        type="qualite",
        level="ERROR" if code == OPENED else "INFO",
        message=f"coupe-circuit du vendeur n° {seller_no} {word} : {reason}",
        error_code=code,
        seller_no=seller_no,
        run_id=run_id,
        delivery_key=None if run_id is None else since,
        payload={"score": None if score is None else float(score), "feed": feed, "by": by},
    )
    record_event(conn, event)
    return Breaker(**row)

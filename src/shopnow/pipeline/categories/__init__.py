"""Categories as people look at them, and the words by which senders call them.

A word is never changed in place: it ends, and another begins, so that what a delivery was judged
by can be told afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError, nearest
from shopnow.pipeline.following import seller_number
from shopnow.pipeline.settings_of_run import EVERYBODY
from shopnow.security import HOUSE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """One node of a tree."""

    category_id: str
    path_fr: str
    path_en: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A sender's word for a category; `sender` is `tous` where it holds for everybody."""

    sender: str
    word: str
    category_id: str
    path_fr: str


def list_categories(
    conn: psycopg.Connection, words: Sequence[str], *, taxonomy: str, limit: int
) -> tuple[list[CategoryFacts], int]:
    """Categories whose French or English path holds every word, and how many there are in all."""
    values = {
        "words": [word.lower() for word in words], "taxonomy": taxonomy, "limit": limit,
    }  # fmt: skip
    rows = conn.execute(SQL["categories_list"], values).fetchall()
    return [CategoryFacts(*row[:3]) for row in rows], rows[0][3] if rows else 0


def list_aliases(conn: psycopg.Connection, *, sender: str | None = None) -> list[Alias]:
    """The words that hold, of one sender or of all, in their order."""
    number = None if sender is None else _sender(conn, sender)
    with conn.cursor(row_factory=class_row(Alias)) as cursor:
        values = {"seller_no": number, "everybody": EVERYBODY}
        return cursor.execute(SQL["aliases_list"], values).fetchall()


def add_alias(
    conn: psycopg.Connection,
    word: str,
    category: str,
    *,
    sender: str | None,
    now: datetime,
    who: str,
) -> Alias:
    """Let a sender's word stand for a category (its identifier or one of its paths).

    Raises UsageError naming the nearest category where there is none such, or when the word is
    empty.
    """
    said, number = _word(word), _sender(conn, sender)
    found = conn.execute(SQL["category_find"], {"category": category.strip().lower()}).fetchone()
    if found is None:
        rows, _ = list_categories(conn, (), taxonomy="house", limit=100_000)
        close = nearest(category, [path for one in rows for path in (one.path_fr, one.path_en)])
        hint = f"Did you mean {close!r}?" if close else "`shopnow category list` shows them."
        raise UsageError(f"no category {category!r}", hint)
    values = {
        "seller_no": number, "word": said, "category_id": found[0], "now": now, "who": who,
    }  # fmt: skip
    with conn.transaction():
        conn.execute(SQL["alias_end"], values)
        conn.execute(SQL["alias_add"], values)
        _journal(conn, now, number, "category_alias_added", f"word for {found[0]} added by {who}")
    return Alias(sender or "tous", said, found[0], found[1])


def remove_alias(
    conn: psycopg.Connection, word: str, *, sender: str | None, now: datetime, who: str
) -> Alias:
    """End a sender's word; raises UsageError where it does not hold."""
    said, number = _word(word), _sender(conn, sender)
    values = {"seller_no": number, "word": said, "now": now, "who": who}
    with conn.transaction():
        row = conn.execute(SQL["alias_end"], values).fetchone()
        if row is None:
            raise UsageError(
                f"{word!r} is no word of {sender or 'everybody'}",
                "`shopnow category alias list` shows them.",
            )
        _journal(conn, now, number, "category_alias_removed", f"word for {row[0]} ended by {who}")
    return Alias(sender or "tous", said, row[0], "")


def _word(word: str) -> str:
    said = word.strip().lower()
    if not said:
        raise UsageError("an empty word stands for nothing")
    return said


def _sender(conn: psycopg.Connection, sender: str | None) -> int:
    if sender is None:
        return EVERYBODY
    return HOUSE if sender == "platform" else seller_number(conn, sender)


def _journal(conn: psycopg.Connection, now: datetime, number: int, code: str, text: str) -> None:
    record_event(conn, Event(
        ts=now, source="category", type="fonctionnel", level="INFO", message=text,
        error_code=code, seller_no=number if number != EVERYBODY else None,
    ))  # fmt: skip

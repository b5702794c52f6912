"""The sources of a home: which are active, which are suspended; a file name says which.

Protects deliveries: a suspended source takes nothing in until somebody activates it again.  What
it took in before stays readable, for a run, a trace, an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psycopg.rows import dict_row

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError, nearest
from shopnow.pipeline.context import SUSPENDED
from shopnow.sources import load_source

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """One source: who sends what through it, whether it reads, and its last deliveries.

    `records` and `rejected` are those of its last five deliveries.
    """

    name: str
    sender: str
    feed: str
    format: str
    state: Literal["active", "suspended"]
    deliveries: int
    last_received_at: datetime | None
    records: int
    rejected: int


def list_sources(context: Context, conn: psycopg.Connection) -> list[SourceFacts]:
    """Every source that this home knows, by name."""
    with conn.cursor(row_factory=dict_row) as cursor:
        used = {row["source"]: row for row in cursor.execute(SQL["source_use"])}
    nothing = {"deliveries": 0, "last_received_at": None, "records": 0, "rejected": 0}
    known: list[tuple[Source, Literal["active", "suspended"]]] = [
        (source, "active") for source in context.sources.values()
    ]
    known += [(load_source(path), "suspended") for path in context.suspended.values()]
    return [
        SourceFacts(
            source.name, source.sender, source.feed, source.format, state,
            **{name: used.get(source.name, nothing)[name] for name in nothing},
        )
        for source, state in sorted(known, key=lambda pair: pair[0].name)
    ]  # fmt: skip


def activate_source(context: Context, conn: psycopg.Connection, path: Path) -> Source:
    """Make a source file read deliveries from now on; the sender's own of that name is replaced.

    Raises UsageError when another sender's source, or one of the product, has the name.
    """
    source = load_source(path)
    known = context.sources.get(source.name)
    if known is not None and (known.sender != source.sender or not _file(context, known).is_file()):
        raise UsageError(
            f"another source is called {source.name!r} (of {known.sender})",
            f"Give `name:` in {path.name} another value.",
        )
    context.learn(path)
    _file(context, source).with_suffix(SUSPENDED).unlink(missing_ok=True)
    _journal(context, conn, source, "source_activated", "INFO")
    return source


def resume_source(context: Context, conn: psycopg.Connection, name: str) -> Source:
    """Make a suspended source active again; raises UsageError when it is not suspended."""
    waiting = context.suspended
    if name not in waiting:
        close = nearest(name, waiting)
        hint = f"Did you mean {close!r}?" if close else "`shopnow source list` shows all."
        raise UsageError(f"no suspended source {name!r}", hint)
    path = waiting[name]
    source = load_source(path)
    path.rename(path.with_name(f"{name}.yaml"))
    context.sources[name] = source
    _journal(context, conn, source, "source_activated", "INFO")
    return source


def suspend_source(context: Context, conn: psycopg.Connection, name: str) -> Source:
    """Stop taking in through a source; raises UsageError where there is none of that name."""
    if name not in context.sources:
        close = nearest(name, context.sources)
        hint = f"Did you mean {close!r}?" if close else "`shopnow source list` shows all."
        raise UsageError(f"no active source {name!r}", hint)
    source = context.sources[name]
    path = _file(context, source)
    if not path.is_file():
        raise UsageError(
            f"source {name!r} is not one of this home",
            "It comes with the product: change it there.",
        )
    path.rename(path.with_suffix(SUSPENDED))
    del context.sources[name]
    _journal(context, conn, source, "source_suspended", "WARNING")
    return source


def _file(context: Context, source: Source) -> Path:
    return context.settings.home / "sources" / source.sender / f"{source.name}.yaml"


def _journal(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    code: str,
    level: Literal["INFO", "WARNING"],
) -> None:
    record_event(
        conn,
        Event(
            ts=context.clock.now(),
            source="source",
            type="fonctionnel",
            level=level,
            message=f"source {source.name}: {code.removeprefix('source_')}",
            error_code=code,
            payload={"source": source.name, "sender": source.sender, "feed": source.feed},
        ),
    )

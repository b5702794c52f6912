"""The sealer: closes minutes, hashes what was written in them, keeps the digests in two places.

An event counts once it is committed, so a minute is not simply what is dated in it: the sealer
closes the minutes, then takes a snapshot. What commits later was either under way in that snapshot
(sealed by a later pass) or begins after the closing, and is then dated after it by the database.
Whatever else turns up in a closed minute was slipped in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from shopnow.journal.events import Event, record_event
from shopnow.journal.sealing.file import (
    NEIGHBOURS,
    PURGED,
    RESTORED,
    SEALED,
    neighbour,
    read_sealings,
    seal_ledger,
    sealer_alone,
)
from shopnow.journal.sealing.model import (
    EVENT_COLUMNS,
    MARK_BYTES,
    NO_DIGEST,
    Seal,
    event_digest,
    minute_of,
    ranges_from_text,
    ranges_of,
    ranges_text,
    seal_digest,
)
from shopnow.kernel import Sql, TerminalError, connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.journal.ledger import Ledger
    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a pass did: its seals, how many events, and the numbers of those slipped in."""

    sealed_until: datetime
    seals: tuple[Seal, ...]
    events: int
    slipped_in: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Tip:
    """Where the last pass ended."""

    seal_no: int
    digest: bytes
    sealed_until: datetime | None
    snapshot: str | None


def seal_minutes(settings: Settings, clock: Clock) -> Sealed:
    """Seal every minute that is closed and has events that no seal covers.

    Raises TerminalError when the warehouse is older than its seals (a restore that nobody noted),
    LedgerBrokenError when the last line of the file was altered.
    """
    ledger = seal_ledger(settings, clock)
    until = minute_of(clock.now())
    with (
        sealer_alone(settings),
        connect(settings, application_name="shopnow journal") as connection,
    ):
        _catch_up(connection, ledger)
        connection.execute(SQL["minutes_close"], {"sealed_until": until})
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            tip = _tip(connection)
            sealed = _seal(connection, tip, until, clock.now())
            _tell_slipped_in(connection, sealed, clock.now())
        if sealed.seals:
            _append(ledger, sealed.seals, _heads(settings, clock))
    return sealed


def note_restore(settings: Settings, clock: Clock, reason: str) -> int:
    """Write that the warehouse went back in time on purpose; return the last seal it still has.

    Seals after that one are void from now on. Those that the file lacks are taken from the
    warehouse, and those that it once held where it holds others now: a restore was undone. A seal
    that it never held under a number that it knows stays a finding. To be called once the restored
    warehouse answers.
    """
    ledger = seal_ledger(settings, clock)
    with sealer_alone(settings), connect(settings) as connection:
        tip = _tip(connection)
        known = read_sealings(ledger)
        lacking = [
            seal
            for seal in read_kept_seals(connection)
            if seal.seal_no not in known.seals
            or (seal != known.seals[seal.seal_no] and seal in known.ever)
        ]
        ledger.append(
            RESTORED,
            {
                "last_seal_no": tip.seal_no,
                "reason": reason,
                "seals": [seal.as_body() for seal in lacking],
            },
        )
    return tip.seal_no


def purge_events(settings: Settings, clock: Clock, before: datetime) -> int:
    """Remove the events of minutes sealed before a time, as retention asks; return how many.

    The file says so first: from then on their absence is no finding. Their seals stay.
    """
    ledger = seal_ledger(settings, clock)
    with sealer_alone(settings), connect(settings, "shopnow_owner") as connection:
        row = connection.execute(SQL["seals_before"], {"before": minute_of(before)}).fetchone()
        last = row[0] if row else None
        if last is None:
            return 0
        kept = {"purged_to": last, "last_seal_no": _tip(connection).seal_no}
        entry = ledger.last()
        if entry is None or entry.kind != PURGED or entry.body != kept:
            ledger.append(PURGED, kept)
        return connection.execute(SQL["events_purge"], {"last_seal_no": last}).rowcount


def _tip(connection: psycopg.Connection) -> _Tip:
    row = connection.execute(SQL["passes_last"]).fetchone()
    return _Tip(*row) if row else _Tip(0, NO_DIGEST, None, None)


def _catch_up(connection: psycopg.Connection, ledger: Ledger) -> None:
    """Write to the file what a crash left in the database alone; refuse a warehouse gone back."""
    entry = ledger.last()
    written = int(entry.body["last_seal_no"]) if entry else 0
    kept = _tip(connection).seal_no
    if kept < written:
        message = f"the warehouse has {kept} seals, their file has {written}"
        hint = "After a restore, run `shopnow journal resume`; else `shopnow journal verify`."
        raise TerminalError(message, hint)
    if kept > written:
        seals = [seal for seal in read_kept_seals(connection) if seal.seal_no > written]
        if len({seal.snapshot for seal in seals}) > 1:
            # A crash leaves one pass; more is a file that somebody cut or took away.
            message = f"the warehouse has {kept} seals, their file only {written}"
            hint = "Put the copy of seals.jsonl back from the backups, or `shopnow journal resume`."
            raise TerminalError(message, hint)
        _append(ledger, seals, {})


def read_kept_seals(connection: psycopg.Connection) -> list[Seal]:
    """Return the seals that the database keeps, in their order."""
    return [
        Seal(no, minute, events, ranges_from_text(covered), *rest)
        for no, minute, events, covered, *rest in connection.execute(SQL["seals_read"])
    ]


def _seal(connection: psycopg.Connection, tip: _Tip, until: datetime, at: datetime) -> Sealed:
    values = {
        "sealed_until": until,
        "last_until": tip.sealed_until,
        "last_snapshot": tip.snapshot,
    }
    row = connection.execute(SQL["snapshot_read"]).fetchone()
    assert row is not None  # noqa: S101 — a SELECT without FROM gives its row
    minutes: dict[datetime, list[Sequence[Any]]] = defaultdict(list)
    slipped_in = []
    for *event, slipped in connection.execute(SQL["events_unsealed"], values):
        if slipped:
            slipped_in.append(event[0])
        else:
            minutes[minute_of(event[EVENT_COLUMNS.index("ts")])].append(event)
    seals: list[Seal] = []
    for minute in sorted(minutes):
        before = seals[-1] if seals else None
        number = (before.seal_no if before else tip.seal_no) + 1
        previous = before.digest if before else tip.digest
        seals.append(
            _one(
                minutes[minute],
                minute,
                seal_no=number,
                previous=previous,
                sealed_until=until,
                snapshot=row[0],
            )
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["seal_record"], [_kept(seal, at) for seal in seals])
    return Sealed(until, tuple(seals), sum(map(len, minutes.values())), tuple(slipped_in))


def _one(
    events: Sequence[Sequence[Any]],
    minute: datetime,
    *,
    seal_no: int,
    previous: bytes,
    sealed_until: datetime,
    snapshot: str,
) -> Seal:
    covered = ranges_of([event[0] for event in events])
    digests = [event_digest(event) for event in events]
    return Seal(
        seal_no,
        minute,
        len(events),
        covered,
        b"".join(digest[:MARK_BYTES] for digest in digests),
        seal_digest(previous, minute, covered, digests),
        previous,
        sealed_until,
        snapshot,
    )


def _kept(seal: Seal, at: datetime) -> dict[str, Any]:
    return {
        "seal_no": seal.seal_no,
        "minute_at": seal.minute_at,
        "events": seal.events,
        "covered": ranges_text(seal.covered),
        "marks": seal.marks,
        "digest": seal.digest,
        "previous_digest": seal.previous_digest,
        "sealed_until": seal.sealed_until,
        "snapshot": seal.snapshot,
        "sealed_at": at,
    }


def _append(ledger: Ledger, seals: Sequence[Seal], heads: dict[str, tuple[int, str]]) -> None:
    ledger.append(
        SEALED,
        {
            "last_seal_no": seals[-1].seal_no,
            "seals": [seal.as_body() for seal in seals],
            "ledgers": heads,
        },
    )


def _heads(settings: Settings, clock: Clock) -> dict[str, tuple[int, str]]:
    """Return where the other ledgers end; a ledger that does not exist yet has no head."""
    found = {name: neighbour(settings, clock, name).last() for name in NEIGHBOURS}
    return {name: (entry.seq, entry.hash) for name, entry in found.items() if entry}


def _tell_slipped_in(connection: psycopg.Connection, sealed: Sealed, at: datetime) -> None:
    if not sealed.slipped_in:
        return
    event = Event(
        at,
        "journal.sealer",
        "securite",
        "ERROR",
        f"{len(sealed.slipped_in)} événement(s) glissé(s) dans une minute scellée",
        "journal_slipped_in",
        payload={"event_nos": sealed.slipped_in[:100]},
    )
    record_event(connection, event)

"""The verifier: compares the journal with the digests in the file outside the database.

Protects the rule that nobody rewrites what happened: each finding names the minute, and the events
by number wherever that can be known.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopnow.journal.ledger import LedgerBrokenError
from shopnow.journal.sealing.file import Sealings, neighbour, read_sealings, seal_ledger
from shopnow.journal.sealing.model import MARK_BYTES, NO_DIGEST, Seal, event_digest, seal_digest
from shopnow.journal.sealing.sealer import read_kept_seals
from shopnow.kernel import Sql, connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__)
# A finding names this many events at most.
_NAMED = 20
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class JournalFinding:
    """One thing that is not as it was sealed; `kind` is a word of `KINDS`."""

    kind: str
    seal_no: int | None = None
    minute_at: datetime | None = None
    event_nos: tuple[int, ...] = ()
    detail: str = ""


KINDS = {
    "file_missing": "le fichier des scellés manque",
    "file_altered": "le fichier des scellés a été modifié",
    "file_behind": "des scellés de l'entrepôt ne sont pas dans le fichier",
    "seal_missing": "un scellé manque dans l'entrepôt",
    "seal_altered": "un scellé de l'entrepôt n'est plus celui du fichier",
    "event_changed": "événement modifié après scellement",
    "event_removed": "événement supprimé après scellement",
    "event_inserted": "événement glissé dans une minute scellée",
    "ledger_altered": "un registre chaîné n'est plus celui qui a été scellé",
}


@dataclass
class JournalReport:
    """What was compared and what was found; nothing found means nothing was touched."""

    events: int = 0
    open_events: int = 0
    seals: int = 0
    sealed_until: datetime | None = None
    findings: list[JournalFinding] = field(default_factory=list)


@dataclass
class _Expected:
    """One seal while its events go by."""

    seal: Seal
    numbers: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)


class _Covered:
    """Which seal covers an event number."""

    def __init__(self, seals: Mapping[int, Seal]) -> None:
        self._ranges = sorted(
            (low, high, seal.seal_no) for seal in seals.values() for low, high in seal.covered
        )
        self._lows = [low for low, _, _ in self._ranges]

    def by(self, event_no: int) -> int | None:
        place = bisect_right(self._lows, event_no) - 1
        if place < 0:
            return None
        _, high, seal_no = self._ranges[place]
        return seal_no if event_no < high else None


def verify_journal(settings: Settings, clock: Clock) -> JournalReport:
    """Compare events, seals and the file outside; changes nothing.

    Findings are in the report. Raises TransientError when the warehouse does not answer.
    """
    report = JournalReport()
    sealings = _file_findings(settings, clock, report)
    with (
        connect(settings, autocommit=False, application_name="shopnow journal") as connection,
    ):
        kept = {seal.seal_no: seal for seal in read_kept_seals(connection)}
        if sealings is None:
            # Without the file, what the database says of itself is all there is to compare with.
            sealings = Sealings(seals=kept)
        else:
            report.findings += _seal_findings(kept, sealings)
        report.seals = len(sealings.seals)
        report.findings += _event_findings(connection, sealings, report)
    report.findings += _neighbour_findings(settings, clock, sealings)
    return report


def _file_findings(settings: Settings, clock: Clock, report: JournalReport) -> Sealings | None:
    ledger = seal_ledger(settings, clock)
    if not ledger.path.exists():
        report.findings.append(JournalFinding("file_missing", detail=ledger.path.name))
        return None
    try:
        sealings = read_sealings(ledger)
    except (LedgerBrokenError, ValueError, KeyError) as error:
        report.findings.append(JournalFinding("file_altered", detail=str(error)))
        return None
    previous = NO_DIGEST
    for seal in sorted(sealings.seals.values(), key=lambda seal: seal.seal_no):
        if seal.previous_digest != previous:
            report.findings.append(JournalFinding("file_altered", seal.seal_no, seal.minute_at))
        previous = seal.digest
    return sealings


def _seal_findings(kept: Mapping[int, Seal], sealings: Sealings) -> Iterator[JournalFinding]:
    for number, seal in sorted(sealings.seals.items()):
        if number not in kept:
            yield JournalFinding("seal_missing", number, seal.minute_at)
        elif kept[number] != seal:
            yield JournalFinding("seal_altered", number, seal.minute_at)
    for number, seal in sorted(kept.items()):
        if number not in sealings.seals:
            yield JournalFinding("file_behind", number, seal.minute_at)


def _event_findings(
    connection: psycopg.Connection, sealings: Sealings, report: JournalReport
) -> list[JournalFinding]:
    newest = sealings.seals.get(sealings.last)
    values = {
        "last_until": newest.sealed_until if newest else None,
        "last_snapshot": newest.snapshot if newest else None,
    }
    report.sealed_until = newest.sealed_until if newest else None
    covered = _Covered(sealings.seals)
    expected = {number: _Expected(seal) for number, seal in sealings.seals.items()}
    findings = []
    # On the server's side: a journal of a year does not fit into memory.
    with connection.cursor("events_read") as cursor:
        cursor.itersize = _CHUNK
        for *event, is_open in cursor.execute(SQL["events_read"], values):
            report.events += 1
            number = covered.by(event[0])
            if number is not None:
                expected[number].numbers.append(event[0])
                expected[number].digests.append(event_digest(event))
            elif is_open:
                report.open_events += 1
            else:
                findings.append(JournalFinding("event_inserted", None, event[1], (event[0],)))
    for number, one in sorted(expected.items()):
        if number > sealings.purged_to:
            findings += _compared(one)
    return findings


def _compared(one: _Expected) -> Iterator[JournalFinding]:
    """Yield what a minute lost and what changed in it."""
    seal = one.seal
    present = dict(zip(one.numbers, one.digests, strict=True))
    numbers = [number for low, high in seal.covered for number in range(low, high)]
    removed = tuple(number for number in numbers if number not in present)
    if removed:
        yield JournalFinding("event_removed", seal.seal_no, seal.minute_at, removed[:_NAMED])
    changed = tuple(_changed(seal.marks, numbers, present))
    if changed:
        yield JournalFinding("event_changed", seal.seal_no, seal.minute_at, changed[:_NAMED])
    found = seal_digest(seal.previous_digest, seal.minute_at, seal.covered, one.digests)
    if found != seal.digest and not removed and not changed:
        yield JournalFinding("event_changed", seal.seal_no, seal.minute_at)


def _changed(marks: bytes, numbers: Sequence[int], present: Mapping[int, bytes]) -> Iterator[int]:
    for place, number in enumerate(numbers):
        mark = marks[place * MARK_BYTES : (place + 1) * MARK_BYTES]
        if number in present and present[number][:MARK_BYTES] != mark:
            yield number


def _neighbour_findings(
    settings: Settings, clock: Clock, sealings: Sealings
) -> Iterator[JournalFinding]:
    for name, (count, head) in sealings.neighbours.items():
        ledger = neighbour(settings, clock, name)
        try:
            hashes = {entry.seq: entry.hash for entry in ledger.entries()}
        except LedgerBrokenError as error:
            yield JournalFinding("ledger_altered", detail=error.message)
            continue
        if hashes.get(count) != head:
            yield JournalFinding("ledger_altered", detail=f"{name}: {count}")

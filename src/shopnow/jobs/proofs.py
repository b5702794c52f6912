"""Proofs that come round by themselves: the journal against its seals, the age of what is kept.

Each leaves its result in the journal, where the indicators read it: what costs minutes on a large
warehouse is done by the worker, never in a round of the watchdog.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, record_event, seal_minutes, verify_journal
from shopnow.kernel import ShopnowError, connect
from shopnow.privacy import prove_retention

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.journal import JournalReport
    from shopnow.kernel import Clock, Settings
    from shopnow.privacy import Proof

_DAY: Final = timedelta(days=1)


def prove_the_journal(settings: Settings, clock: Clock) -> str:
    """Compare the journal with its seals, and journal how many findings there are."""
    # What is closed is sealed first; what stands in the way of it is a finding below.
    with suppress(ShopnowError):
        seal_minutes(settings, clock)
    report = verify_journal(settings, clock)
    if not report.seals and report.open_events == report.events:
        # Nothing is old enough to be sealed: a file of seals cannot be missing yet.
        report.findings = [one for one in report.findings if one.kind != "file_missing"]
    said = f"{report.events} événements, {report.seals} scellés, {len(report.findings)} constats"
    _record(settings, _journal_event(report, said, clock.now()))
    return said


def prove_the_retention(settings: Settings, clock: Clock) -> str:
    """Compare the oldest data of each class with its limit, and journal what is past it."""
    now = clock.now()
    overdue = {one.treatment: overdue_days(one, now) for one in prove_retention(settings, clock)}
    over = [name for name, days in overdue.items() if days > 0]
    said = f"{len(overdue)} durées de conservation, {len(over)} dépassées"
    event = Event(
        now, "jobs", "securite", "ERROR" if over else "INFO",
        f"preuve de conservation : {said}{_named(over)}", "retention_proved",
        payload={"overdue_days": overdue},
    )  # fmt: skip
    _record(settings, event)
    return said


def overdue_days(proof: Proof, now: datetime) -> float:
    """Return by how many days a class is past its limit, or its purge past its time; else 0."""
    late = [timedelta()]
    if proof.is_over and proof.oldest_at is not None:
        late.append(proof.limit_at - proof.oldest_at)
    if proof.is_late and proof.last_run_at is not None:
        late.append(now - proof.last_run_at)
    return round(max(late) / _DAY, 3)


def _journal_event(report: JournalReport, said: str, now: datetime) -> Event:
    kinds = sorted({one.kind for one in report.findings})
    return Event(
        now, "jobs", "securite", "ERROR" if report.findings else "INFO",
        f"preuve du journal : {said}{_named(kinds)}", "journal_proved",
        payload={"findings": len(report.findings), "kinds": kinds, "events": report.events},
    )  # fmt: skip


def _named(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _record(settings: Settings, event: Event) -> None:
    with connect(settings, application_name="shopnow proofs") as conn:
        record_event(conn, event)

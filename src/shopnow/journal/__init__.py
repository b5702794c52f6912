"""The journal: what ran, step by step, and what happened; append-only."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.journal.codes import EventCode, event_codes
    from shopnow.journal.events import Event, record_event
    from shopnow.journal.ledger import (
        Ledger,
        LedgerBrokenError,
        LedgerEntry,
        LedgerState,
        access_ledger,
        erasure_ledger,
    )
    from shopnow.journal.lines import write_lines
    from shopnow.journal.reading import EventRow, read_events
    from shopnow.journal.runs import (
        STEPS_FR,
        Run,
        Step,
        abandon_orphans,
        has_orphans,
        open_run,
    )
    from shopnow.journal.sealing import (
        EVENT_COLUMNS,
        JournalFinding,
        JournalReport,
        Sealed,
        note_restore,
        purge_events,
        seal_ledger,
        seal_minutes,
        verify_journal,
    )
    from shopnow.journal.sealing import KINDS as JOURNAL_FINDINGS

__all__ = [
    "EVENT_COLUMNS",
    "JOURNAL_FINDINGS",
    "STEPS_FR",
    "Event",
    "EventCode",
    "EventRow",
    "JournalFinding",
    "JournalReport",
    "Ledger",
    "LedgerBrokenError",
    "LedgerEntry",
    "LedgerState",
    "Run",
    "Sealed",
    "Step",
    "abandon_orphans",
    "access_ledger",
    "erasure_ledger",
    "event_codes",
    "has_orphans",
    "note_restore",
    "open_run",
    "purge_events",
    "read_events",
    "record_event",
    "seal_ledger",
    "seal_minutes",
    "verify_journal",
    "write_lines",
]

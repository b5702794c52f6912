"""Sealed minutes: the journal cannot be changed, shortened or added to unseen (ADR 0022)."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.journal.sealing.file import seal_ledger
    from shopnow.journal.sealing.model import EVENT_COLUMNS
    from shopnow.journal.sealing.sealer import Sealed, note_restore, purge_events, seal_minutes
    from shopnow.journal.sealing.verifier import (
        KINDS,
        JournalFinding,
        JournalReport,
        verify_journal,
    )

__all__ = [
    "EVENT_COLUMNS",
    "KINDS",
    "JournalFinding",
    "JournalReport",
    "Sealed",
    "note_restore",
    "purge_events",
    "seal_ledger",
    "seal_minutes",
    "verify_journal",
]

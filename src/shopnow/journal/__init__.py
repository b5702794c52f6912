"""The journal: what ran, step by step, and what happened; append-only."""

from __future__ import annotations

from shopnow.journal.events import Event, record_event
from shopnow.journal.runs import Run, Step, abandon_orphans, open_run

__all__ = ["Event", "Run", "Step", "abandon_orphans", "open_run", "record_event"]

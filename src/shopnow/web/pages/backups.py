"""Backups: the calendar, what was made, whether the last rehearsal gave everything back.

Read from files alone, as the catalogue is: the page says the same when a restore is under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.backup import KINDS_FR, backup_state, backups_of, calendar_of, shelf_of
from shopnow.kernel import FixedClock
from shopnow.web.visit import Shown

if TYPE_CHECKING:
    from shopnow.web.visit import Visit

_SHOWN = 40


def show_backups(visit: Visit) -> Shown:
    """The calendar, the state and the newest backups."""
    clock = FixedClock(visit.now)
    state = backup_state(visit.settings, clock)
    made = list(reversed(backups_of(shelf_of(visit.settings))))[:_SHOWN]
    kinds = {str(kind): words for kind, words in KINDS_FR.items()}
    kinds["drill"] = "exercice de restauration"
    values = {
        "planned": calendar_of(visit.settings, clock),
        "state": state,
        "backups": made,
        "kinds": kinds,
        "drill": state.last_drill,
    }
    return Shown("backups.html", values)

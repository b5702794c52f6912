"""Backups that are proved by restoring: making, keeping, giving back, rehearsing.

The room's rule: a backup counts only when it is whole and verified, and a restored warehouse
opens only when both ledgers have been replayed on it.
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.backup.catalogue import Line, backups_of, lines_of
    from shopnow.backup.copies import backup_key, copies_at, copies_of, copy_all
    from shopnow.backup.declarations import Declared
    from shopnow.backup.declarations import restore as restore_declarations
    from shopnow.backup.drilling.drill import drill
    from shopnow.backup.drilling.model import SABOTAGES_FR, DrillResult, Sabotage, results_in
    from shopnow.backup.due import (
        BackupState,
        Done,
        Planned,
        backup_state,
        calendar_of,
        due_backups,
    )
    from shopnow.backup.errors import (
        BackupBrokenError,
        BackupBusyError,
        BackupError,
        DiskFullError,
    )
    from shopnow.backup.fetching import fetch, fetch_keys
    from shopnow.backup.keys import restore as restore_keys
    from shopnow.backup.landing import restore as restore_landing
    from shopnow.backup.model import KINDS_FR, PHYSICAL, Backup, Extent, Kind, Mark
    from shopnow.backup.places import Shelf, shelf_of
    from shopnow.backup.pruning import Pruning, plan_pruning, prune
    from shopnow.backup.restoring.comparing import Comparison, Held, compared, held_by
    from shopnow.backup.restoring.opening import Replayed, open_live, replay_ledgers
    from shopnow.backup.restoring.parts.giving import Wish, restore_part
    from shopnow.backup.restoring.parts.model import Difference, Part, PartReport, Reach
    from shopnow.backup.restoring.recovery import Target
    from shopnow.backup.restoring.whole import (
        Built,
        Plan,
        apply_restore,
        build_beside,
        drop_restore,
        existing_side,
        plan_restore,
        restores,
        revert_restore,
    )
    from shopnow.backup.running import run_backup, shelf_for
    from shopnow.backup.verifying import Verdict, verify

__all__ = [
    "KINDS_FR",
    "PHYSICAL",
    "SABOTAGES_FR",
    "Backup",
    "BackupBrokenError",
    "BackupBusyError",
    "BackupError",
    "BackupState",
    "Built",
    "Comparison",
    "Declared",
    "Difference",
    "DiskFullError",
    "Done",
    "DrillResult",
    "Extent",
    "Held",
    "Kind",
    "Line",
    "Mark",
    "Part",
    "PartReport",
    "Plan",
    "Planned",
    "Pruning",
    "Reach",
    "Replayed",
    "Sabotage",
    "Shelf",
    "Target",
    "Verdict",
    "Wish",
    "apply_restore",
    "backup_key",
    "backup_state",
    "backups_of",
    "build_beside",
    "calendar_of",
    "compared",
    "copies_at",
    "copies_of",
    "copy_all",
    "drill",
    "drop_restore",
    "due_backups",
    "existing_side",
    "fetch",
    "fetch_keys",
    "held_by",
    "lines_of",
    "open_live",
    "plan_pruning",
    "plan_restore",
    "prune",
    "replay_ledgers",
    "restore_declarations",
    "restore_keys",
    "restore_landing",
    "restore_part",
    "restores",
    "results_in",
    "revert_restore",
    "run_backup",
    "shelf_for",
    "shelf_of",
    "verify",
]

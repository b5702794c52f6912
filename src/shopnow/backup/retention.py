"""What may be deleted: grandfather, father, son, with a floor, as a pure function.

Every backup of the last days is a son and stays with its whole chain; the first full one of each
week is a father, of each month a grandfather.  Never fewer good full ones than the floor, never
the newest, and nothing that something kept depends on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shopnow.backup.errors import BackupBrokenError
from shopnow.backup.model import PHYSICAL, Backup, Kind, chain_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings


@dataclass(frozen=True, slots=True)
class Rule:
    """How long backups stay: days of sons, weeks of fathers, months of grandfathers, floor."""

    days: int
    weeks: int
    months: int
    floor: int
    landing_days: int
    key_days: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a backup, and why (in French)."""

    backup: Backup
    kept: bool
    why: str


def rule_of(settings: Settings) -> Rule:
    """Return the rule of these settings."""
    return Rule(
        settings.backup_days,
        settings.backup_weeks,
        settings.backup_months,
        settings.backup_floor,
        settings.backup_landing_days,
        settings.backup_key_days,
    )


def fates(known: Sequence[Backup], rule: Rule, now: datetime) -> tuple[Fate, ...]:
    """Return what becomes of each backup, in the order given."""
    reasons: dict[str, str] = {}
    for kind in (Kind.PARTIAL, Kind.METADATA):
        _dated(reasons, [b for b in known if b.kind is kind], rule, now)
    for kind, days in ((Kind.STAGING, rule.landing_days), (Kind.KEYS, rule.key_days)):
        same = [b for b in known if b.kind is kind]
        # A set of landing files is whole only with those before it; keys age out without mercy.
        reasons |= {b.id: f"moins de {days} jours" for b in same if _age(b, now) <= days}
    _chains(reasons, [b for b in known if b.kind in PHYSICAL], rule, now)
    return tuple(Fate(b, b.id in reasons, reasons.get(b.id, "périmée")) for b in known)


def _chains(reasons: dict[str, str], physical: list[Backup], rule: Rule, now: datetime) -> None:
    fulls = [b for b in physical if b.kind is Kind.FULL]
    _dated(reasons, fulls, rule, now)
    for backup in physical:
        if _age(backup, now) <= rule.days:
            try:
                chain = chain_of(backup, physical)
            except BackupBrokenError:
                continue  # without its parent it can never be restored
            for member in chain:
                reasons.setdefault(member.id, f"fils : moins de {rule.days} jours, ou sa chaîne")


def _dated(reasons: dict[str, str], same: list[Backup], rule: Rule, now: datetime) -> None:
    """Keep sons, fathers, grandfathers and the floor of backups that stand for themselves."""
    ordered = sorted(same, key=lambda b: b.ended_at)
    for backup in ordered:
        if _age(backup, now) <= rule.days:
            reasons[backup.id] = f"fils : moins de {rule.days} jours"
    weeks: dict[tuple[int, int], Backup] = {}
    months: dict[tuple[int, int], Backup] = {}
    for backup in ordered:
        iso = backup.ended_at.isocalendar()
        if _age(backup, now) <= 7 * rule.weeks:
            weeks.setdefault((iso.year, iso.week), backup)
        if _age(backup, now) <= 31 * rule.months:
            months.setdefault((backup.ended_at.year, backup.ended_at.month), backup)
    for backup in weeks.values():
        reasons.setdefault(backup.id, "père : première de sa semaine")
    for backup in months.values():
        reasons.setdefault(backup.id, "grand-père : première de son mois")
    for backup in ordered[-rule.floor :]:
        reasons.setdefault(backup.id, f"plancher : les {rule.floor} dernières restent toujours")


def _age(backup: Backup, now: datetime) -> float:
    return (now - backup.ended_at) / timedelta(days=1)


def oldest_wal_wanted(kept: Sequence[Backup], rule: Rule, now: datetime) -> str | None:
    """Return the first WAL segment still wanted: that of the oldest full son, or None for all.

    Fathers and grandfathers carry in themselves the WAL that makes them consistent.
    """
    physical = [b for b in kept if b.kind in PHYSICAL and b.start_segment]
    sons = [b for b in physical if _age(b, now) <= rule.days]
    if not sons:
        sons = sorted(physical, key=lambda b: b.ended_at)[-1:]
    segments = []
    for backup in sons:
        try:
            segments += [b.start_segment for b in chain_of(backup, physical) if b.start_segment]
        except BackupBrokenError:
            continue
    return min(segments, key=lambda name: name[8:], default=None)

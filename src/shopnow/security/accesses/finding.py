"""Find open accesses by their names: one or thousands of them in one reading of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import UsageError
from shopnow.security.accesses.following import read_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Clock, Settings
    from shopnow.security.accesses.model import Access


def find_open(settings: Settings, clock: Clock, name: str) -> Access:
    """Return the open access of that name or role; raises UsageError when there is none."""
    return find_each(settings, clock, [name])[0]


def find_each(settings: Settings, clock: Clock, names: Sequence[str]) -> tuple[Access, ...]:
    """Return the open accesses of these names or roles, each once, in the order given.

    Raises UsageError for the first name that is none's.
    """
    by_name: dict[str, Access] = {}
    for access in read_ledger(settings, clock).values():
        if access.is_open:
            by_name[access.label] = by_name[access.role_name] = access
    for name in names:
        if name not in by_name:
            raise UsageError(f"no open access {name!r}", "`shopnow access list` names them.")
    # Named twice, by name and by role, it is still one access.
    return tuple({by_name[name].role_name: by_name[name] for name in names}.values())

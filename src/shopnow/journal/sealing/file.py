"""The file of seals outside the database: what it says now, read from its chained entries.

Kinds of entries: `sealed` (one pass, its seals), `restored` (the warehouse went back to a seal:
what was sealed later is void), `purged` (events up to a seal are gone: their time was over).
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopnow.journal.ledger import Ledger
from shopnow.journal.sealing.model import Seal, seal_from_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopnow.journal.ledger import LedgerEntry
    from shopnow.kernel import Clock, Settings

SEALED = "sealed"
RESTORED = "restored"
PURGED = "purged"
# What other ledgers ended with when a minute was sealed.
NEIGHBOURS = ("access", "erasure")


@dataclass
class Sealings:
    """What the file says: the seals in force by number, and what is no longer kept."""

    seals: dict[int, Seal] = field(default_factory=dict)
    # Every seal it ever held, void ones too: a warehouse may go back to where it was before.
    ever: set[Seal] = field(default_factory=set)
    purged_to: int = 0
    # Number of entries and hash of the last, a ledger, at the last sealing.
    neighbours: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Number of the last seal in force, 0 without any."""
        return max(self.seals, default=0)


def seal_ledger(settings: Settings, clock: Clock) -> Ledger:
    """Return the file of seals of this home; copies of it elsewhere are its worth."""
    return Ledger(settings.home / "ledgers" / "seals.jsonl", clock)


def neighbour(settings: Settings, clock: Clock, name: str) -> Ledger:
    """Return the ledger `name` of this home."""
    return Ledger(settings.home / "ledgers" / f"{name}.jsonl", clock)


@contextmanager
def sealer_alone(settings: Settings) -> Iterator[None]:
    """Hold the seals of this home: one sealer at a time, another waits."""
    folder = settings.home / "ledgers"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "seals.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _seals(entry: LedgerEntry) -> dict[int, Seal]:
    seals = [seal_from_body(body) for body in entry.body["seals"]]
    return {seal.seal_no: seal for seal in seals}


def read_sealings(ledger: Ledger) -> Sealings:
    """Return what the whole file says.

    Raises LedgerBrokenError when it was altered, ValueError or KeyError when an entry is no seal.
    """
    said = Sealings()
    for entry in ledger.entries():
        if entry.kind == SEALED:
            said.seals.update(_seals(entry))
            said.ever.update(_seals(entry).values())
            said.neighbours = {
                name: (int(count), str(head))
                for name, (count, head) in entry.body["ledgers"].items()
            }
        elif entry.kind == RESTORED:
            last = int(entry.body["last_seal_no"])
            said.seals = {number: seal for number, seal in said.seals.items() if number <= last}
            said.seals.update(_seals(entry))
        elif entry.kind == PURGED:
            said.purged_to = int(entry.body["purged_to"])
    return said

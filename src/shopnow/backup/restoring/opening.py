"""Opening a restored warehouse: refused until both ledgers are replayed on it.

Protects people and sellers: who was erased since the backup is erased again, whose access was
revoked, suspended or given another password stays so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.backup.errors import BackupError
from shopnow.kernel import ShopnowError
from shopnow.kernel.server import CLOSED, Server, place_of
from shopnow.privacy import replay_erasures
from shopnow.security import replay_access

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many entries of each ledger there are, all of them done on the restored warehouse."""

    erasures: int
    accesses: int


def open_live(settings: Settings, clock: Clock) -> Replayed:
    """Open a warehouse that was put in service by hand: replay, then let everybody in.

    Raises BackupError when a ledger cannot be replayed: then it stays closed.
    """
    server = Server(settings)
    server.start()
    replayed = replay_ledgers(settings, clock)
    place = place_of(settings)
    if place and (place.data / CLOSED).is_file():
        server.stop()
        (place.data / CLOSED).unlink()
        server.start()
    return replayed


def replay_ledgers(settings: Settings, clock: Clock) -> Replayed:
    """Replay both ledgers on the warehouse of `settings`; doing it again changes nothing.

    Raises BackupError when a ledger is broken or cannot be replayed: then it must stay closed.
    """
    try:
        erasures = replay_erasures(settings, clock)
        accesses = replay_access(settings, clock)
    except ShopnowError as error:
        raise BackupError(
            "l'entrepôt restauré reste fermé : un registre n'a pas pu être rejoué "
            f"({error.message})",
            error.hint or "Réparer le registre depuis sa sauvegarde, puis `shopnow restore open`.",
        ) from error
    return Replayed(erasures.entries, accesses.entries)

"""Opening a restored warehouse: refused until both ledgers are replayed on it.

Protects people and sellers: who was erased since the backup is erased again, whose access was
revoked, suspended or given another password stays so.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.backup.errors import BackupError
from shopnow.journal import note_restore
from shopnow.kernel import ShopnowError, connect
from shopnow.kernel.server import CLOSED, Server, place_of
from shopnow.privacy import replay_erasures
from shopnow.security import replay_access, watch_catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

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
        go_on_sealing(settings, clock, "entrepôt restauré, ouvert à la main", lambda _: None)
    return replayed


def forget_differences(settings: Settings) -> None:
    """Delete what loads keep of the deliveries before: the warehouse is not the one they knew.

    The next delivery of each source is taken in whole.
    """
    shutil.rmtree(settings.home / "differences", ignore_errors=True)


def go_on_sealing(
    settings: Settings, clock: Clock, reason: str, progress: Callable[[str], None]
) -> None:
    """Note in the file of seals that the warehouse went back in time on purpose.

    Else the journal would be taken for a falsified one, and sealed no more.  What the restore
    changed itself (passwords, files of the server) is told as its doing, not as an alarm.
    """
    with connect(settings, application_name="shopnow restore") as connection:
        watch_catalogue(connection, settings, clock.now(), said_by="restore")
    try:
        note_restore(settings, clock, reason)
    except ShopnowError as error:
        progress(f"les scellés ne reprennent pas ({error.message}) : `shopnow journal resume`")


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

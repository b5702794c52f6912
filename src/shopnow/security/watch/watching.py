"""One pass of the watch: the server's log, the catalogue, the seals. Scheduled every minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.journal import Sealed, seal_minutes
from shopnow.kernel import connect
from shopnow.security.watch.catalogue import CatalogueSeen, watch_catalogue
from shopnow.security.watch.tail import LogRead, read_server_log

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True, slots=True)
class Watched:
    """What one pass saw and sealed."""

    log: LogRead
    catalogue: CatalogueSeen
    sealed: Sealed


def watch_security(settings: Settings, clock: Clock) -> Watched:
    """Read the log, compare the catalogue, seal the minutes that are closed.

    Raises what `seal_minutes` raises; what was read and compared is kept then.
    """
    with connect(settings, application_name="shopnow watch") as connection:
        log = read_server_log(connection, settings, clock.now())
        catalogue = watch_catalogue(connection, settings, clock.now())
    return Watched(log, catalogue, seal_minutes(settings, clock))

"""From settings to a warehouse one can connect to, whoever runs the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel.migrations import migrate, pending_migrations
from shopnow.kernel.server.bootstrap import bootstrap
from shopnow.kernel.server.cluster import Server

if TYPE_CHECKING:
    from shopnow.kernel.settings import Settings


def ensure_running(settings: Settings) -> None:
    """Make the embedded server run; with a DSN nothing is started."""
    if settings.embedded:
        Server(settings).start()


def open_warehouse(settings: Settings) -> tuple[str, ...]:
    """Make the server run and the schema current; return the migrations applied.

    Raises TransientError when the server does not answer, TerminalError when an applied
    migration has changed or a new one fails.
    """
    ensure_running(settings)
    if not settings.embedded:
        bootstrap(settings)
    if not pending_migrations(settings):
        return ()
    return migrate(settings)

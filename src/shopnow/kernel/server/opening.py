"""From settings to a warehouse one can connect to, whoever runs the server."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

from shopnow.kernel.errors import ShopnowError
from shopnow.kernel.migrations import migrate, pending_migrations
from shopnow.kernel.server.bootstrap import bootstrap
from shopnow.kernel.server.cluster import Server

if TYPE_CHECKING:
    from shopnow.kernel.migrations import Migration
    from shopnow.kernel.settings import Settings

# What a room does to the database after each change of its schema: rights and row policies are
# declared, not migrated. By name, because the kernel imports no room.
AFTER_MIGRATIONS: Final = ("shopnow.security:settle_access",)


def ensure_running(settings: Settings) -> None:
    """Make the embedded server run; with a DSN nothing is started."""
    if settings.embedded:
        Server(settings).start()


def open_warehouse(settings: Settings) -> tuple[str, ...]:
    """Make the server run and the schema current; return the migrations applied.

    Raises TransientError when the server does not answer, TerminalError when an applied
    migration has changed or a new one fails.
    """
    if not _pending(settings):
        return ()
    applied = migrate(settings)
    for name in AFTER_MIGRATIONS:
        module, _, function = name.partition(":")
        getattr(import_module(module), function)(settings)
    return applied


def _pending(settings: Settings) -> tuple[Migration, ...]:
    if settings.embedded:
        # A server that answers this has been asked enough: it runs, with its roles and database.
        with suppress(ShopnowError):
            return pending_migrations(settings)
    ensure_running(settings)
    if not settings.embedded:
        bootstrap(settings)
    return pending_migrations(settings)

"""The floor of the house: settings, errors, clock, SQL texts, connections, migrations.

No word of the business appears here.  The embedded server is `shopnow.kernel.server`.
"""

from shopnow.kernel.clock import Clock, FixedClock, RunningClock, SystemClock
from shopnow.kernel.connection import (
    acting_as,
    connect,
    connect_elsewhere,
    connection_parameters,
    connection_url,
    database_name,
)
from shopnow.kernel.errors import (
    ShopnowError,
    TerminalError,
    TransientError,
    UsageError,
    from_database,
    nearest,
)
from shopnow.kernel.home import Home, write_private
from shopnow.kernel.layout import data_dir
from shopnow.kernel.lazy import imported_when_used
from shopnow.kernel.migrations import (
    Migration,
    migrate,
    pending_migrations,
    read_migrations,
    with_packages,
)
from shopnow.kernel.settings import Settings, load_settings
from shopnow.kernel.sqltext import Sql

__all__ = [
    "Clock",
    "FixedClock",
    "Home",
    "Migration",
    "RunningClock",
    "Settings",
    "ShopnowError",
    "Sql",
    "SystemClock",
    "TerminalError",
    "TransientError",
    "UsageError",
    "acting_as",
    "connect",
    "connect_elsewhere",
    "connection_parameters",
    "connection_url",
    "data_dir",
    "database_name",
    "from_database",
    "imported_when_used",
    "load_settings",
    "migrate",
    "nearest",
    "pending_migrations",
    "read_migrations",
    "with_packages",
    "write_private",
]

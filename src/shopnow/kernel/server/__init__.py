"""The embedded PostgreSQL server, its roles and its databases.

`ensure_running` is what a door calls; `SHOPNOW_DSN` turns the whole room into a no-op, because
then the server is somebody else's.  A server started for one command keeps running until
`shopnow down`: starting it costs more than most commands.
"""

from shopnow.kernel.server.account import Account, server_account
from shopnow.kernel.server.binaries import Binaries
from shopnow.kernel.server.bootstrap import bootstrap, create_database, drop_database
from shopnow.kernel.server.cluster import Server, ServerStatus
from shopnow.kernel.server.health import Check, examine, warehouse_facts
from shopnow.kernel.server.opening import ensure_running, open_warehouse
from shopnow.kernel.server.roles import ROLES, Role

__all__ = [
    "ROLES",
    "Account",
    "Binaries",
    "Check",
    "Role",
    "Server",
    "ServerStatus",
    "bootstrap",
    "create_database",
    "drop_database",
    "ensure_running",
    "examine",
    "open_warehouse",
    "server_account",
    "warehouse_facts",
]

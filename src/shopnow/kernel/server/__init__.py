"""The embedded PostgreSQL server, its roles and its databases.

`ensure_running` is what a door calls; `SHOPNOW_DSN` turns the whole room into a no-op, because
then the server is somebody else's.  A server started for one command keeps running until
`shopnow down`: starting it costs more than most commands.
"""

from shopnow.kernel.server.account import Account, server_account
from shopnow.kernel.server.binaries import Binaries, packaged_binaries
from shopnow.kernel.server.bootstrap import (
    bootstrap,
    create_database,
    drop_database,
    login_verifier,
    renew_passwords,
)
from shopnow.kernel.server.cluster import Server, ServerStatus
from shopnow.kernel.server.config import CLOSED
from shopnow.kernel.server.health import Check, examine, warehouse_facts
from shopnow.kernel.server.opening import ensure_running, open_warehouse
from shopnow.kernel.server.place import Place, chosen_place, place_of
from shopnow.kernel.server.port import free_port
from shopnow.kernel.server.roles import ROLES, Role

__all__ = [
    "CLOSED",
    "ROLES",
    "Account",
    "Binaries",
    "Check",
    "Place",
    "Role",
    "Server",
    "ServerStatus",
    "bootstrap",
    "chosen_place",
    "create_database",
    "drop_database",
    "ensure_running",
    "examine",
    "free_port",
    "login_verifier",
    "open_warehouse",
    "packaged_binaries",
    "place_of",
    "renew_passwords",
    "server_account",
    "warehouse_facts",
]

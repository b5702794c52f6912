"""The port of the embedded server: free when first chosen, kept for the next start."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from shopnow.kernel.connection import LOOPBACK
from shopnow.kernel.home import write_private

if TYPE_CHECKING:
    from shopnow.kernel.home import Home


def kept_port(home: Home) -> int | None:
    """Return the port of the last start, or None."""
    try:
        return int(home.port_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None


def keep_port(home: Home, port: int) -> None:
    """Write the port down for clients and for the next start."""
    if kept_port(home) != port:
        write_private(home.port_file, f"{port}\n")


def port_to_use(home: Home) -> int:
    """Return the kept port if nobody listens on it, else a free one."""
    kept = kept_port(home)
    if kept is not None and is_free(kept):
        return kept
    return free_port()


def free_port() -> int:
    """Return a port of this machine on which nobody listens right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Say whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As PostgreSQL does: connections that are merely winding down do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Say whether something accepts connections on the port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2):
            return True
    except OSError:
        return False

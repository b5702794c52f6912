"""Why the embedded server did not start, in words that say what to do."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from shopnow.kernel.errors import ShopnowError, TerminalError, TransientError

if TYPE_CHECKING:
    from pathlib import Path


class Trouble(Enum):
    """The kinds of failure that we tell apart."""

    PORT_TAKEN = "port taken"
    NOT_YET_GONE = "the former server is not yet gone"
    DISK_FULL = "disk full"
    OTHER_VERSION = "data of another version"
    NO_RIGHTS = "no rights"
    OTHER = "other"


# In this order: a full disk explains whatever else is said after it.
_SIGNS: Final = (
    (Trouble.DISK_FULL, ("No space left on device", "Disk quota exceeded")),
    (Trouble.OTHER_VERSION, ("are incompatible with server", "was initialized by PostgreSQL")),
    (
        Trouble.NOT_YET_GONE,
        ('lock file "postmaster.pid" already exists', "pre-existing shared memory block"),
    ),
    (Trouble.PORT_TAKEN, ("could not create any TCP/IP sockets", "Address already in use")),
    (Trouble.NO_RIGHTS, ("Permission denied", "has invalid permissions", "has wrong ownership")),
)
_HINTS: Final = {
    Trouble.PORT_TAKEN: "Delete the file `pg/port` of the home to let another be chosen.",
    Trouble.NOT_YET_GONE: "Wait a minute; if it stays, end the `postgres` process of this data.",
    Trouble.DISK_FULL: "Free some space on that disk, then `shopnow up`.",
    Trouble.OTHER_VERSION: "Install the version that made them, dump, and load into a new home.",
    Trouble.NO_RIGHTS: "Run as the user who made this warehouse, or give the files back to it.",
    Trouble.OTHER: "The log named above says more; `shopnow doctor` checks the machine.",
}


def recognised(said: str) -> Trouble:
    """Return the kind of failure that the output of the server speaks of."""
    for trouble, signs in _SIGNS:
        if any(sign in said for sign in signs):
            return trouble
    return Trouble.OTHER


def explained(trouble: Trouble, data: Path, log: Path, said: str) -> ShopnowError:
    """Return the error to raise for a server of `data` that did not start."""
    hint = _HINTS[trouble]
    if trouble is Trouble.OTHER:
        last = next((line for line in reversed(said.splitlines()) if "FATAL" in line), "")
        reason = f": {last.strip()}" if last else f" (log in {log})"
        return TerminalError(f"the server of {data} did not start{reason}", hint)
    message = f"the server of {data} did not start: {trouble.value}"
    return (TransientError if trouble is Trouble.NOT_YET_GONE else TerminalError)(message, hint)

"""The exchange of a restored data folder for the live one: one step of the file system.

Protects the rule that an interrupted restore leaves either the live warehouse or the restored one,
never none: the folders change places at once, where the system can do that.
"""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from shopnow.backup.tools import Programs
from shopnow.kernel import ShopnowError
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.backup.restoring.side import Side
    from shopnow.kernel import Settings
    from shopnow.kernel.server import Place

_HERE: Final = -100  # AT_FDCWD
_EXCHANGE: Final = 2  # RENAME_EXCHANGE
_NOT_OFFERED: Final = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)
_SEGMENT_LENGTH: Final = 24
_NAME: Final = "shopnow.restored"
_CURRENT: Final = "Latest checkpoint's REDO WAL file:"


def swap(side: Side, live: Place) -> bool:
    """Exchange the data folders; both servers are stopped.  Return whether there was a live one.

    The restored one carries its name from then on: whoever comes after an interruption sees by
    `in_service` which of the two is where.
    """
    offer_for_archiving(side)
    name = side.data / _NAME
    name.write_text(side.folder.name, encoding="ascii")
    side.place.account.own(name)
    if not live.data.is_dir():
        side.data.rename(live.data)
        return False
    exchange(side.data, live.data)
    return True


@contextmanager
def exchanging(settings: Settings) -> Iterator[None]:
    """Keep the live server stopped while the block exchanges its data, then start what is there.

    Also when the block fails: what was live goes on.
    """
    server = Server(settings)
    try:
        with server.kept_stopped():
            yield
    except BaseException:
        with suppress(ShopnowError):
            server.start()
        raise
    server.start()


def in_service(live: Place) -> str:
    """Return the name of the restore whose data are in service; empty when they never were."""
    try:
        return (live.data / _NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def exchange(one: Path, other: Path) -> None:
    """Let two folders change names, at once where the system knows how."""
    function = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if function is not None:
        paths = (os.fsencode(one), os.fsencode(other))
        if function(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0:
            return
        number = ctypes.get_errno()
        if number not in _NOT_OFFERED:
            raise OSError(number, os.strerror(number), str(one))
    waiting = other.with_name(f"{other.name}.leaving")
    other.rename(waiting)
    one.rename(other)
    waiting.rename(one)


def offer_for_archiving(side: Side) -> None:
    """Mark the new timeline's finished segments, and its history, to be archived.

    They were written while the restored server archived nothing, so that a restore that is thrown
    away leaves no trace in the archive.
    """
    wal, status = side.data / "pg_wal", side.data / "pg_wal" / "archive_status"
    names = sorted(path.name for path in wal.iterdir() if path.is_file())
    current = _current_segment(side)
    # Files beyond the current one are old ones waiting to be written again: they hold nothing.
    finished = [
        name
        for name in names
        if len(name) == _SEGMENT_LENGTH and name[:8] == current[:8] and name < current
    ]
    for name in (*(n for n in names if n == f"{current[:8]}.history"), *finished):
        path = status / f"{name}.ready"
        if not (status / f"{name}.done").exists():
            path.touch()
            side.place.account.own(path)


def _current_segment(side: Side) -> str:
    """Return the segment that a server, stopped in peace, will go on to write."""
    text = Programs(side.live).run("pg_controldata", side.data, writing="l'échange")
    line = next(row for row in text.splitlines() if row.startswith(_CURRENT))
    return line.removeprefix(_CURRENT).strip()


def timeline_of(data: Path) -> int:
    """Return the timeline that a stopped server writes, from the histories in its log."""
    names = (path.name for path in (data / "pg_wal").glob("*.history"))
    return max((int(name.removesuffix(".history"), 16) for name in names), default=1)

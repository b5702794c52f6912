"""Recovery of a restored data folder to the wanted moment, without any network.

The server listens on one socket in a folder that only its account and we enter; it ends as soon
as the wanted moment is reached, or says why it cannot be.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg

from shopnow.backup.errors import BackupBrokenError, BackupError, disk_full
from shopnow.backup.store import SQL
from shopnow.kernel.server import Server, renew_passwords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from shopnow.backup.restoring.side import Side

_SUPERUSER: Final = "postgres"
_PAUSE_SECONDS: Final = 0.2
_TELL_SECONDS: Final = 5.0
_BEGIN_SECONDS: Final = 30.0
_SCRIPT: Final = "restore_segment.sh"
_HBA: Final = "shopnow.recovery"
_MISSED: Final = "recovery ended before configured recovery target was reached"
_SOCKET_PORT: Final = "5432"


@dataclass(frozen=True, slots=True)
class Target:
    """Up to when to recover: an instant, a transaction, or (neither) the end of the archive."""

    to: datetime | None = None
    xid: str | None = None
    # None: the newest that the archive knows.
    number: int | None = None

    def along(self, timeline: int | None) -> Target:
        """Return the same target on a timeline, unless it names one itself."""
        return self if self.number is not None else replace(self, number=timeline)

    def options(self) -> dict[str, str]:
        """Return the server's options for this target."""
        wanted = {"recovery_target_timeline": str(self.number or "latest")}
        if self.xid is not None:
            wanted["recovery_target_xid"] = self.xid
        elif self.to is not None:
            wanted["recovery_target_time"] = self.to.isoformat(sep=" ")
        if self.xid is not None or self.to is not None:
            wanted["recovery_target_action"] = "promote"
        return wanted


@dataclass(frozen=True, slots=True)
class Recovered:
    """How far recovery came: the last commit replayed, and the place in the log."""

    last_commit_at: datetime | None
    lsn: str
    segment: str


def recover(
    side: Side, archives: Sequence[Path], target: Target, progress: Callable[[str], None]
) -> Recovered:
    """Replay the archive up to `target`, renew the base roles' passwords, stop the server.

    Raises BackupBrokenError when the archive does not reach that far, DiskFullError.
    """
    with _socket_folder(side) as sockets:
        _configure(side, archives, target, sockets)
        logged = _logged(side)
        _start(side)
        try:
            recovered = _wait_promoted(side, sockets, progress, logged)
            with _connected(sockets) as conn:
                renew_passwords(conn, side.live)
        finally:
            _stop(side)
    (side.data / _HBA).unlink()
    return recovered


@contextmanager
def _socket_folder(side: Side) -> Iterator[Path]:
    """Give a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="sn-"))
    try:
        side.place.account.own(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(side: Side, archives: Sequence[Path], target: Target, sockets: Path) -> None:
    place = side.place
    place.prepare()
    script = place.root / _SCRIPT
    script.write_text((files(__package__ or "") / _SCRIPT).read_text("utf-8"), "utf-8")
    script.chmod(0o755)
    hba = side.data / _HBA
    hba.write_text(f"local all {_SUPERUSER} trust\n", encoding="ascii")
    folders = " ".join(f"'{folder}'" for folder in archives)
    options = {
        "listen_addresses": "",
        "port": _SOCKET_PORT,
        "unix_socket_directories": str(sockets),
        "hba_file": str(hba),
        "archive_mode": "off",
        "summarize_wal": "off",
        "shared_buffers": "128MB",
        "max_wal_size": "2GB",
        "wal_keep_size": "1GB",
        "logging_collector": "off",
        "lc_messages": "C",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_error_statement": "panic",
        # One call for the whole disk; file by file it takes seconds that nobody has.
        "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
        "restore_command": f"/bin/sh {script} %f %p {folders}",
        **target.options(),
    }
    if not side.settings.server_sync:
        options["fsync"] = "off"
    lines = (f"{key} = '{value.replace(chr(39), chr(39) * 2)}'\n" for key, value in options.items())
    conf = side.data / "shopnow.conf"
    conf.write_text("".join(lines), encoding="utf-8")
    signal = side.data / "recovery.signal"
    signal.touch()
    for path in (conf, signal, hba):
        path.chmod(0o600)
        place.account.own(path)


def _start(side: Side) -> None:
    binaries = Server(side.live).binaries()
    # Not waited for: a server that recovers far answers late, one that cannot is seen below.
    command = ("-D", side.data, "-W", "-l", _log(side), "start")
    done = side.place.account.run(binaries / "pg_ctl", *command)
    if done.returncode:
        raise _failed(side)


def _stop(side: Side) -> None:
    command = ("-D", side.data, "-w", "-m", "fast", "stop")
    side.place.account.run(Server(side.live).binaries() / "pg_ctl", *command)


def _wait_promoted(
    side: Side, sockets: Path, progress: Callable[[str], None], logged: int
) -> Recovered:
    """Wait until the server has replayed what it was asked to; `logged`: bytes of its log before.

    A server that is not there yet is none that has failed: on a busy machine it begins late.
    """
    told = begun = time.monotonic()
    while True:
        row = _looked_at(sockets)
        if row and not row[0]:
            return Recovered(row[1], row[2], row[3])
        # Its log is looked at first: what has written there has begun, and is alive or has failed.
        has_begun = _logged(side) > logged or time.monotonic() - begun > _BEGIN_SECONDS
        if row is None and has_begun and not _alive(side):
            raise _failed(side)
        if row and time.monotonic() - told > _TELL_SECONDS:
            told = time.monotonic()
            progress(f"journaux rejoués jusqu'au {row[1]:%Y-%m-%d %H:%M:%S} UTC" if row[1] else "")
        time.sleep(_PAUSE_SECONDS)


def _looked_at(sockets: Path) -> tuple[bool, datetime | None, str, str] | None:
    try:
        with _connected(sockets) as conn:
            row = conn.execute(SQL["recovery_state"]).fetchone()
    except psycopg.OperationalError:
        return None
    return (row[0], row[1], row[2], row[3]) if row else None


def _connected(sockets: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=str(sockets),
        port=_SOCKET_PORT,
        user=_SUPERUSER,
        dbname=_SUPERUSER,
        autocommit=True,
        connect_timeout=10,
        options="-c timezone=UTC",
    )


def _alive(side: Side) -> bool:
    command = ("-D", side.data, "status")
    return side.place.account.run(Server(side.live).binaries() / "pg_ctl", *command).returncode == 0


def _log(side: Side) -> Path:
    return side.place.log / "recovery.log"


def _logged(side: Side) -> int:
    try:
        return _log(side).stat().st_size
    except FileNotFoundError:
        return 0


def _failed(side: Side) -> BackupError:
    try:
        said = _log(side).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        said = ""
    if _MISSED in said:
        last = next((r for r in reversed(said.splitlines()) if "last completed trans" in r), "")
        until = last.rpartition("log time")[2].strip()
        reached = f" : ils s'arrêtent à {until}" if until else ""
        return BackupBrokenError(
            f"les journaux archivés ne vont pas jusqu'au moment demandé{reached}",
            "Restaurer jusqu'à ce moment-là (--to), ou sans --to jusqu'à la fin de l'archive.",
        )
    if "No space left on device" in said:
        raise disk_full("la restauration")
    last = next((r for r in reversed(said.splitlines()) if "FATAL" in r or "PANIC" in r), "")
    reason = last.partition("FATAL:")[2].strip() or last.partition("PANIC:")[2].strip()
    return BackupBrokenError(
        f"le serveur restauré ne démarre pas : {reason or 'aucune raison dans son journal'}",
        "Prendre une chaîne plus ancienne : `shopnow backup list`.",
    )

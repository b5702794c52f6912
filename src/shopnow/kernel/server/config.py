"""The configuration of the embedded server, computed at each start from the machine."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopnow.kernel.server.place import Place
    from shopnow.kernel.settings import Settings

FILE_NAME: Final = "shopnow.conf"
# Who may connect to a restored warehouse that is not open yet; while the file is there, it counts.
CLOSED: Final = "shopnow.closed"
INCLUDE_LINE: Final = f"\ninclude_if_exists = '{FILE_NAME}'\n"
MIB: Final = 1024**2
_SCRIPT: Final = "archive_segment.sh"
_SMALL_SHARED_MEMORY: Final = 512 * MIB


def write_config(settings: Settings, place: Place, port: int) -> None:
    """Write the file that postgresql.conf includes, for this port and this machine."""
    values = server_options(settings, place, port)
    body = "".join(f"{key} = {_quoted(value)}\n" for key, value in values.items())
    path = place.data / FILE_NAME
    path.write_text("# Written at each start of the server: edits are lost.\n" + body, "utf-8")
    path.chmod(0o600)
    place.account.own(path)
    script = place.root / _SCRIPT
    script.write_text((files(__package__ or "") / _SCRIPT).read_text("utf-8"), "utf-8")
    script.chmod(0o755)


# A batch's working set: below it, a large load writes pages out only to read them again.
_BUFFERS_AT_MOST = 4096 * MIB


def server_options(settings: Settings, place: Place, port: int) -> dict[str, str]:
    """Return the options of the server and their values."""
    memory = _memory_bytes()
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": place.socket_folder,
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "shared_buffers": _mib(min(memory // 4, _BUFFERS_AT_MOST)),
        "effective_cache_size": _mib(memory // 2),
        "maintenance_work_mem": _mib(min(memory // 16, 512 * MIB)),
        "work_mem": _mib(max(4 * MIB, min(memory // 256, 32 * MIB))),
        "jit": "off",
        "random_page_cost": "1.1",
        # The default, 16 MB, is filled thousands of times by one large load.
        "wal_buffers": _mib(64 * MIB),
        "max_wal_size": _mib(_wal_bytes(place.root)),
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_level": "replica",
        "summarize_wal": "on",
        "max_slot_wal_keep_size": _mib(2 * _wal_bytes(place.root)),
        "shared_preload_libraries": "pg_stat_statements",
        "track_io_timing": "on",
        **_log_options(place),
        **_archive_options(settings, place),
    }
    if _shared_memory_bytes() < _SMALL_SHARED_MEMORY:
        # Containers often get 64 MB there, too little for parallel queries.
        options["dynamic_shared_memory_type"] = "mmap"
    if (place.data / CLOSED).is_file():
        # A restored warehouse: nobody but its administrator before the ledgers are replayed.
        options["hba_file"] = str(place.data / CLOSED)
    if not settings.server_sync:
        # Commits still reach the system, so that they survive a killed server in tests.
        options |= {"fsync": "off", "full_page_writes": "off"}
    return options


def _log_options(place: Place) -> dict[str, str]:
    return {
        "logging_collector": "on",
        "log_directory": str(place.log),
        "log_filename": "postgresql-%a.log",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_file_mode": "0600",
        # No name that a client chooses: a line break in one would forge a line of the log. Who it
        # was stands in the messages, whose further lines begin with a tab. The number of the line
        # and the transaction tell what the server says from what a RAISE LOG says in its words.
        "log_line_prefix": "%m [%p] %q%c %l %v %h %e ",
        "log_connections": "authentication,authorization",
        "log_disconnections": "on",
        "log_lock_waits": "on",
        "log_min_duration_statement": "-1",
        # A statement, its parameters or the row in a DETAIL may hold what a person is.
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def _archive_options(settings: Settings, place: Place) -> dict[str, str]:
    if not settings.server_archive:
        return {"archive_mode": "off"}
    script, folder = (_for_shell(path) for path in (place.root / _SCRIPT, place.archive))
    return {
        "archive_mode": "on",
        "archive_command": f'/bin/sh {script} "%p" "%f" {folder}',
        "archive_timeout": f"{settings.backup_loss_seconds}s",
    }


def _for_shell(path: Path) -> str:
    """Return a path quoted for sh, with `%` doubled as archive_command wants it."""
    return "'" + str(path).replace("'", "'\\''").replace("%", "%%") + "'"


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _mib(size: int) -> str:
    return f"{max(size // MIB, 16)}MB"


def _memory_bytes() -> int:
    """Return the memory we may count on: the machine's, or less inside a container."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text("ascii"))
    except (OSError, ValueError):
        return total
    return min(total, limit)


def _wal_bytes(folder: Path) -> int:
    """Return how much WAL may pile up: 8 GB, or a quarter of what the disk has left."""
    free = shutil.disk_usage(folder).free
    return max(256 * MIB, min(8192 * MIB, free // 4))


def _shared_memory_bytes() -> int:
    try:
        return shutil.disk_usage("/dev/shm").total  # noqa: S108  # measured, not written to
    except OSError:
        return 0

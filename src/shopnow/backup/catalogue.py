"""The catalogue: what backups there are, in files, readable when the database is gone.

Protects the rule that a backup killed at any moment never counts: its folder takes its name only
when every file is flushed, and it counts only when the catalogue has a line that says `made`,
which is written last.  A line torn by a crash is no line.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shopnow.backup.errors import BackupBrokenError, BackupBusyError
from shopnow.backup.files import files_below, flush_folder, flush_name, private_folder, write_json
from shopnow.backup.model import Backup, BackupFile, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.backup.places import Shelf

_DESCRIPTION = "backup.json"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the catalogue: when, what (begun, made, failed, removed, copied), of which."""

    at: datetime
    what: str
    id: str
    more: dict[str, Any]


@contextmanager
def only_one(shelf: Shelf, doing: str) -> Iterator[None]:
    """Hold the shelf: a second writer is told who is there.  Raises BackupBusyError."""
    private_folder(shelf.root)
    with shelf.lock.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            raise BackupBusyError(
                f"une autre opération est en cours sur les sauvegardes : {stream.read().strip()}",
                "Attendre qu'elle finisse ; `shopnow backup list` la montre.",
            ) from None
        stream.truncate(0)
        stream.write(f"{doing} (processus {os.getpid()})\n")
        stream.flush()
        yield


def note(shelf: Shelf, at: datetime, what: str, identifier: str, **more: object) -> None:
    """Append one line, flushed."""
    private_folder(shelf.root)
    line = json.dumps({"at": at.isoformat(), "what": what, "id": identifier, **more})
    with shelf.catalogue.open("a", encoding="utf-8") as stream:
        # After a torn line, a fresh one.
        torn = stream.tell() and not shelf.catalogue.read_bytes().endswith(b"\n")
        stream.write(("\n" if torn else "") + line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    flush_name(shelf.root)


def lines_of(shelf: Shelf) -> list[Line]:
    """Return the lines of the catalogue in order; a torn one is passed over."""
    try:
        text = shelf.catalogue.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for row in text.splitlines() if (line := _line(row))]


def finish(shelf: Shelf, backup: Backup, at: datetime) -> None:
    """Give a whole backup its name, then let it count."""
    folder = shelf.unfinished(backup.id)
    write_json(folder / _DESCRIPTION, described(backup))
    for path in files_below(folder):
        path.chmod(0o600)
    flush_folder(folder)
    folder.rename(shelf.folder(backup.id))
    flush_name(shelf.root)
    note(shelf, at, "made", backup.id, kind=backup.kind, bytes=backup.size, parent=backup.parent)


def expected(shelf: Shelf) -> list[str]:
    """Return the identifiers of the backups that the catalogue counts, oldest first."""
    counted: dict[str, None] = {}
    for line in lines_of(shelf):
        if line.what == "made":
            counted[line.id] = None
        elif line.what == "removed":
            counted.pop(line.id, None)
    return list(counted)


def backups_of(shelf: Shelf) -> list[Backup]:
    """Return the backups that count and whose description is there, oldest first."""
    found = []
    for identifier in expected(shelf):
        try:
            found.append(described_in(shelf.folder(identifier)))
        except BackupBrokenError:
            continue
    return found


def described_in(folder: Path) -> Backup:
    """Return the backup of a folder; raises BackupBrokenError when its description is not there."""
    try:
        content = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        return restored(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupBrokenError(
            f"la sauvegarde {folder.name} n'a pas de description lisible",
            "Prendre une autre sauvegarde, ou la seconde copie.",
        ) from error


def remove(shelf: Shelf, backup: Backup, at: datetime, why: str) -> None:
    """Forget a backup, then delete its folder: never the other way round."""
    note(shelf, at, "removed", backup.id, why=why)
    shutil.rmtree(shelf.folder(backup.id), ignore_errors=True)


def sweep(shelf: Shelf) -> list[str]:
    """Delete what unfinished backups left; return their names.  The shelf is held."""
    counted = set(expected(shelf))
    left = [path for path in shelf.root.glob(".*.partial") if path.is_dir()]
    # Killed between its name and its line: whole, perhaps, but nobody checked.
    left += [p.parent for p in shelf.root.glob(f"*/{_DESCRIPTION}") if p.parent.name not in counted]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in left]


def described(backup: Backup) -> dict[str, Any]:
    """Return a backup as JSON takes it."""
    content = asdict(backup)
    for name in ("started_at", "ended_at"):
        content[name] = content[name].isoformat()
    return content


def restored(content: dict[str, Any]) -> Backup:
    """Return the backup that `described` was given."""
    moments = {name: datetime.fromisoformat(content[name]) for name in ("started_at", "ended_at")}
    kind, files = Kind(content["kind"]), tuple(BackupFile(**file) for file in content["files"])
    return Backup(**(content | moments | {"kind": kind, "files": files}))


def _line(row: str) -> Line | None:
    try:
        content = json.loads(row)
        at = datetime.fromisoformat(content.pop("at"))
        return Line(at, content.pop("what"), content.pop("id"), content)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None

"""Sealing a delivery's files again without the lines of erased persons, under a new key.

Each delivery is switched in one transaction: before it, the old files and key stand; after it the
new ones, and the old ones are noted for destruction.  A process killed anywhere leaves a note that
the next call finishes.  What cannot be taken apart by lines is destroyed whole once it was loaded.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from shopnow.kernel import Home
from shopnow.privacy.blanking import without_lines
from shopnow.privacy.errors import MissingKeyError
from shopnow.privacy.rows import SQL
from shopnow.privacy.sealedreader import open_sealed
from shopnow.privacy.sealing import open_bytes, seal_bytes, seal_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from psycopg import Connection

    from shopnow.kernel import Settings
    from shopnow.privacy.keystore import KeyStore


@dataclass(frozen=True, slots=True)
class Resealed:
    """Files sealed again, files destroyed because they have no lines, deliveries that wait."""

    files: int = 0
    destroyed: int = 0
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Note:
    delivery_key: int
    lines: list[int]
    old_ref: str | None
    old_paths: list[str] | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class _File:
    file_no: int
    ref: str
    path: str


def reseal_pending(
    conn: Connection,
    settings: Settings,
    keystore: KeyStore,
    step: Callable[[str], None] = lambda _: None,
) -> Resealed:
    """Seal again, without the lines noted, the files of every delivery in privacy.reseal.

    `conn` is in autocommit; `step` is told where the work stands.
    """
    files = destroyed = 0
    waiting: list[int] = []
    notes = [_Note(*row) for row in conn.execute(SQL["reseal_pending"]).fetchall()]
    for note in notes:
        one = _reseal(conn, settings, keystore, note, step)
        files += one.files
        destroyed += one.destroyed
        waiting += one.waiting
    return Resealed(files, destroyed, tuple(waiting))


def note_lines(conn: Connection, delivery_key: int, lines: Sequence[int], at: datetime) -> None:
    """Note lines of a delivery that speak of erased persons: its files are sealed again later."""
    values = {"delivery_key": delivery_key, "lines": sorted(set(lines)), "run_at": at}
    conn.execute(SQL["reseal_note"], values)


def _reseal(
    conn: Connection,
    settings: Settings,
    keystore: KeyStore,
    note: _Note,
    step: Callable[[str], None],
) -> Resealed:
    landing, key = Home(settings.home).landing, note.delivery_key
    if note.old_ref is not None:
        _destroy(conn, keystore, landing, note)
        return Resealed()
    files = [_File(*row) for row in conn.execute(SQL["reseal_files"], {"delivery_key": key})]
    try:
        old_key = keystore.delivery_key(files[0].ref)
    except (MissingKeyError, IndexError):
        # The landing files went with their retention: there is nothing left to seal.
        conn.execute(SQL["reseal_done"], {"delivery_key": key, "lines": note.lines})
        return Resealed()
    fresh = _sealed_again(landing, keystore, old_key, files, note.lines)
    step("files sealed again")
    paths = [file.path for file in files]
    if fresh is None and not note.is_read:
        return Resealed(waiting=(key,))
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        if fresh is not None:
            _switch(conn, keystore, files, fresh, old_key)
        values = {"delivery_key": key, "old_ref": files[0].ref, "old_paths": paths}
        conn.execute(SQL["reseal_switch"], values)
    step("files switched")
    _destroy(conn, keystore, landing, replace(note, old_ref=files[0].ref, old_paths=paths))
    return Resealed(files=len(files)) if fresh is not None else Resealed(destroyed=len(files))


def _sealed_again(
    landing: Path,
    keystore: KeyStore,
    old_key: bytes,
    files: Sequence[_File],
    lines: Sequence[int],
) -> list[_File] | None:
    """Return the new files under a new key; None where the lines cannot be taken out."""
    # A bundle does not say which of its files a line number is of.
    if len(files) != 1:
        return None
    (file,) = files
    ref = uuid4().hex
    path = (landing / file.path).with_name(f"{ref}.sealed")
    with open_sealed(landing / file.path, old_key) as stream:
        content = without_lines(stream, lines)
        if content is None:
            return None
        with io.BufferedReader(content, 1 << 20) as source:
            seal_stream(source, path, keystore.new_delivery_key(ref))
    if content.missing:
        # Its lines are not where line breaks are: whatever was sealed may still name the person.
        keystore.drop_delivery_keys([ref])
        path.unlink()
        return None
    return [_File(file.file_no, ref, path.relative_to(landing).as_posix())]


def _switch(
    conn: Connection,
    keystore: KeyStore,
    files: Sequence[_File],
    fresh: Sequence[_File],
    old_key: bytes,
) -> None:
    """Let whoever has these files have the new ones; rejects are readable with the new key."""
    new_key = keystore.delivery_key(fresh[0].ref)
    rejects = conn.execute(SQL["reseal_rejects"], {"landing_ref": files[0].ref}).fetchall()
    for old, new in zip(files, fresh, strict=True):
        values = {"old_path": old.path, "landing_path": new.path, "landing_ref": new.ref}
        conn.execute(SQL["reseal_switch_file"], values)
    if rejects:
        rows = [
            {
                "delivery_key": key, "file_no": file_no, "line_no": line_no,
                "record_no": record_no,
                "line_sealed": seal_bytes(new_key, open_bytes(old_key, bytes(sealed))),
            }
            for key, file_no, line_no, record_no, sealed in rejects
        ]  # fmt: skip
        with conn.cursor() as cursor:
            cursor.executemany(SQL["reseal_reject"], rows)


def _destroy(conn: Connection, keystore: KeyStore, landing: Path, note: _Note) -> None:
    """Destroy the old key, then the old files, then the note: a kill in between is finished."""
    keystore.drop_delivery_keys([note.old_ref] if note.old_ref else [])
    for path in note.old_paths or ():
        (landing / path).unlink(missing_ok=True)
    values = {"delivery_key": note.delivery_key, "lines": note.lines}
    if conn.execute(SQL["reseal_done"], values).rowcount == 0:
        conn.execute(SQL["reseal_again"], {"delivery_key": note.delivery_key})

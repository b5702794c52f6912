"""Ledgers: hash-chained, append-only files outside the database, flushed line by line.

Protects the rule that what must outlive a restore (erasures, revocations) is written before the
act and cannot be changed unseen: each entry carries the hash of the one before, so a line that is
altered, removed or slipped in breaks the chain from there on.  What a crash leaves of a last line
was never acknowledged: it is reported, passed over, and cut off by the next append.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from shopnow.kernel import TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

FIRST_HASH: Final = "0" * 64
_FIELDS: Final = frozenset({"seq", "at", "kind", "body", "prev", "hash"})
_TAIL_BYTES: Final = 64 * 1024


class LedgerBrokenError(TerminalError):
    """A ledger was altered: an entry does not follow from the one before it."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry; `seq` counts from 1, `body` is a JSON object without any value of a person."""

    seq: int
    at: datetime
    kind: str
    body: Mapping[str, Any]
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What a check found: whole entries, hash of the last, bytes of a torn last line, a defect."""

    path: Path
    entries: int
    head: str
    torn_bytes: int
    problem: str | None

    @property
    def good(self) -> bool:
        """Return whether the chain is whole; a torn last line is no defect."""
        return self.problem is None


class Ledger:
    """One file, one JSON object a line; several processes may append to it."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Name the file; it is made by the first append, readable by its owner alone."""
        self.path = path
        self._clock = clock

    def append(self, kind: str, body: Mapping[str, Any]) -> LedgerEntry:
        """Add one entry and return it once it is on the disk.

        Raises LedgerBrokenError when the last entry does not stand as it was written, OSError when
        the disk refuses: then nothing was added.
        """
        with self._held() as descriptor:
            end, last = _last_line(descriptor)
            before = None if last is None else _parsed(last, self.path)
            entry = _chained(before, self._clock.now(), kind, body)
            os.ftruncate(descriptor, end)
            line = _line(entry)
            try:
                _write_all(descriptor, line, end)
                os.fsync(descriptor)
            except BaseException:
                os.ftruncate(descriptor, end)
                raise
        return entry

    def entries(self) -> Iterator[LedgerEntry]:
        """Yield the entries in their order, each checked against the one before.

        Raises LedgerBrokenError at the first that does not follow.
        """
        before = None
        for line in _whole_lines(self.path):
            entry = _parsed(line, self.path)
            _check_follows(before, entry, self.path)
            before = entry
            yield entry

    def last(self) -> LedgerEntry | None:
        """Return the last whole entry without reading the others, None without any.

        Raises LedgerBrokenError when it does not stand as it was written.
        """
        try:
            with self.path.open("rb") as stream:
                _, line = _last_line(stream.fileno())
        except FileNotFoundError:
            return None
        return None if line is None else _parsed(line, self.path)

    def verify(self) -> LedgerState:
        """Read all of it and say what stands and what does not; raises nothing about content."""
        count, head, problem = 0, FIRST_HASH, None
        try:
            for entry in self.entries():
                count, head = entry.seq, entry.hash
        except LedgerBrokenError as error:
            problem = error.message
        return LedgerState(self.path, count, head, _torn_bytes(self.path), problem)

    @contextmanager
    def _held(self) -> Iterator[int]:
        """Open the file, made once, and hold it alone among the processes that append."""
        folder = self.path.parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync_folder(folder.parent)
        is_new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if is_new:
                _sync_folder(folder)
            yield descriptor
        finally:
            os.close(descriptor)


def erasure_ledger(settings: Settings, clock: Clock) -> Ledger:
    """Return the ledger of erasures, replayed before a restored warehouse opens."""
    return Ledger(settings.home / "ledgers" / "erasure.jsonl", clock)


def access_ledger(settings: Settings, clock: Clock) -> Ledger:
    """Return the ledger of accesses granted, withdrawn and suspended, replayed likewise."""
    return Ledger(settings.home / "ledgers" / "access.jsonl", clock)


def _chained(
    before: LedgerEntry | None, at: datetime, kind: str, body: Mapping[str, Any]
) -> LedgerEntry:
    seq = before.seq + 1 if before else 1
    prev = before.hash if before else FIRST_HASH
    # Through JSON and back: what is returned equals what a reader will find.
    kept = json.loads(json.dumps(body))
    return LedgerEntry(seq, at, kind, kept, prev, _hash(seq, at, kind, kept, prev))


def _hash(seq: int, at: datetime, kind: str, body: Mapping[str, Any], prev: str) -> str:
    said = {"seq": seq, "at": at.isoformat(), "kind": kind, "body": body, "prev": prev}
    return hashlib.sha256(_canonical(said)).hexdigest()


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _line(entry: LedgerEntry) -> bytes:
    said = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "body": entry.body,
        "prev": entry.prev,
        "hash": entry.hash,
    }
    return _canonical(said) + b"\n"


def _parsed(line: bytes, path: Path) -> LedgerEntry:
    """Return the entry of a whole line, its own hash checked."""
    try:
        said = json.loads(line)
        if set(said) != _FIELDS:
            raise _broken(path, "a line has other fields than an entry")
        entry = LedgerEntry(
            int(said["seq"]),
            datetime.fromisoformat(said["at"]),
            said["kind"],
            said["body"],
            said["prev"],
            said["hash"],
        )
    except (ValueError, TypeError) as error:
        raise _broken(path, "a line is not an entry") from error
    if entry.hash != _hash(entry.seq, entry.at, entry.kind, entry.body, entry.prev):
        raise _broken(path, f"entry {entry.seq} was altered")
    return entry


def _check_follows(before: LedgerEntry | None, entry: LedgerEntry, path: Path) -> None:
    expected = before.seq + 1 if before else 1
    if entry.seq != expected:
        raise _broken(path, f"entry {expected} is missing")
    if entry.prev != (before.hash if before else FIRST_HASH):
        raise _broken(path, f"entry {entry.seq} does not follow from the one before it")


def _whole_lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            for line in stream:
                if line.endswith(b"\n"):
                    yield line
    except FileNotFoundError:
        return


def _torn_bytes(path: Path) -> int:
    try:
        with path.open("rb") as stream:
            end, _ = _last_line(stream.fileno())
            return os.fstat(stream.fileno()).st_size - end
    except FileNotFoundError:
        return 0


def _last_line(descriptor: int) -> tuple[int, bytes | None]:
    """Return where the last whole line ends and that line; 0 and None without one."""
    size = os.fstat(descriptor).st_size
    length = min(size, _TAIL_BYTES)
    while True:
        tail = os.pread(descriptor, length, size - length)
        end = tail.rfind(b"\n")
        start = tail.rfind(b"\n", 0, end) if end > 0 else -1
        if start >= 0 or length == size:
            break
        length = min(size, 2 * length)
    if end < 0:
        return 0, None
    return size - length + end + 1, tail[start + 1 : end + 1]


def _write_all(descriptor: int, line: bytes, at: int) -> None:
    written = 0
    while written < len(line):
        written += os.pwrite(descriptor, line[written:], at + written)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _broken(path: Path, what: str) -> LedgerBrokenError:
    hint = "Compare it with its copy in the backups; do not edit it."
    return LedgerBrokenError(f"the ledger {path.name} is not as it was written: {what}", hint)

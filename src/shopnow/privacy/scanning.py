"""The scanner: whether a value of a person stands anywhere in clear, in tables or in files.

Two ways of looking, each finding what the other cannot: the values of the vault themselves, of all
persons and in every spelling that a file may hold them in, and the shapes of what nobody ever told
the vault (e-mail addresses, bank accounts, cards, full IP addresses).  A finding says where and
what kind, never the value.
"""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from psycopg import sql

from shopnow.kernel import UsageError, connect
from shopnow.privacy.disclosure import note_opening, open_values
from shopnow.privacy.opening import open_key_store
from shopnow.privacy.rows import SQL
from shopnow.privacy.seeking import Net, Sought
from shopnow.privacy.shapes import IP, shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

# Persons whose values are in the clear at a time.
_PERSONS: Final = 20_000
_SLICE: Final = 4 << 20
_OVERLAP: Final = 512
_TEXTS: Final = frozenset(
    {".csv", ".html", ".json", ".jsonl", ".log", ".md", ".ndjson", ".sql", ".svg", ".tsv", ".txt",
     ".xml", ".yaml", ".yml"}
)  # fmt: skip
# The senders' own side of a demonstration, and the vault's keys: no output of the warehouse.
_OUTSIDE: Final = ("demo", "outbox")
# Where the security journal keeps who connected from where: its own treatment in the register.
_LOGINS: Final = frozenset({"journal.event", "journal.log_session"})
_SYSTEM: Final = frozenset({"pg_catalog", "information_schema", "pg_toast"})


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal in clear: table or file, and what kind of thing it is."""

    place: str
    kind: str
    count: int


@dataclass(frozen=True)
class ScanReport:
    """What was read and what was found; `values` of all `persons` of the vault were sought.

    `too_short`: values of so few letters that they are words like others; those are not sought.
    """

    found: tuple[Found, ...]
    tables: int
    files: int
    bytes_read: int
    persons: int
    values: int
    too_short: int


def scan(
    settings: Settings,
    clock: Clock,
    *,
    planted: Sequence[str] = (),
    folders: Sequence[Path] = (),
    who: str = "shopnow",
) -> ScanReport:
    """Read every table and every file of the home; return what personal stands there in clear.

    `planted`: further values to look for; `folders`: further folders to read, such as that of the
    backups.  Sealed and encrypted files are read as they are: they must show nothing.  That `who`
    has the vault opened for it is journaled first.  Raises UsageError for a planted value that is
    too short to be looked for.
    """
    reason = "recherche de valeurs personnelles en clair"
    note_opening(settings, clock, who=who, reason=reason, subjects=None)
    net, persons = _net(settings, clock, planted)
    found: dict[tuple[str, str], int] = {}
    tables = files = size = 0
    for place, content in _tables(settings):
        tables += 1
        # The catalogue keeps samples of values in its statistics, and words that only look so.
        own = place.partition(".")[0] not in _SYSTEM
        size += _look(place, content, net, found, shaped=own)
    for root in (settings.home, *folders):
        for path in sorted(root.rglob("*")):
            inside = path.relative_to(root)
            if path.is_symlink() or not path.is_file() or inside.parts[0] in _OUTSIDE:
                continue
            files += 1
            size += _look(inside.as_posix(), _content(path), net, found, shaped=_is_text(path))
    listed = tuple(Found(place, kind, count) for (place, kind), count in sorted(found.items()))
    return ScanReport(listed, tables, files, size, persons, len(net), net.too_short)


def _net(settings: Settings, clock: Clock, planted: Sequence[str]) -> tuple[Net, int]:
    """Open the vault, some persons at a time, and take its values; trade names are public."""
    sought, persons, last = Sought(), 0, -1
    sought.add("valeur plantée", planted)
    if sought.too_short:
        message = "a value to look for has too few letters and digits: it is a word like others"
        raise UsageError(message, "Give at least 8 of them, or two words of 7 together.")
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        public = [name for (name,) in conn.execute(SQL["scan_public"])]
        while True:
            values = {"after": last, "most": _PERSONS}
            numbers = [number for (number,) in conn.execute(SQL["scan_subjects"], values)]
            if not numbers:
                return sought.close(public), persons
            last = numbers[-1]
            opened = open_values(conn, keystore, numbers)
            persons += len(opened)
            by_kind: dict[str, list[str]] = {}
            for attributes in opened.values():
                for attribute, value in attributes.items():
                    by_kind.setdefault(attribute, []).append(value)
            for kind, texts in by_kind.items():
                sought.add(kind, texts)


def _tables(settings: Settings) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield every table and view with rows of its own, as text."""
    with connect(settings, None, application_name="shopnow privacy") as conn:
        names = conn.execute(SQL["scan_tables"]).fetchall()
        for schema, table in names:
            statement = SQL.compose("scan_table", table=sql.Identifier(schema, table))
            with conn.cursor() as cursor, cursor.copy(statement) as copy:
                yield f"{schema}.{table}", (bytes(block) for block in copy)


def _look(
    place: str,
    content: Iterable[bytes],
    net: Net,
    found: dict[tuple[str, str], int],
    *,
    shaped: bool,
) -> int:
    size = 0
    for part, seen in _parts(content):
        size += len(part) - seen
        formed = shapes(part) if shaped else {}
        if place in _LOGINS:
            formed.pop(IP, None)
        hits = net.hits(part, seen=seen, is_text=shaped)
        for kind, count in (hits | formed).items():
            found[place, kind] = found.get((place, kind), 0) + count
    return size


def _parts(content: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield pieces, and how many of their first bytes stood at the end of the one before."""
    held: list[bytes] = []
    size = seen = 0
    for block in content:
        held.append(block)
        size += len(block)
        if size >= _SLICE:
            part = b"".join(held)
            yield part, seen
            held = [part[-_OVERLAP:]]
            size = seen = len(held[0])
    if size > seen:
        yield b"".join(held), seen


def _is_text(path: Path) -> bool:
    suffix = path.suffix if path.suffix != ".gz" else path.with_suffix("").suffix
    return suffix in _TEXTS or path.suffix == ".xlsx"


def _content(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, of what is packed in it too; a server removes some meanwhile."""
    try:
        with path.open("rb") as file:
            yield from _blocks(file)
        with path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            if magic == b"\x1f\x8b":
                yield from _blocks(cast("BinaryIO", gzip.GzipFile(fileobj=file)))
            elif magic == b"PK" and zipfile.is_zipfile(path):
                with zipfile.ZipFile(file) as archive:
                    for name in archive.namelist():
                        with archive.open(name) as member:
                            yield from _blocks(cast("BinaryIO", member))
    except (FileNotFoundError, EOFError, gzip.BadGzipFile, zipfile.BadZipFile):
        return


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(1 << 20):
        yield block

"""The scanner: whether a value of a person stands anywhere in clear, in tables or in files.

Two ways of looking, each finding what the other cannot: the values of the vault themselves, in
every spelling that a file may hold them in, and the shapes of what nobody ever told the vault
(e-mail addresses, bank accounts, cards, full IP addresses).  A finding says where and what kind,
never the value.
"""

from __future__ import annotations

import gzip
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final, cast
from urllib.parse import quote

import polars as pl
from psycopg import sql
from stdnum import iban, luhn

from shopnow.kernel import connect
from shopnow.privacy.disclosure import open_values
from shopnow.privacy.keyvault import open_key_store
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

# Shorter values are words: a street « 3 rue » or a name « Li » is found everywhere.
SHORTEST: Final = 8
# More values than this are drawn from the newest persons; the report says so.
MOST_PERSONS: Final = 20_000
_SLICE: Final = 8 << 20
_OVERLAP: Final = 512
_EMAIL: Final = re.compile(rb"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63})+")
_IBAN: Final = re.compile(rb"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}[A-Z0-9 ]{0,4}")
_CARD: Final = re.compile(rb"(?<![0-9A-Za-z.-])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){3}(?![0-9A-Za-z.-])")
_IP: Final = re.compile(rb"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_OCTET: Final = 255
# Local addresses of the server itself, and truncated ones, are nobody's.
_OWN_IPS: Final = (b"127.", b"0.0.0.0", b"255.", b"169.254.")
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
    """What was read and what was found; `values` were looked for among `persons` persons."""

    found: tuple[Found, ...]
    tables: int
    files: int
    bytes_read: int
    persons: int
    values: int


@dataclass
class Net:
    """The values looked for, by kind, in every spelling."""

    values: Mapping[str, Iterable[str]]
    exempt: frozenset[str] = frozenset()
    kinds: dict[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Spell the values."""
        for kind, values in self.values.items():
            for value in values:
                plain = value.strip()
                if len(plain) >= SHORTEST and plain.casefold() not in self.exempt:
                    self.kinds.update((form, kind) for form in _spellings(plain))
        self._patterns = [form.decode("latin-1") for form in self.kinds]

    def hits(self, part: bytes) -> dict[str, int]:
        """Return how many of the values, by kind, stand in these bytes."""
        counts: dict[str, int] = {}
        if not self._patterns:
            return counts
        text = pl.Series([part.decode("latin-1")])
        if text.str.contains_any(self._patterns).any():
            for form, kind in self.kinds.items():
                if form in part:
                    counts[kind] = counts.get(kind, 0) + 1
        return counts


def scan(
    settings: Settings, clock: Clock, *, planted: Sequence[str] = (), folders: Sequence[Path] = ()
) -> ScanReport:
    """Read every table and every file of the home; return what personal stands there in clear.

    `planted`: further values to look for; `folders`: further folders to read, such as that of the
    backups.  Sealed and encrypted files are read as they are: they must show nothing.
    """
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
    return ScanReport(listed, tables, files, size, persons, len(net.kinds))


def _net(settings: Settings, clock: Clock, planted: Sequence[str]) -> tuple[Net, int]:
    """Open the vault and take its values; sellers' trade names are public."""
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        rows = conn.execute(SQL["scan_subjects"], {"most": MOST_PERSONS}).fetchall()
        public = {name.casefold() for (name,) in conn.execute(SQL["scan_public"])}
        opened = open_values(conn, keystore, [number for (number,) in rows])
    values: dict[str, list[str]] = {"valeur plantée": list(planted)}
    for attributes in opened.values():
        for attribute, value in attributes.items():
            values.setdefault(attribute, []).append(value)
    return Net(values, frozenset(public)), len(opened)


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
    for part in _parts(content):
        size += len(part)
        shapes = _shapes(part) if shaped else {}
        if place in _LOGINS:
            shapes.pop("forme : adresse IP", None)
        for kind, count in (net.hits(part) | shapes).items():
            found[place, kind] = found.get((place, kind), 0) + count
    return size


def _parts(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces that overlap by the length of the longest value."""
    held = b""
    for block in content:
        held += block
        if len(held) >= _SLICE:
            yield held
            held = held[-_OVERLAP:]
    if held:
        yield held


def _shapes(part: bytes) -> dict[str, int]:
    found = {
        "forme : adresse électronique": sum(1 for _ in _EMAIL.finditer(part)),
        "forme : IBAN": sum(1 for hit in _IBAN.finditer(part) if iban.is_valid(_plain(hit))),
        "forme : carte": sum(1 for hit in _CARD.finditer(part) if luhn.is_valid(_plain(hit))),
        "forme : adresse IP": sum(1 for hit in _IP.finditer(part) if _is_someones(hit.group())),
    }
    return {kind: count for kind, count in found.items() if count}


def _plain(hit: re.Match[bytes]) -> str:
    return hit.group().decode("ascii").replace(" ", "").replace("-", "")


def _is_someones(address: bytes) -> bool:
    octets = address.split(b".")
    in_range = all(int(octet) <= _OCTET for octet in octets)
    # A version number (18.1.0.3) has small parts; a truncated address ends in 0.
    return (
        in_range
        and not address.startswith(_OWN_IPS)
        and octets[-1] != b"0"
        and sum(len(octet) for octet in octets) >= SHORTEST
    )


def _spellings(value: str) -> set[bytes]:
    texts = {value, value.lower(), value.upper(), value.replace(" ", ""), quote(value)}
    digits = re.sub(r"\D", "", value)
    # A phone number is digits however it is cut; a house number is not one.
    if value.startswith("+") and len(digits) >= SHORTEST + 2:
        texts.add(digits)
    forms = {text.encode() for text in texts}
    return forms | {value.encode("utf-16-le"), value.encode().hex().encode()}


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

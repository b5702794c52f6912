"""Bringing copies back: all, or what the newest restore needs; keys to a shelf of their own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopnow.backup.catalogue import described_in, expected, finish
from shopnow.backup.errors import BackupBrokenError
from shopnow.backup.files import private_folder
from shopnow.backup.model import PHYSICAL, Backup, Kind, chain_of
from shopnow.backup.places import shelf_of
from shopnow.backup.running import shelf_for
from shopnow.kernel import Home
from shopnow.kernel.server import chosen_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shopnow.backup.copies import Copies
    from shopnow.backup.places import Shelf
    from shopnow.kernel import Clock, Settings

_WAL: Final = "wal/"
_DESCRIPTION: Final = "/backup.json"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the place holds, the backups to bring, and from which segment the log is needed."""

    names: tuple[str, ...]
    identifiers: tuple[str, ...]
    first_segment: str = ""


def fetch(
    settings: Settings,
    clock: Clock,
    copies: Copies,
    progress: Callable[[str], None],
    *,
    newest: bool = False,
) -> list[str]:
    """Bring back from the second place what the shelf lacks; return the names of the backups.

    Log segments come to the archive of the home.  `newest`: only the newest chain and its log, and
    the newest of the other kinds.  Raises BackupBrokenError when the key of the home is not theirs,
    or when the place holds no backup.
    """
    if settings.embedded:
        Home(settings.home).prepare()
        chosen_place(Home(settings.home)).prepare()
    shelf = shelf_of(settings)
    names = copies.names("")
    wanted = _wanted(copies, names, newest=newest)
    brought = list(_brought(copies, shelf, clock, wanted, progress))
    if shelf.archive:
        _bring_log(copies, shelf.archive, wanted, progress)
    return brought


def fetch_keys(
    settings: Settings, clock: Clock, copies: Copies, progress: Callable[[str], None]
) -> list[str]:
    """Bring back the newest backup of key store, ledgers and seals, to its own shelf.

    Never an older one: it would know less of whom the ledgers name.
    """
    wanted = _wanted(copies, copies.names(""), newest=True)
    return list(_brought(copies, shelf_for(settings, Kind.KEYS), clock, wanted, progress))


def _brought(
    copies: Copies, shelf: Shelf, clock: Clock, wanted: _Wanted, progress: Callable[[str], None]
) -> Iterator[str]:
    private_folder(shelf.root)
    have = set(expected(shelf))
    for identifier in wanted.identifiers:
        if identifier in have and shelf.folder(identifier).is_dir():
            continue
        progress(f"rapatriement de {identifier}")
        folder = private_folder(shelf.unfinished(identifier))
        for name in wanted.names:
            if name.startswith(f"{identifier}/"):
                copies.get(name, folder / name.removeprefix(f"{identifier}/"))
        finish(shelf, described_in(folder), clock.now())
        yield identifier


def _bring_log(
    copies: Copies, archive: Path, wanted: _Wanted, progress: Callable[[str], None]
) -> None:
    files = [name.removeprefix(_WAL) for name in wanted.names if name.startswith(_WAL)]
    lacking = [
        name
        for name in files
        if _is_needed(name, wanted.first_segment) and not (archive / name).exists()
    ]
    if lacking:
        progress(f"rapatriement de {len(lacking)} journaux")
    for name in lacking:
        # Under another name first: half a segment must never stand for a whole one.
        part = archive / f"{name}.part"
        copies.get(f"{_WAL}{name}", part)
        part.chmod(0o644)
        part.rename(archive / name)


def _wanted(copies: Copies, names: list[str], *, newest: bool) -> _Wanted:
    there = sorted(n.removesuffix(_DESCRIPTION) for n in names if n.endswith(_DESCRIPTION))
    if not there:
        raise BackupBrokenError(
            "la seconde copie ne contient aucune sauvegarde entière",
            "Vérifier l'adresse (--from) : elle est celle du réglage backup_copy de la machine "
            "perdue.",
        )
    if not newest:
        return _Wanted(tuple(names), tuple(there))
    known = [_described(copies, identifier) for identifier in there]
    known.sort(key=lambda backup: backup.ended_at)
    last = {backup.kind: backup for backup in known if backup.kind not in PHYSICAL}
    # Files received are spread over their backups: each holds what is new since the one before.
    kept = [b for b in known if b.kind is Kind.STAGING or b in last.values()]
    physical = [backup for backup in known if backup.kind in PHYSICAL]
    if not physical:
        return _Wanted(tuple(names), tuple(backup.id for backup in kept))
    chain = chain_of(physical[-1], physical)
    identifiers = tuple(backup.id for backup in (*chain, *kept))
    return _Wanted(tuple(names), identifiers, chain[-1].start_segment or "")


def _described(copies: Copies, identifier: str) -> Backup:
    with tempfile.TemporaryDirectory(prefix="shopnow-fetch-") as work:
        folder = Path(work) / identifier
        copies.get(f"{identifier}{_DESCRIPTION}", folder / "backup.json")
        return described_in(folder)


def _is_needed(name: str, first: str) -> bool:
    """Say whether a file of the log is needed from a segment on; histories of timelines always."""
    return ".history" in name or name[8:24] >= first[8:24]

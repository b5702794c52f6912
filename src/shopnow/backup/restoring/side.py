"""A restored warehouse beside the live one: its own home, its own server, nobody let in.

Protects the rule that nobody reads a restored warehouse before the ledgers are replayed: the
server recovers without any network, then answers only to its administrator.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shopnow.backup import keys
from shopnow.backup.files import files_below, private_folder
from shopnow.kernel import Home
from shopnow.kernel.server import CLOSED, Place, Server, chosen_place

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

# `postgres` and `shopnow_admin` are the administrator; the other two replay the ledgers.
_CLOSED_TO_ALL_BUT: Final = """\
# A restored warehouse that is not open: the ledgers must be replayed first.
local all postgres scram-sha-256
host all postgres,shopnow_admin,shopnow_owner,shopnow_etl 127.0.0.1/32 scram-sha-256
"""
# Names of warehouses that nobody puts in service.
THROW_AWAY: Final = ("drill-", "part-")
_WALKABLE: Final = 0o711


@dataclass(frozen=True)
class Side:
    """A home beside the live one; `folder` holds it and all that the restore needs."""

    live: Settings
    settings: Settings
    folder: Path
    place: Place

    @property
    def data(self) -> Path:
        """The data folder of the restored server."""
        return self.place.data

    @property
    def parts(self) -> Path:
        """The unpacked backups of the chain."""
        return self.folder / "parts"

    @property
    def server(self) -> Server:
        """The restored server, once it has recovered."""
        return Server(self.settings)

    @property
    def closed(self) -> bool:
        """Whether the ledgers have not been replayed yet."""
        return (self.data / CLOSED).is_file()

    def take_secrets(self) -> None:
        """Copy the secrets of the live home: a new home draws some of them only at recovery."""
        target = Home(self.settings.home).secrets
        shutil.copytree(private_folder(self.live.home / "secrets"), target, dirs_exist_ok=True)
        for path in files_below(target):
            path.chmod(0o600)

    def close(self) -> None:
        """Let nobody in but the administrator, from the next start on."""
        path = self.data / CLOSED
        path.write_text(_CLOSED_TO_ALL_BUT, encoding="ascii")
        path.chmod(0o600)
        self.place.account.own(path)

    def open(self) -> None:
        """Let everybody in again, from the next start on."""
        (self.data / CLOSED).unlink(missing_ok=True)

    def drop(self) -> None:
        """Stop the restored server and delete all of it."""
        if self.place.initialised:
            self.server.stop(immediate=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def restores_of(settings: Settings) -> Path:
    """Return the folder of the restored warehouses: on the disk of the live data."""
    return chosen_place(Home(settings.home)).root / "restore"


def made_side(settings: Settings, identifier: str, *, throw_away: bool) -> Side:
    """Make an empty side home.

    A throw-away one gets copies of keys and ledgers and an empty landing folder, so that nothing
    done to it reaches the live home; another one shares them with it.
    """
    folder = restores_of(settings) / identifier
    for path in (folder.parent, folder):
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(_WALKABLE)
    side = side_at(settings, folder)
    home = Home(side.settings.home)
    home.prepare()
    side.take_secrets()
    if throw_away:
        _copy_proofs(settings, home)
    else:
        _share_proofs(settings, home)
    return side


def sweep_sides(settings: Settings) -> list[str]:
    """Delete throw-away warehouses that an interruption left; the shelf is held.  Return names."""
    folder = restores_of(settings)
    paths = folder.iterdir() if folder.is_dir() else ()
    left = [path for path in paths if path.name.startswith(THROW_AWAY)]
    for path in left:
        side_at(settings, path).drop()
    return [path.name for path in left]


def side_at(settings: Settings, folder: Path) -> Side:
    """Return the side home of a folder that `made_side` made."""
    place = chosen_place(Home(settings.home))
    own = replace(settings, home=folder / "home", dsn=None, server_archive=False)
    own = replace(own, backup_dir=folder / "backups", backup_copy="", backup_keys_copy="")
    return Side(settings, own, folder, Place(folder / "home" / "pg", place.account))


def _copy_proofs(settings: Settings, home: Home) -> None:
    if Home(settings.home).keystore.is_file():
        keys.copy_store(Home(settings.home).keystore, home.keystore)
    for name in keys.FOLDERS:
        if (settings.home / name).is_dir():
            shutil.copytree(settings.home / name, home.root / name)


def _share_proofs(settings: Settings, home: Home) -> None:
    Home(settings.home).prepare()
    for name in ("keys", "landing", *keys.FOLDERS):
        here = home.root / name
        if here.is_dir():
            here.rmdir()
        here.symlink_to(private_folder(settings.home / name))

"""Where the files of one embedded server are, and the proof that its account reaches them.

Usually all is in `<home>/pg`.  A home that the server's account cannot enter (root's own, say)
keeps a pointer file, and the data stand under a folder of the system: opening the way by
changing the rights of parent folders would expose what others put there.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopnow.kernel.errors import TerminalError
from shopnow.kernel.home import Home
from shopnow.kernel.server.account import Account, server_account

if TYPE_CHECKING:
    from shopnow.kernel.settings import Settings

SYSTEM_BASE: Final = Path("/var/lib/shopnow")
# The longest path of a socket that every system takes, less the name of the socket itself.
_SOCKET_FOLDER_LIMIT: Final = 80


@dataclass(frozen=True)
class Place:
    """The folders of one server; `root` is ours, those below belong to its account."""

    root: Path
    account: Account

    @property
    def data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.root / "data"

    @property
    def archive(self) -> Path:
        """Finished WAL segments, compressed."""
        return self.root / "wal_archive"

    @property
    def run(self) -> Path:
        """The socket of the server, and files that live for one command."""
        return self.root / "run"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.root / "log"

    @property
    def socket_folder(self) -> str:
        """The folder of the Unix socket, or nothing where its path would be too long."""
        return str(self.run) if len(str(self.run)) <= _SOCKET_FOLDER_LIMIT else ""

    @property
    def initialised(self) -> bool:
        """True once initdb has finished here."""
        return (self.data / "PG_VERSION").is_file()

    def prepare(self) -> None:
        """Make the folders that are missing."""
        for folder in (self.archive, self.run, self.log):
            self.account.make_folder(folder)


def known_place(home: Home) -> Place | None:
    """Return where the data of this home already are, or None when there are none yet.

    Raises TerminalError when the home points to a folder that is gone.
    """
    pointer = _pointer(home)
    if pointer.is_file():
        root = Path(pointer.read_text(encoding="utf-8").strip())
        if not root.is_dir():
            message = f"the data of {home.root} should be in {root}, which is gone"
            raise TerminalError(message, f"Restore them, or delete {pointer} to begin anew.")
        return Place(root, server_account(root / "data"))
    # The archive outlives the data: where it is, data that were lost are given back.
    if (home.pg / "data").is_dir() or (home.pg / "wal_archive").is_dir():
        return Place(home.pg, server_account(home.pg / "data"))
    return None


def place_of(settings: Settings) -> Place | None:
    """Return where the data of these settings are, or None when there are none yet."""
    return known_place(Home(settings.home))


def chosen_place(home: Home, bases: tuple[Path, ...] | None = None) -> Place:
    """Return the place for the data of this home; decide it the first time.

    Raises TerminalError when no folder can be reached by the server's account.
    """
    found = known_place(home)
    if found is not None:
        return found
    account = server_account()
    here = Place(home.pg, account)
    here.account.make_folder(here.run)
    if account.can_write(here.run):
        return here
    for base in (SYSTEM_BASE, Path(tempfile.gettempdir())) if bases is None else bases:
        root = _root_under(base, home, account)
        if root is not None:
            _pointer(home).write_text(f"{root}\n", encoding="utf-8")
            return Place(root, account)
    message = f"the account of the server can reach neither {home.root} nor a system folder"
    raise TerminalError(message, "Choose a home that it can enter, with `--home`.")


def _root_under(base: Path, home: Home, account: Account) -> Path | None:
    try:
        if not base.is_dir():
            base.mkdir(parents=True)
            base.chmod(0o711)
        # A fresh name each time: a home deleted and made again must not find old data.
        root = Path(tempfile.mkdtemp(prefix=f"{home.root.name.strip('.') or 'home'}-", dir=base))
        root.chmod(0o711)
        probe = Place(root, account).run
        account.make_folder(probe)
    except OSError:
        return None
    return root if account.can_write(probe) else None


def _pointer(home: Home) -> Path:
    return home.pg / "location"

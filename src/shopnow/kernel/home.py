"""The folder of one warehouse, and the secrets in it: who may read what, and nothing printed.

Passwords are random, one file a role in `secrets/` (0600), and reach every client through the
passfile of libpq: no password ever stands on a command line or in an environment variable.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.kernel.errors import TerminalError

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = 0o700
# Root starts the server as another account, which must be able to walk through the home.
_WALKABLE = 0o711
_SECRET_BYTES = 24


@dataclass(frozen=True)
class Home:
    """The paths inside one home; nothing exists before `prepare`."""

    root: Path

    @property
    def pg(self) -> Path:
        """Control files of the embedded server and, where reachable, its data."""
        return self.root / "pg"

    @property
    def port_file(self) -> Path:
        """The port of the embedded server, kept for the next start."""
        return self.pg / "port"

    @property
    def secrets(self) -> Path:
        """One password a role, and the passfile made of them."""
        return self.root / "secrets"

    @property
    def passfile(self) -> Path:
        """The passfile of libpq for all roles of this warehouse."""
        return self.secrets / "pgpass"

    @property
    def keystore(self) -> Path:
        """The key store, outside the database on purpose."""
        return self.root / "keys" / "keystore.sqlite"

    @property
    def landing(self) -> Path:
        """Sealed files as received."""
        return self.root / "landing"

    @property
    def checked_contracts(self) -> Path:
        """Digests of the contracts that passed the check against their standard."""
        return self.root / "checked" / "contracts"

    @property
    def log_file(self) -> Path:
        """What the programs said, one JSON object a line."""
        return self.root / "logs" / "shopnow.jsonl"

    def prepare(self) -> None:
        """Make the folders that are missing; those that exist keep their rights.

        Raises TerminalError when the home cannot be written by this user.
        """
        shared = _WALKABLE if os.geteuid() == 0 else _PRIVATE
        try:
            for folder, mode in (
                (self.root, shared),
                (self.pg, shared),
                (self.secrets, _PRIVATE),
                (self.keystore.parent, _PRIVATE),
                (self.landing, _PRIVATE),
                (self.log_file.parent, _PRIVATE),
            ):
                _make_folder(folder, mode)
        except OSError as error:
            message = f"the home {self.root} cannot be prepared: {error.strerror}"
            hint = "Choose another with `--home` or run as the user who owns it."
            raise TerminalError(message, hint) from error

    def password(self, role: str) -> str:
        """Return the password of a role; the first call draws it and keeps it."""
        path = self.secrets / role
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            word = secrets.token_urlsafe(_SECRET_BYTES)
            write_private(path, word + "\n")
            return word
        except PermissionError as error:
            message = f"the secrets of {self.root} belong to another user"
            raise TerminalError(message, "Run as the user who made this warehouse.") from error

    def write_passfile(self, host: str, port: int) -> None:
        """Make the passfile hold every known role for the server at this address."""
        # The other secrets of the home (keys, files half written) have a dot in their names.
        roles = sorted(
            path.name
            for path in self.secrets.iterdir()
            if path != self.passfile and "." not in path.name
        )
        lines = [f"{host}:{port}:*:{role}:{self.password(role)}\n" for role in roles]
        write_private(self.passfile, "".join(lines))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(path)


def _make_folder(folder: Path, mode: int) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Not left to mkdir: the umask would narrow what another account must walk through.
    folder.chmod(mode)

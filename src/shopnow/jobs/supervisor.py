"""The supervisor that `up` starts: server, worker, watchdog and pages, each started again.

One a home, held by a file lock; it ends with SIGTERM, or when its home is gone.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from shopnow.kernel import ShopnowError, TransientError, write_private
from shopnow.kernel.server import ensure_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shopnow.kernel import Settings

_ROUND_SECONDS: Final = 0.5
_SERVER_EVERY: Final = 5.0
# A process that dies at once is started again after 1, 2, 4 … 60 seconds.
_LONGEST_PAUSE: Final = 60.0
_STEADY_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 20.0
# Supervisors that this process started: they outlive it, nobody waits for them.
_DETACHED: Final[list[subprocess.Popen[bytes]]] = []
_LOG = logging.getLogger(__name__)


@dataclass
class Child:
    """One process of the supervisor: how it is started, and how it fares."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    restarts: int = 0
    started_at: float = 0.0
    pause: float = 1.0
    not_before: float = 0.0

    @property
    def facts(self) -> dict[str, Any]:
        """What `status` says of it."""
        alive = self.process is not None and self.process.poll() is None
        pid = self.process.pid if self.process and alive else None
        return {"state": "running" if alive else "stopped", "pid": pid, "restarts": self.restarts}


def run_folder(settings: Settings) -> Path:
    """Return the folder in which the supervisor keeps its lock and its notes."""
    return settings.home / "run"


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a process of ours has exactly these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOPNOW_")}
    for one in fields(settings):
        value = getattr(settings, one.name)
        if value is None or value == "":
            continue
        text = str(value).lower() if isinstance(value, bool) else str(value)
        kept[f"SHOPNOW_{one.name.upper()}"] = text
    return kept


def children_of() -> list[Child]:
    """Return the processes that there are to keep alive."""
    found = [
        Child(name, [sys.executable, "-m", "shopnow.jobs", name]) for name in ("worker", "watchdog")
    ]
    if _has_pages():
        found.append(Child("web", [sys.executable, "-m", "shopnow.web"]))
    return found


def _has_pages() -> bool:
    with suppress(ModuleNotFoundError):
        return importlib.util.find_spec("shopnow.web.__main__") is not None
    return False


@dataclass
class Supervisor:
    """One supervisor; `run` returns when it is asked to end."""

    settings: Settings
    children: list[Child] = field(default_factory=children_of)
    ending: bool = False

    def run(self) -> None:
        """Keep everything alive until SIGTERM; raises TransientError when another one does."""
        folder = run_folder(self.settings)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (folder / "supervisor.lock").open("w") as lock:
            # Whoever asks whether there is one holds the lock for a moment.
            _until(lambda: _locked(lock), "another supervisor keeps this warehouse", 2.0)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._end)
            try:
                self._keep()
            finally:
                self._stop()
                with suppress(OSError):
                    (folder / "supervisor.json").unlink(missing_ok=True)

    def _keep(self) -> None:
        looked, said = 0.0, ""
        while not self.ending and (run_folder(self.settings) / "supervisor.lock").exists():
            now = time.monotonic()
            if now - looked >= _SERVER_EVERY:
                looked = now
                self._server()
            for child in self.children:
                self._child(child, now)
            notes = json.dumps(
                {"pid": os.getpid(), "processes": {one.name: one.facts for one in self.children}}
            )
            if notes != said:
                with suppress(OSError):
                    write_private(run_folder(self.settings) / "supervisor.json", notes)
                said = notes
            time.sleep(_ROUND_SECONDS)

    def _server(self) -> None:
        try:
            ensure_running(self.settings)
        except ShopnowError as error:
            _LOG.warning("the server does not start: %s", error.message)

    def _child(self, child: Child, now: float) -> None:
        if child.process is not None and child.process.poll() is None:
            if now - child.started_at > _STEADY_SECONDS:
                child.pause = 1.0
            return
        if child.process is not None:
            _LOG.warning("%s ended with %s", child.name, child.process.returncode)
            child.process, child.restarts = None, child.restarts + 1
            child.not_before = now + child.pause
            child.pause = min(2 * child.pause, _LONGEST_PAUSE)
        if now >= child.not_before:
            child.started_at = now
            child.process = _started(self.settings, child.command, child.name)

    def _stop(self) -> None:
        alive = [one.process for one in self.children if one.process and one.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + _PATIENCE_SECONDS
        for process in alive:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _end(self, *_: object) -> None:
        self.ending = True


def start_supervisor(settings: Settings) -> bool:
    """Start the supervisor in the background and return whether it had to be."""
    if is_supervised(settings):
        return False
    command = [sys.executable, "-m", "shopnow.jobs", "supervisor"]
    _DETACHED.append(_started(settings, command, "supervisor", detached=True))
    _until(lambda: bool(supervised(settings)), "the supervisor does not start")
    return True


def stop_supervisor(settings: Settings) -> bool:
    """Ask the supervisor to end and wait for it; return whether there was one."""
    if not is_supervised(settings):
        return False
    notes = supervised(settings)
    if notes:
        with suppress(ProcessLookupError):
            os.kill(int(notes["pid"]), signal.SIGTERM)
    _until(lambda: not is_supervised(settings), "the supervisor does not end")
    return True


def is_supervised(settings: Settings) -> bool:
    """Say whether a supervisor keeps this home: its lock is held."""
    try:
        with (run_folder(settings) / "supervisor.lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def supervised(settings: Settings) -> dict[str, Any]:
    """Return what the supervisor says of its processes; nothing when there is none."""
    if not is_supervised(settings):
        return {}
    try:
        text = (run_folder(settings) / "supervisor.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found: dict[str, Any] = json.loads(text)
    return found


def _started(
    settings: Settings, command: list[str], name: str, *, detached: bool = False
) -> subprocess.Popen[bytes]:
    logs = settings.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 — our own program
            command,
            env=environment_of(settings),
            cwd=_somewhere(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=detached,
        )


def _somewhere(settings: Settings) -> Path:
    """A folder without a settings file of its own: the environment says everything."""
    return run_folder(settings) if run_folder(settings).is_dir() else Path("/")


def _locked(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _until(
    condition: Callable[[], bool], otherwise: str, seconds: float = _PATIENCE_SECONDS + 10
) -> None:
    for _ in _ticks(seconds):
        if condition():
            return
    raise TransientError(otherwise, "Its log is in the folder `logs` of the home.")


def _ticks(seconds: float) -> Iterator[None]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
        time.sleep(0.1)

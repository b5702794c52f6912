"""Pages in the background, without a supervisor: for a demo, whose days are not those of today.

The process is noted in the home, so that `down` and the next demo find and end it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from shopnow.jobs.supervisor import environment_of, run_folder
from shopnow.kernel import TransientError, write_private

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.kernel import Settings

_NOTE: Final = "pages.json"
_PORTS: Final = 20
# Pages that this process started: they outlive it, nobody waits for them.
_DETACHED: Final[list[subprocess.Popen[bytes]]] = []
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.1


def start_pages(settings: Settings, begins_at: datetime) -> str:
    """Serve the pages in the background, their clock starting at `begins_at`; returns the address.

    Where the port of the settings is taken, the next free one is.  Raises TransientError when
    they do not answer.
    """
    stop_pages(settings)
    settings = replace(settings, web_port=free_port(settings.web_host, settings.web_port))
    address = f"http://{settings.web_host}:{settings.web_port}"
    folder = run_folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = [sys.executable, "-m", "shopnow.web", "--from", begins_at.isoformat()]
    with (folder / "pages.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 — our own module
            command, env=environment_of(settings), stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    _DETACHED.append(process)
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if pages_answer(address):
            write_private(folder / _NOTE, json.dumps({"pid": process.pid}))
            return address
        time.sleep(_POLL_SECONDS)
    if process.poll() is None:
        process.kill()
    process.wait()
    message = f"the pages do not start on {address}"
    raise TransientError(message, f"{folder / 'pages.log'} says why.")


def free_port(host: str, wanted: int) -> int:
    """The port wanted, or the first free one of the next."""
    for port in range(wanted, wanted + _PORTS):
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
            return port
    message = f"the ports {wanted} to {wanted + _PORTS - 1} of {host} are taken"
    raise TransientError(message, "Choose another: --set web_port=9000.")


def stop_pages(settings: Settings) -> bool:
    """End the pages that `start_pages` started here; returns whether there were any."""
    note = run_folder(settings) / _NOTE
    try:
        pid = int(json.loads(note.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError):
        return False
    note.unlink(missing_ok=True)
    if not _is_ours(pid):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < until:
            # Of a process of ours nothing is left once it has been asked.
            for child in _DETACHED:
                child.poll()
            os.kill(pid, 0)
            time.sleep(_POLL_SECONDS)
        os.kill(pid, signal.SIGKILL)
    return True


def _is_ours(pid: int) -> bool:
    """Say whether the process is still that of the pages: numbers are given again."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as command:  # noqa: PTH123 — no path of ours
            return b"shopnow.web" in command.read()
    except OSError:
        return not os.path.isdir("/proc/self") and _is_alive(pid)  # noqa: PTH112 — as above


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def pages_answer(address: str) -> bool:
    """Say whether pages and database answer there."""
    try:
        with urlopen(f"{address}/sante", timeout=2):  # noqa: S310 — loopback, our own
            return True
    except (URLError, OSError):
        return False

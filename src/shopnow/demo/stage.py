"""The home of the demo: marked before anything is made in it, emptied only when it is marked.

Protects a warehouse that somebody needs: the demo begins from nothing each time, and nothing that
lacks its marker is ever removed.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from shopnow.jobs import stop_pages, stop_supervisor
from shopnow.kernel import Home, UsageError
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

_MARKER: Final = "DEMO.txt"
_TEXT: Final = "Made by `shopnow demo`, which removes this warehouse when it runs again.\n"
_FILES: Final = "demo"
# What a warehouse and the demo make in a home; whatever else stands there is not ours to delete.
_OURS: Final = (
    "secrets", "keys", "landing", "logs", "sources", "ledgers", "run", "backups", _FILES,
)  # fmt: skip


def files_folder(settings: Settings) -> Path:
    """Where the files that the demo sends are kept for people to look at."""
    return settings.home / _FILES


def set_stage(settings: Settings) -> None:
    """Make the home of `settings` ready for a demo that begins from nothing.

    Raises UsageError when the server is not ours, or the home holds anything but a former demo.
    """
    if not settings.embedded:
        raise UsageError(
            "the demo makes a warehouse of its own, but SHOPNOW_DSN names a server",
            "Unset SHOPNOW_DSN for the demo.",
        )
    home, marker = settings.home, settings.home / _MARKER
    if marker.is_file():
        stop_pages(settings)
        stop_supervisor(settings)
        Server(settings).remove()
        for name in _OURS:
            if (home / name).is_dir():
                shutil.rmtree(home / name)
    elif home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise UsageError(
            f"{home} already holds something that is not a demo",
            "Give the demo a home of its own: `shopnow --home demo-home demo`.",
        )
    Home(home).prepare()
    marker.write_text(_TEXT, encoding="utf-8")

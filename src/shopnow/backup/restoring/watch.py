"""How long each step of a restore takes: told while it runs, kept for plans and figures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str], None]

T = TypeVar("T")
# From the archives to a data folder; then the log is replayed and the server starts.
UNPACKING: Final = ("extraction", "vérification", "assemblage")
RESTORING: Final = ("contrôle", *UNPACKING, "journaux", "démarrage")


class Watch:
    """Times steps and tells of them."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    def timed(self, name: str, step: Callable[[], T]) -> T:
        """Run a step, keep its duration under `name`, return what it returns."""
        began = time.monotonic()
        result = step()
        self.seconds[name] = round(time.monotonic() - began, 3)
        self.progress(f"{name} : {self.seconds[name]:.1f} s")
        return result

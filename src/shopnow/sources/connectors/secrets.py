"""Secrets of sources: one file each in the home's secrets, read when a pull begins, never told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from shopnow.kernel import Home, write_private
from shopnow.sources.connectors.model import PullRefusedError

if TYPE_CHECKING:
    from pathlib import Path

SECRET_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_OTHERS: Final = 0o077


class Secrets:
    """The secrets that source files name; a value never stands in an error."""

    def __init__(self, home: Path) -> None:
        """Read from the secrets of that home."""
        self._folder = Home(home).secrets

    def path(self, name: str) -> Path:
        """The file of a secret; the prefix keeps it apart from the passwords of roles."""
        return self._folder / f"source.{name}"

    def read(self, name: str) -> str:
        """The value; raises PullRefusedError when there is none, or others may read it."""
        path = self.path(name)
        try:
            mode = path.stat().st_mode
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise PullRefusedError(
                f"secret « {name} » attendu, introuvable dans {path.parent}",
                f"Enregistrez-le : `shopnow source secret {name}` (la valeur est lue au clavier).",
            ) from None
        if mode & _OTHERS:
            raise PullRefusedError(
                f"secret « {name} » lisible par d'autres comptes ({path})",
                f"Fermez-le (chmod 600), puis changez-le : il a pu être lu. `shopnow source secret"
                f" {name}` en enregistre un nouveau.",
            )
        if not value:
            raise PullRefusedError(
                f"secret « {name} » vide", f"Enregistrez-le : `shopnow source secret {name}`."
            )
        return value

    def keep(self, name: str, value: str) -> None:
        """Keep a value, readable by this account alone."""
        write_private(self.path(name), value.strip() + "\n")

"""One visit to one page: who asks, what they typed, and the connection under their role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    import psycopg
    from starlette.requests import Request

    from shopnow.kernel import Settings
    from shopnow.security import Person
    from shopnow.web.kept import Declared


class NotFoundError(Exception):
    """There is no such thing, or the person may not know of it: pages do not tell which."""


@dataclass(frozen=True)
class Visit:
    """What a page is given; `form` is empty unless something was sent."""

    request: Request
    person: Person
    conn: psycopg.Connection
    settings: Settings
    declared: Declared
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)

    def word(self, name: str) -> str | None:
        """A word of the address, None when it is empty or not there."""
        return self.request.query_params.get(name, "").strip() or None

    def number(self, name: str) -> int | None:
        """A whole number of the path or the address; raises NotFoundError for anything else."""
        text = str(self.request.path_params.get(name) or self.word(name) or "")
        if not text:
            return None
        if not text.lstrip("-").isascii() or not text.lstrip("-").isdigit() or len(text) > 18:  # noqa: PLR2004 — a bigint
            raise NotFoundError
        return int(text)

    def needed(self, name: str) -> int:
        """A whole number that the path has."""
        found = self.number(name)
        if found is None:
            raise NotFoundError
        return found


@dataclass(frozen=True)
class Shown:
    """A page: its template, what it shows, and the status of the answer."""

    template: str
    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True)
class Gone:
    """What a sent form ends with: another page."""

    to: str


if TYPE_CHECKING:
    Page = Callable[[Visit], Shown | Gone]

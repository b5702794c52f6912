"""Drafting a new mart: its statements, the migration of its table, and its first test.

Protects the rule that a mart is born with header, grants, freshness target and a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from shopnow.kernel import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_NAME: Final = 40
_NUMBER: Final = re.compile(r"(?P<number>\d{4})_")


@dataclass(frozen=True)
class MartDraft:
    """The files of a new mart: path to text, in the order in which a person fills them in."""

    name: str
    texts: Mapping[Path, str]


def draft_mart(name: str, *, marts: Path, migrations: Path, tests: Path) -> MartDraft:
    """Return the files of a new mart, nothing written yet.

    Raises UsageError for a name that is not snake_case or a file that exists.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        message = f"{name!r} is no name of a mart"
        raise UsageError(message, "Use lower-case words joined by _, e.g. seller_returns.")
    number = _next_number(migrations)
    places = {
        "mart": marts / f"{name}.sql",
        "migration": migrations / f"{number:04d}_marts_{name}.sql",
        "test": tests / f"test_{name}.py",
    }
    for path in places.values():
        if path.exists():
            message = f"{path.name} exists"
            raise UsageError(message, "Choose another name, or edit that file.")
    return MartDraft(name, {path: _template(kind, name) for kind, path in places.items()})


def _next_number(migrations: Path) -> int:
    found = (_NUMBER.match(path.name) for path in migrations.glob("*.sql"))
    return max((int(match["number"]) for match in found if match), default=0) + 1


def _template(kind: str, name: str) -> str:
    text = (files(__package__ or "") / "drafts" / f"{kind}.txt").read_text(encoding="utf-8")
    return text.replace("@NAME@", name)

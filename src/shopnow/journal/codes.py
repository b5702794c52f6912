"""The page of each code that the journal carries: what it means, what to do, which runbook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class EventCode:
    """One code of the journal, in French; `runbook` is a page of docs/exploitation or empty.

    `level` is the gravest that it is said with; `quiet` says why a WARNING wakes nobody.
    """

    code: str
    type: str
    level: str
    what_fr: str
    do_fr: str
    runbook: str = ""
    quiet: str = ""


@cache
def event_codes() -> dict[str, EventCode]:
    """Return the declared codes by name."""
    file = resources.files(__package__ or "").joinpath("codes.yaml")
    text = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        name: EventCode(
            name, one["type"], one["level"], one["what"], one["do"], one.get("runbook", ""),
            one.get("quiet", ""),
        )
        for name, one in text.items()
    }  # fmt: skip

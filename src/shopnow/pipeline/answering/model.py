"""What a sender is told of its delivery: lines in its own order, each with everything found on it.

The rules protected here: every failed rule of a record is told, under the sender's own column
name; a value that says something of a person is never quoted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.pipeline.following import DeliveryFacts

Level = Literal["reject", "warn", "clean"]
Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that spoke of a line, in words; texts are empty where there is nothing to say.

    `column`: the sender's own name of the column, "" for the line as a whole; `attribute`: ours.
    `seen`: the value as sent, masked when personal; `nearest`: a valid value that resembles it.
    """

    level: Level
    rule: str
    column: str
    attribute: str
    seen: str
    what: str
    expected: str
    fix: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One line of a file as sent (`cells` by column, personal ones masked) and what was found.

    `line_no`: first physical line, the header counted; `item_no`: place in the line's list, or 0.
    """

    file_name: str
    line_no: int
    item_no: int
    findings: tuple[Finding, ...]
    cells: dict[str, str]

    @property
    def status(self) -> str:
        """rejected, accepted with a remark (warned), corrected (cleaned) or accepted."""
        levels = {finding.level for finding in self.findings}
        for level, status in (("reject", "rejected"), ("warn", "warned"), ("clean", "cleaned")):
            if level in levels:
                return status
        return "accepted"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one delivery; `lines` are read from the sealed file once, while asked for.

    `columns`: the sender's, in its order; `whole`: what was found on the delivery as a whole.
    """

    delivery: DeliveryFacts
    language: Language
    columns: tuple[str, ...]
    whole: tuple[Finding, ...]
    lines: Iterator[AnsweredLine]
    is_bundle: bool = False

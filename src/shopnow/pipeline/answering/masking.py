"""Which of the sender's values an answer may quote.

An answer is kept and forwarded: it says where a personal value is wrong, never what it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopnow.sources import Contracts, Source

MASKED = {"fr": "[masqué]", "en": "[masked]"}
_EMAIL = re.compile(r"[^\s@<>,;:\"']+@[^\s@<>,;:\"']+\.[^\s@<>,;:\"']+")
# With a plus, or in groups: a barcode that begins with zeros is no telephone number.
_PHONE = re.compile(
    r"(?<![\w.,+-])"
    r"(?:\+\d(?:[ .()-]*\d){7,13}|(?:00\d{1,3}[ .-])?\(?0?\d\)?(?:[ .-]\d{2}){4})"
    r"(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Mask:
    """What to hide in the cells of one source, by the sender's column names."""

    hidden: frozenset[str]
    shown: frozenset[str]
    speaks_of_people: bool
    text: str

    def cell(self, column: str, value: str) -> str:
        """The value of a cell as it may be quoted; an empty one is empty."""
        if not value:
            return value
        if column in self.hidden or (self.speaks_of_people and column not in self.shown):
            return self.text
        return self.loose(value)

    def loose(self, value: str) -> str:
        """A text in which what looks like an address or a telephone number is masked."""
        if "@" in value:
            value = _EMAIL.sub(self.text, value)
        return _PHONE.sub(self.text, value)


def mask_for(source: Source, contracts: Contracts, language: str) -> Mask:
    """Columns that feed an attribute of a person are hidden.

    In a feed that speaks of people, so is every column that the source does not read: nothing is
    known of it.
    """
    hidden: set[str] = set()
    shown: set[str] = set()
    for record in source.records:
        attributes = contracts.kinds[record.kind].by_name
        for name, spec in record.fields.items():
            attribute = attributes.get(name)
            quotable = attribute is not None and attribute.is_quotable
            (shown if quotable else hidden).update(p.removeprefix("$.") for p in spec.paths)
    feed = contracts.feeds[source.feed]
    people = any(not a.is_quotable for record in feed.records for a in record.attributes)
    return Mask(frozenset(hidden), frozenset(shown - hidden), people, MASKED[language])

"""A column that several kinds of record read is judged once a chunk.

A line of a catalogue is a product and an offer: their seller, product and time are the same cells,
judged by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from shopnow.quality.attributes import judge_attribute
from shopnow.quality.model import Findings

if TYPE_CHECKING:
    import polars as pl

    from shopnow.quality.model import Bench
    from shopnow.sources import Attribute, Field

_Rules = tuple["Attribute", "Field | None"]


@dataclass(slots=True)
class Once:
    """What was judged of one chunk, by the rules it was judged by; of one chunk only."""

    _judged: dict[_Rules, tuple[pl.Series, pl.Series, Findings]] = field(default_factory=dict)

    def judge(
        self, raw: pl.Series, attribute: Attribute, spec: Field | None, bench: Bench, out: Findings
    ) -> pl.Series:
        """As `judge_attribute`."""
        rules = (_rules_of(attribute), spec)
        known = self._judged.get(rules)
        if known is None or not known[0].equals(raw, null_equal=True):
            found = Findings()
            known = (raw, judge_attribute(raw, attribute, spec, bench, found), found)
            self._judged[rules] = known
        out.take(known[2])
        return known[1]


@cache
def _rules_of(attribute: Attribute) -> Attribute:
    """The attribute without what is only told about it."""
    return replace(
        attribute, description="", label="", scd=None, justification=None, justification_fr=None,
        historised_since=None, default=None,
    )  # fmt: skip

"""What became of a batch's records, counted delivery by delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery's records in a dimension, or in the facts."""

    accepted: int = 0
    duplicate: int = 0
    superseded: int = 0
    held: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        """Counts of two parts of a delivery."""
        return Outcome(
            self.accepted + other.accepted,
            self.duplicate + other.duplicate,
            self.superseded + other.superseded,
            self.held + other.held,
        )


def merge(into: dict[int, Outcome], other: Mapping[int, Outcome]) -> None:
    """Add outcomes delivery by delivery."""
    for key, outcome in other.items():
        into[key] = into.get(key, Outcome()) + outcome

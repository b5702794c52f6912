"""What is told of a member: the moments of its life, and what was believed of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Event = Literal[
    "first", "changed", "corrected", "withdrawn", "deleted", "returned", "inferred", "confirmed",
    "pending", "cancelled",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a dimension: its key by column, and the name that people know it by."""

    dimension: str
    key: Mapping[str, Any]
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """One attribute before and after a moment; `scd` says what that does to the other versions."""

    attribute: str
    scd: int
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Moment:
    """Something said of a member that holds from `at` on, and where it came from.

    `version` and `surrogate` are those of the version that starts there, if one does. `known_at`
    is when the warehouse learned it; `is_late` when it knew of a later time before.
    """

    at: datetime
    event: Event
    changes: tuple[Change, ...]
    version: int | None
    surrogate: int | None
    delivery_key: int
    source_line: int
    known_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it stands or as it was believed; `values` are its attributes by name."""

    surrogate: int
    version: int
    valid_from: datetime
    valid_to: datetime
    is_deleted: bool
    is_inferred: bool
    known_from: datetime
    delivery_key: int
    source_line: int
    values: Mapping[str, Any]
    known_to: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryName:
    """How a delivery is named to people."""

    delivery_key: int
    sender: str
    source: str
    feed: str
    mode: str
    file_name: str | None
    effective_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """A member's life: versions as they stand, moments oldest first, beliefs that were given up."""

    member: Member
    versions: tuple[Version, ...]
    moments: tuple[Moment, ...]
    beliefs: tuple[Version, ...]
    deliveries: Mapping[int, DeliveryName] = field(default_factory=dict)
    # French paths of the categories that are named in it.
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def current(self) -> Version:
        """The version in force, which may be a deleted one."""
        return self.versions[-1]

"""What the generated marketplace is made of: plain records without any I/O.

The plan is the contract between the generator and whoever loads its files: it names every file in
the order in which it must be ingested, so that a load day by day is reproducible.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Mode = Literal["full", "delta"]
Feed = Literal["sellers", "products", "offers", "orders", "clickstream"]

MINIMUM_SELLERS = 4
MINIMUM_PRODUCTS_A_SELLER = 2


@dataclass(frozen=True)
class Scale:
    """How much to generate, and from which day on. Counts are of distinct things, not of lines."""

    seed: int
    days: int
    sellers: int
    products: int
    orders: int
    clicks: int
    first_day: date

    def __post_init__(self) -> None:
        """Refuse a scale that cannot hold the stories which the demo promises to tell."""
        if self.sellers < MINIMUM_SELLERS:
            raise ValueError(f"sellers must be at least {MINIMUM_SELLERS}, found {self.sellers}")
        wanted = (self.sellers + 1) * MINIMUM_PRODUCTS_A_SELLER
        if self.products < wanted:
            raise ValueError(f"products must be at least {wanted}, found {self.products}")
        if min(self.days, self.orders, self.clicks) < 1:
            raise ValueError("days, orders and clicks must each be at least 1")

    def on(self, day: int) -> date:
        """Give the calendar date of a day, counted from 1."""
        return self.first_day + timedelta(days=day - 1)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Give an instant of a day, in UTC."""
        return datetime.combine(self.on(day), time(hour, minute), tzinfo=UTC)

    def midnight_micros(self, day: int) -> int:
        """Give the start of a day (UTC) in microseconds since 1970."""
        return int(self.at(day, 0).timestamp()) * 1_000_000


@dataclass(frozen=True)
class DemoDelivery:
    """One file to ingest. `effective_at` is aware, UTC; `lines` counts records, without headers."""

    day: int
    path: Path
    sender: str
    source: str
    feed: Feed
    mode: Mode
    effective_at: datetime
    lines: int


@dataclass(frozen=True)
class DayPlan:
    """The deliveries of one day, in the order to ingest them, and the labels of their dirt."""

    day: int
    on: date
    deliveries: tuple[DemoDelivery, ...]
    labels: Path


@dataclass(frozen=True)
class Label:
    """One planted defect: `line` is the first physical line of a record, 0 the whole file."""

    file: str
    line: int
    defect: str


@dataclass(frozen=True)
class DemoCounts:
    """Totals of what was written. `lines` are records of readable files, dirty ones included."""

    sellers: int
    products: int
    orders: int
    order_events: int
    returns: int
    clicks: int
    offers: int
    lines: int
    dirty_lines: int
    deliveries: int
    defects: Mapping[str, int]


@dataclass(frozen=True)
class DemoPlan:
    """Everything written under `folder`: source files, days, totals, and where the stories are."""

    folder: Path
    sources_dir: Path
    sources: tuple[Path, ...]
    days: tuple[DayPlan, ...]
    counts: DemoCounts
    stories: Mapping[str, str]

    @property
    def deliveries(self) -> tuple[DemoDelivery, ...]:
        """All deliveries of all days, in the order to ingest them."""
        return tuple(delivery for day in self.days for delivery in day.deliveries)

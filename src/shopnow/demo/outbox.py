"""The folder in which the senders' files are laid down, day by day, with their labels.

Nothing else in this room touches a file, apart from the sources: what is written here and what the
plan promises cannot drift apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.demo.model import DayPlan, DemoDelivery, Feed, Label, Mode, Scale

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

WHOLE_FILE = 0


@dataclass(frozen=True)
class Parcel:
    """A file about to be sent: its bytes, its sender's declarations and its planted defects."""

    name: str
    content: bytes
    sender: str
    source: str
    feed: Feed
    mode: Mode
    effective_at: datetime
    lines: int
    labels: tuple[tuple[int, str], ...] = ()


class Outbox:
    """Writes parcels into `folder/day-NN` and keeps the plan and the totals of what was written."""

    def __init__(self, folder: Path, scale: Scale) -> None:
        """Write below `folder`, which is made if it is missing."""
        self._folder = folder
        self._scale = scale
        self._deliveries: list[DemoDelivery] = []
        self._labels: list[Label] = []
        self.defects: Counter[str] = Counter()
        self.lines_by_feed: Counter[str] = Counter()
        self.dirty_lines = 0
        self.stories: dict[str, str] = {}

    def send(self, day: int, parcel: Parcel, story: str | None = None) -> None:
        """Write a file of a day and add it to the day's plan; a story's file is remembered."""
        folder = self._day_folder(day)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / parcel.name
        path.write_bytes(parcel.content)
        self._deliveries.append(
            DemoDelivery(day, path, parcel.sender, parcel.source, parcel.feed, parcel.mode,
                         parcel.effective_at, parcel.lines)
        )  # fmt: skip
        self.lines_by_feed[parcel.feed] += parcel.lines
        self._note(parcel.name, parcel.labels)
        if story:
            self.stories[story] = f"{folder.name}/{parcel.name}"

    def _note(self, name: str, labels: Iterable[tuple[int, str]]) -> None:
        for line, defect in labels:
            self._labels.append(Label(name, line, defect))
            self.defects[defect] += 1
            self.dirty_lines += line != WHOLE_FILE

    def close_day(self, day: int) -> DayPlan:
        """Write the day's labels and give its plan."""
        path = self._day_folder(day) / "labels.csv"
        text = "file,line,defect\n" + "".join(
            f"{label.file},{label.line},{label.defect}\n" for label in self._labels
        )
        path.write_text(text, encoding="utf-8", newline="\n")
        plan = DayPlan(day, self._scale.on(day), tuple(self._deliveries), path)
        self._deliveries, self._labels = [], []
        return plan

    def _day_folder(self, day: int) -> Path:
        return self._folder / f"day-{day:02d}"

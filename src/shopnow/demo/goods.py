"""The files of goods and prices which sellers, and the house for itself, send on a day.

The planted stories of this feed live here: a binary file, a file with a delimiter that was not
declared, a file sent twice, a statement that comes late, a full list which leaves goods out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shopnow.demo.dirt import spoiled_file
from shopnow.demo.layouts import HOUSE_LAYOUT, Layout, Row, TimeKind, write_rows
from shopnow.demo.outbox import WHOLE_FILE, Outbox, Parcel
from shopnow.demo.randomness import stream
from shopnow.demo.shelf import Shelf
from shopnow.demo.sources import PLATFORM, ZONE, source_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.model import Feed, Mode, Scale

_HOURS = {"products": 5, "offers": 6}

# Which owner (from 0) does what on which day; left out where a scale has too few of either.
_UNDECLARED_DELIMITER = (1, 7)
_LATE = (2, 6)
_LATE_ARRIVES, _LATE_EFFECTIVE = 8, 4
_BINARY = (3, 5)
_RESENT = (5, 7)
_LEAVES_OUT = (6, 10)
_LEFT_OUT = 2
_FEWEST_TO_LEAVE_OUT_OF = 20
_JUNK_OCTETS = 2048


class GoodsSender:
    """Sends `products` and `offers` of all owners, in the layout of each."""

    def __init__(
        self, scale: Scale, catalogue: Catalogue, layouts: Sequence[Layout], outbox: Outbox
    ) -> None:
        """Write through `outbox`; `layouts[i]` is that of seller i, the house has its own."""
        self._scale = scale
        self._catalogue = catalogue
        self._layouts = (*layouts, HOUSE_LAYOUT)
        self._outbox = outbox
        self._shelf = Shelf(scale, catalogue)
        self._again: dict[int, list[int]] = {}
        self._resend: Parcel | None = None

    def send_products(self, day: int) -> None:
        """Send the day's product files: the ordinary ones, then what the stories add."""
        for owner in range(len(self._catalogue.owners)):
            if owner in self._again:
                self._send_products(owner, day, self._again.pop(owner))
            elif self._shelf.sends("products", owner, day):
                self._send_due(owner, day)
        owner, changed_on = _LATE
        if day == _LATE_ARRIVES and self._has(owner) and changed_on < day:
            self._send_late(owner, day)

    def send_offers(self, day: int) -> None:
        """Send the day's offer files, after a repetition of an earlier one where planned."""
        if self._resend is not None:
            self._outbox.send(day, self._resend, story="resend")
            self._resend = None
        for owner in range(len(self._catalogue.owners)):
            if self._shelf.sends("offers", owner, day):
                self._send_offers(owner, day)

    def _has(self, owner: int) -> bool:
        """Tell whether the scale has such a seller, apart from the last, who starts later."""
        return owner < self._catalogue.house - 1

    def _is(self, story: tuple[int, int], owner: int, day: int) -> bool:
        return story == (owner, day) and self._has(owner)

    def _send_due(self, owner: int, day: int) -> None:
        if self._is(_LATE, owner, day):
            first = self._catalogue.owners[owner].first_product
            self._shelf.recategorise(first, 0)
            self._shelf.owe(owner, first)
        mode: Mode = "full" if self._shelf.is_first("products", owner) else "delta"
        numbers = self._shelf.products(owner, day)
        if self._is(_BINARY, owner, day):
            self._send_binary(owner, day, numbers)
        elif self._is(_UNDECLARED_DELIMITER, owner, day):
            self._send_undeclared(owner, day, numbers)
        elif self._is(_LEAVES_OUT, owner, day):
            self._send_full_list(owner, day, numbers)
        elif numbers:
            self._send_products(owner, day, numbers, mode)

    def _send_products(
        self, owner: int, day: int, numbers: list[int], mode: Mode = "delta"
    ) -> None:
        rows = [self._shelf.product_row(n) for n in numbers]
        lost = self._send(owner, day, "products", rows, mode)
        for place in lost:
            self._shelf.owe(owner, numbers[place])

    def _send_offers(self, owner: int, day: int) -> None:
        mode: Mode = "full" if self._shelf.is_first("offers", owner) else "delta"
        rows = self._shelf.offers(owner, day)
        if not rows:
            return
        self._send(owner, day, "offers", rows, mode)

    def _send(self, owner: int, day: int, feed: Feed, rows: list[Row], mode: Mode) -> list[int]:
        """Send a file with its share of dirt; gives the places of rows that did not get through."""
        layout, at = self._layouts[owner], self._effective_at(feed, owner, day)
        for row in rows:
            row["effective_at"] = written_time(at, layout.time_kind)
        rng = stream(self._scale.seed, "dirt", feed, owner, day)
        file, labels, lost = spoiled_file(rng, layout, feed, rows, self._other_seller(owner))
        parcel = self._parcel(owner, day, feed, file.content(), lines=len(file.records), mode=mode)
        parcel = replace(parcel, labels=tuple(labels))
        self._outbox.send(day, parcel)
        if feed == "offers" and self._is(_RESENT, owner, day):
            again = parcel.name.replace(".", "_bis.", 1)
            self._resend = replace(parcel, name=again, labels=((WHOLE_FILE, "duplicate_delivery"),))
        return lost

    def _parcel(
        self, owner: int, day: int, feed: Feed, content: bytes, *, lines: int, mode: Mode
    ) -> Parcel:
        one, layout = self._catalogue.owners[owner], self._layouts[owner]
        word = layout.file_words[0 if feed == "products" else 1]
        is_house = one.seller is None
        return Parcel(
            name=f"{'house' if is_house else one.owner_id}_{word}_{self._scale.on(day):%Y%m%d}"
            f"{layout.suffix}",
            content=content,
            sender=PLATFORM if is_house else one.owner_id,
            source=f"demo-house-{feed}" if is_house else source_name(one.owner_id, feed),
            feed=feed,
            mode=mode,
            effective_at=self._effective_at(feed, owner, day),
            lines=lines,
        )

    def _effective_at(self, feed: str, owner: int, day: int) -> datetime:
        return self._scale.at(day, _HOURS[feed], owner % 60)

    def _other_seller(self, owner: int) -> str | None:
        if owner == self._catalogue.house:
            return None
        return self._catalogue.owners[(owner + 1) % self._catalogue.house].owner_id

    def _send_binary(self, owner: int, day: int, numbers: list[int]) -> None:
        junk = stream(self._scale.seed, "junk").bytes(_JUNK_OCTETS)
        parcel = self._parcel(owner, day, "products", b"\x00\x01" + junk, lines=0, mode="delta")
        label = (WHOLE_FILE, "binary_file")
        self._outbox.send(day, replace(parcel, labels=(label,)), story="binary_file")
        self._again[owner] = numbers

    def _send_undeclared(self, owner: int, day: int, numbers: list[int]) -> None:
        layout = replace(self._layouts[owner], delimiter=";")
        content = write_rows(layout, "products", self._timed_rows(owner, day, numbers)).content()
        parcel = self._parcel(owner, day, "products", content, lines=0, mode="delta")
        label = (WHOLE_FILE, "wrong_delimiter")
        self._outbox.send(day, replace(parcel, labels=(label,)), story="wrong_delimiter")
        self._again[owner] = numbers

    def _timed_rows(self, owner: int, day: int, numbers: list[int]) -> list[Row]:
        at = self._effective_at("products", owner, day)
        time = written_time(at, self._layouts[owner].time_kind)
        return [{**self._shelf.product_row(n), "effective_at": time} for n in numbers]

    def _send_full_list(self, owner: int, day: int, due: list[int]) -> None:
        """Send all goods but two: what a full list leaves out is withdrawn.

        It has no dirt, so that nothing else is missing from it.
        """
        numbers = self._shelf.all_products(owner, day)
        kept = [n for n in numbers if n in due]
        spare = [n for n in numbers if n not in due]
        if len(spare) < _FEWEST_TO_LEAVE_OUT_OF:
            self._send_products(owner, day, due)
            return
        rows = self._timed_rows(owner, day, sorted([*kept, *spare[:-_LEFT_OUT]]))
        content = write_rows(self._layouts[owner], "products", rows).content()
        parcel = self._parcel(owner, day, "products", content, lines=len(rows), mode="full")
        self._outbox.send(day, parcel, story="full_with_withdrawals")

    def _send_late(self, owner: int, day: int) -> None:
        """State on day 8 what was true on day 4, before the change that day 6 has told."""
        row = self._shelf.product_row(self._catalogue.owners[owner].first_product)
        row.update(status="active", source_category="Maison > Cuisine > Vaisselle")
        content = write_rows(self._layouts[owner], "products", [row]).content()
        parcel = self._parcel(owner, day, "products", content, lines=1, mode="delta")
        name = parcel.name.replace(".", "_rattrapage.", 1)
        at = self._scale.at(_LATE_EFFECTIVE, 12) + timedelta(minutes=owner)
        self._outbox.send(day, replace(parcel, name=name, effective_at=at), story="late_statement")
        self._outbox.stories["late_product"] = row["product_id"]


def written_time(at: datetime, kind: TimeKind) -> str:
    """Write an instant as a sender does: ISO in UTC, or local time of the zone without offset."""
    if kind == "iso":
        return f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M:%S}"

"""The files which the platform itself sends: sellers, orders, returns and visits of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from shopnow.demo.dirt import spoiled_lines
from shopnow.demo.layouts import quoted
from shopnow.demo.orders import order_id
from shopnow.demo.outbox import Outbox, Parcel
from shopnow.demo.randomness import money_text, stream
from shopnow.demo.sources import PLATFORM, ZONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.customers import Customers
    from shopnow.demo.model import Feed, Mode, Scale
    from shopnow.demo.sellers import Seller

_SELLER_COLUMNS = (
    "seller_id", "seller_name", "legal_id", "country", "region", "city", "address", "status",
    "commission_pct", "category", "contact_name", "contact_email", "contact_phone",
)  # fmt: skip
_RETURN_COLUMNS = ("numero_retour", "commande", "client", "vendeur", "article", "quantite",
                   "prix", "devise", "date_retour")  # fmt: skip
# Orders, returns and visits of a day are said when the day is over.
_END_OF_DAY = (23, 30)


class PlatformSender:
    """Sends the platform's own feeds, one file a feed and day."""

    def __init__(self, scale: Scale, outbox: Outbox) -> None:
        """Write through `outbox`."""
        self._scale = scale
        self._outbox = outbox

    def send_sellers(self, day: int, sellers: Sequence[Seller]) -> None:
        """State sellers; on day 1 all of them, with the first one said twice."""
        if not sellers:
            return
        lines = [_seller_line(one, n) for n, one in enumerate(sellers)]
        labels: tuple[tuple[int, str], ...] = ()
        if day == 1:
            lines.append(lines[0])
            labels = ((1 + len(lines), "duplicate_line"),)
        text = "\n".join([",".join((*_SELLER_COLUMNS, "updated_at")), *lines, ""])
        parcel = self._parcel(day, "sellers", ("sellers", ".csv"), text, len(lines))
        mode: Mode = "full" if day == 1 else "delta"
        at = self._scale.at(day, 4)
        self._outbox.send(day, replace(parcel, mode=mode, effective_at=at, labels=labels))

    def send_lines(self, day: int, feed: Feed, lines: list[str]) -> None:
        """Send the JSON lines of `orders` or `clickstream`, with their share of dirt."""
        if not lines:
            return
        rng = stream(self._scale.seed, "dirt", feed, day)
        written, labels = spoiled_lines(rng, feed, lines)
        text = "\n".join([*written, ""])
        parcel = self._parcel(day, feed, (feed, ".ndjson"), text, len(written))
        self._outbox.send(day, replace(parcel, labels=tuple(labels)))

    def send_returns(self, day: int, lines: list[str]) -> None:
        """Send what customers sent back, as flat lines with negative quantities."""
        if not lines:
            return
        text = "\n".join([";".join(_RETURN_COLUMNS), *lines, ""])
        self._outbox.send(day, self._parcel(day, "orders", ("returns", ".csv"), text, len(lines)))

    def _parcel(
        self, day: int, feed: Feed, file_name: tuple[str, str], text: str, lines: int
    ) -> Parcel:
        word, suffix = file_name
        return Parcel(
            name=f"{word}_{self._scale.on(day):%Y%m%d}{suffix}",
            content=text.encode(),
            sender=PLATFORM,
            source=f"demo-{word}",
            feed=feed,
            mode="delta",
            effective_at=self._scale.at(day, *_END_OF_DAY) + timedelta(minutes=len(word)),
            lines=lines,
        )


def _seller_line(seller: Seller, n: int) -> str:
    values = {name: str(getattr(seller, name)) for name in _SELLER_COLUMNS}
    # Three spellings of one word, as in the case: a reader must not care.
    spellings = (str.lower, str.upper, str.capitalize)
    values["status"] = spellings[n % len(spellings)](seller.status)
    said = f"{seller.updated_at:%Y-%m-%dT%H:%M:%SZ}"
    return ",".join(quoted(value, ",") for value in (*values.values(), said))


def return_lines(returns: pl.DataFrame, catalogue: Catalogue, customers: Customers) -> pl.DataFrame:
    """Give one row a returned line: day and line (CSV text). The house has no seller id."""
    product = returns["product"]
    owner = pl.Series(catalogue.owner_of).gather(product)
    names = [one.owner_id if one.seller else "" for one in catalogue.owners]
    number = [order_id(n) for n in returns["order"].to_list()]
    local = (
        pl.from_epoch("at", time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
    )
    return returns.select(
        "day",
        line=pl.concat_str(
            pl.lit(pl.Series([f"R-{one}" for one in number], dtype=pl.String)),
            pl.lit(pl.Series(number, dtype=pl.String)),
            pl.lit(customers.ids.gather(returns["customer"])),
            pl.lit(pl.Series(names).gather(owner)),
            pl.lit(pl.Series([row["product_id"] for row in catalogue.rows]).gather(product)),
            pl.lit("-1"),
            money_text(pl.col("cents")).str.replace(".", ",", literal=True),
            "currency",
            local.dt.strftime("%Y-%m-%d %H:%M:%S"),
            separator=";",
        ),
    )

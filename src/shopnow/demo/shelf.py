"""What each owner of goods sends on a day: whole lists first, afterwards only what is new.

Products change in the ways that history must tell apart (status and category by version, title by
correction); offers are prices and stocks that moved since the owner's last file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.demo.catalogue import PRODUCTS_EVERY
from shopnow.demo.categories import LEAVES
from shopnow.demo.randomness import stream

if TYPE_CHECKING:
    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.layouts import Row
    from shopnow.demo.model import Scale

_OFFERS_EVERY = 3
_DAILY_OFFERS_EVERY = 4
_SHARE_CHANGED = 0.05
_EDITION = " (nouvelle édition)"


class Shelf:
    """The goods as their owners would state them today; it moves forward, day by day."""

    def __init__(self, scale: Scale, catalogue: Catalogue) -> None:
        """Start with every product as first described and nothing sent yet."""
        self._scale = scale
        self._catalogue = catalogue
        self._rows = [dict(row) for row in catalogue.rows]
        self._sent_until: dict[tuple[str, int], int] = {}
        self._owed: dict[int, set[int]] = {}

    def sends(self, feed: str, owner: int, day: int) -> bool:
        """Tell whether an owner sends a file of a feed on a day."""
        first = self._catalogue.owners[owner].first_day
        if day <= first:
            return day == first
        if feed == "products":
            return (day + owner) % PRODUCTS_EVERY == 0
        return owner % _DAILY_OFFERS_EVERY == 0 or (day + owner) % _OFFERS_EVERY == 0

    def owe(self, owner: int, product: int) -> None:
        """Remember that a product's line was spoiled: it is said again with the next file."""
        self._owed.setdefault(owner, set()).add(product)

    def is_first(self, feed: str, owner: int) -> bool:
        """Tell whether an owner has not sent anything of a feed yet: the file is then whole."""
        return (feed, owner) not in self._sent_until

    def products(self, owner: int, day: int) -> list[int]:
        """Give the products to send: launched since the last file, changed today, or owed."""
        since = self._mark_sent("products", owner, day)
        own = self._catalogue.owners[owner]
        numbers = range(own.first_product, own.first_product + own.products)
        launch = self._catalogue.launch_day
        fresh = [n for n in numbers if since < launch[n] <= day]
        known = [n for n in numbers if launch[n] <= since]
        changed = self._change_some(owner, day, known)
        return sorted({*fresh, *changed, *self._owed.pop(owner, set())})

    def _change_some(self, owner: int, day: int, known: list[int]) -> list[int]:
        if not known:
            return []
        rng = stream(self._scale.seed, "product changes", owner, day)
        count = max(1, int(len(known) * _SHARE_CHANGED))
        chosen = [int(n) for n in rng.choice(known, size=count, replace=False)]
        kinds = rng.random(count).tolist()
        for n, kind, leaf in zip(chosen, kinds, rng.integers(0, len(LEAVES), count), strict=True):
            self._change(n, kind, int(leaf))
        return chosen

    def _change(self, n: int, kind: float, leaf: int) -> None:
        row = self._rows[n]
        if kind < 0.45:  # noqa: PLR2004 (the shares of the kinds of change)
            following = {"active": "paused", "paused": "active", "withdrawn": "withdrawn"}
            row["status"] = following[row["status"]]
        elif kind < 0.50:  # noqa: PLR2004
            row["status"] = "withdrawn"
        elif kind < 0.75:  # noqa: PLR2004
            row["source_category"] = LEAVES[leaf].path_fr
        else:
            row["title"] = row["title"].removesuffix(_EDITION) + _EDITION

    def recategorise(self, n: int, leaf: int) -> None:
        """Move a product to another category, as a planted story wants it."""
        self._rows[n]["source_category"] = LEAVES[leaf].path_fr

    def all_products(self, owner: int, day: int) -> list[int]:
        """Give everything an owner has launched by a day."""
        own = self._catalogue.owners[owner]
        launched = int(self._catalogue.launched[owner, day - 1])
        return list(range(own.first_product, own.first_product + launched))

    def product_row(self, n: int) -> Row:
        """Give a product as its owner would state it now."""
        return dict(self._rows[n])

    def offers(self, owner: int, day: int) -> list[Row]:
        """Give the offers to send: all of them first, then those whose price or stock moved."""
        since = self._mark_sent("offers", owner, day)
        price, stock = self._catalogue.price_cents, self._catalogue.stock
        before, now = since - 1, day - 1
        return [
            self._offer_row(n, day)
            for n in self.all_products(owner, day)
            if self._catalogue.launch_day[n] > since
            or price[n, now] != price[n, before]
            or stock[n, now] != stock[n, before]
        ]

    def _mark_sent(self, feed: str, owner: int, day: int) -> int:
        since = self._sent_until.get((feed, owner), 0)
        self._sent_until[feed, owner] = day
        return since

    def _offer_row(self, n: int, day: int) -> Row:
        cents = int(self._catalogue.price_cents[n, day - 1])
        stock = int(self._catalogue.stock[n, day - 1])
        return {
            "seller_id": self._rows[n]["seller_id"],
            "product_id": self._rows[n]["product_id"],
            "unit_price": f"{cents // 100}.{cents % 100:02d}",
            "currency": self._catalogue.owners[int(self._catalogue.owner_of[n])].currency,
            "stock_quantity": str(stock),
            "is_available": "true" if stock else "false",
        }

"""The goods of the demo: who sells what, from which day on, at which price on which day.

Products of one owner lie side by side and in the order of their launch: "what this owner offers on
that day" is then a count, which lets orders and clicks pick from it in whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shopnow.demo.categories import LEAVES, Leaf
from shopnow.demo.model import MINIMUM_PRODUCTS_A_SELLER, Scale
from shopnow.demo.randomness import Ints, gtin13, stream
from shopnow.demo.words import COLLECTIONS, SENTENCES

if TYPE_CHECKING:
    from shopnow.demo.layouts import Row
    from shopnow.demo.sellers import Seller

HOUSE = "SHOPNOW"
HOUSE_CURRENCY = "EUR"
PRODUCTS_EVERY = 4
"""An owner sends products on the days d where (d + its place) is a multiple of this."""
_SHARE_LAUNCHED_LATER = 0.08
_PRICE_MOVES_A_DAY = 0.08
_STOCK_MOVES_A_DAY = 0.22
_OUT_OF_STOCK = 0.02


@dataclass(frozen=True)
class Owner:
    """A seller, or the house (`seller` is None), with the place of its goods in the catalogue."""

    owner_id: str
    seller: Seller | None
    currency: str
    first_product: int
    products: int
    first_day: int


@dataclass(frozen=True)
class Catalogue:
    """All goods. `rows[p]` is product p as first sent; arrays are indexed [product, day - 1]."""

    owners: tuple[Owner, ...]
    rows: tuple[Row, ...]
    launch_day: Ints
    price_cents: Ints
    stock: Ints
    owner_of: Ints
    launched: Ints
    """Number of products which an owner has launched by a day, indexed [owner, day - 1]."""

    @property
    def house(self) -> int:
        """Place of the house among the owners: the last."""
        return len(self.owners) - 1


def make_catalogue(scale: Scale, sellers: tuple[Seller, ...]) -> Catalogue:
    """Invent `scale.products` products for the sellers and, a twentieth of them, for the house."""
    rng = stream(scale.seed, "catalogue")
    owners = _share_out(scale, rng, sellers)
    sizes = np.array([owner.products for owner in owners])
    owner_of = np.repeat(np.arange(len(owners)), sizes).astype(np.int64)
    launch = _launch_days(scale, rng, owners)
    leaves = _categories_of(rng, owners, owner_of)
    launched = np.zeros((len(owners), scale.days), dtype=np.int64)
    for day in range(1, scale.days + 1):
        launched[:, day - 1] = np.bincount(owner_of[launch <= day], minlength=len(owners))
    return Catalogue(
        owners=owners,
        rows=_describe(rng, owners, owner_of, leaves),
        launch_day=launch,
        price_cents=_prices(scale, rng, leaves),
        stock=_stocks(scale, rng),
        owner_of=owner_of,
        launched=launched,
    )


def _share_out(
    scale: Scale, rng: np.random.Generator, sellers: tuple[Seller, ...]
) -> tuple[Owner, ...]:
    weights = rng.lognormal(0.0, 0.5, len(sellers))
    weights = np.append(weights / weights.sum(), 0.05)
    floor = MINIMUM_PRODUCTS_A_SELLER
    spare = scale.products - floor * len(weights)
    sizes = floor + rng.multinomial(spare, weights / weights.sum())
    starts = np.concatenate(([0], np.cumsum(sizes)))
    shops = [(one.seller_id, one, one.currency, one.registered_day) for one in sellers]
    return tuple(
        Owner(owner_id, seller, currency, int(starts[n]), int(sizes[n]), first_day)
        for n, (owner_id, seller, currency, first_day) in enumerate(
            [*shops, (HOUSE, None, HOUSE_CURRENCY, 1)]
        )
    )


def _launch_days(scale: Scale, rng: np.random.Generator, owners: tuple[Owner, ...]) -> Ints:
    """Give sorted launch days within each owner; the first product is always there at once.

    A launch waits for the owner's next product file, so that goods are ordered once they are known:
    the orders that come too early are planted, not an accident.
    """
    parts = []
    for n, owner in enumerate(owners):
        later = rng.random(owner.products) < _SHARE_LAUNCHED_LATER
        drawn = rng.integers(2, scale.days + 2, owner.products)
        sent = drawn + -(drawn + n) % PRODUCTS_EVERY
        later &= (sent <= scale.days) & (sent > owner.first_day)
        days = np.where(later, sent, owner.first_day)
        days[0] = owner.first_day
        parts.append(np.sort(days))
    return np.concatenate(parts).astype(np.int64)


def _categories_of(rng: np.random.Generator, owners: tuple[Owner, ...], owner_of: Ints) -> Ints:
    """Draw a leaf for each product; three quarters are of the seller's own section."""
    own_leaves = [
        [n for n, leaf in enumerate(LEAVES) if leaf.path_fr.startswith(owner.seller.category)]
        if owner.seller
        else list(range(len(LEAVES)))
        for owner in owners
    ]
    any_leaf = rng.integers(0, len(LEAVES), len(owner_of))
    at_home = rng.random(len(owner_of)) < 0.75  # noqa: PLR2004 (named in the docstring)
    pick = rng.random(len(owner_of))
    own = [own_leaves[owner][int(u * len(own_leaves[owner]))]
           for owner, u in zip(owner_of.tolist(), pick.tolist(), strict=True)]  # fmt: skip
    return np.where(at_home, np.array(own), any_leaf).astype(np.int64)


def _prices(scale: Scale, rng: np.random.Generator, leaves: Ints) -> Ints:
    """Walk each price from day to day; a move is of 3 to 15 %, never below one unit."""
    count = len(leaves)
    low = np.array([leaf.price[0] for leaf in LEAVES])[leaves]
    high = np.array([leaf.price[1] for leaf in LEAVES])[leaves]
    cents = (low + (high - low) * rng.random(count) ** 2) * 100
    moves = rng.random((count, scale.days)) < _PRICE_MOVES_A_DAY
    size = rng.uniform(0.03, 0.15, (count, scale.days)) * rng.choice((-1, 1), (count, scale.days))
    factors = np.where(moves, 1 + size, 1.0)
    factors[:, 0] = 1.0
    walked = cents[:, None] * np.cumprod(factors, axis=1)
    prices: Ints = np.maximum(np.round(walked), 100).astype(np.int64)
    return prices


def _stocks(scale: Scale, rng: np.random.Generator) -> Ints:
    shape = (scale.products, scale.days)
    moves = rng.random(shape) < _STOCK_MOVES_A_DAY
    moves[:, 0] = True
    levels = np.where(rng.random(shape) < _OUT_OF_STOCK, 0, rng.integers(1, 400, shape))
    # The level of a day is that of the last day on which it moved.
    last_move = np.maximum.accumulate(np.where(moves, np.arange(scale.days), 0), axis=1)
    held: Ints = np.take_along_axis(levels, last_move, axis=1).astype(np.int64)
    return held


def _describe(
    rng: np.random.Generator, owners: tuple[Owner, ...], owner_of: Ints, leaves: Ints
) -> tuple[Row, ...]:
    draws = rng.random((len(owner_of), 6)).tolist()
    return tuple(
        _product_row(number, owners[owner], LEAVES[leaf], draw)
        for number, (owner, leaf, draw) in enumerate(
            zip(owner_of.tolist(), leaves.tolist(), draws, strict=True)
        )
    )


def _product_row(number: int, owner: Owner, leaf: Leaf, draw: list[float]) -> Row:
    noun, material = _pick(leaf.nouns, draw[0]), _pick(leaf.materials, draw[1])
    collection = _pick(COLLECTIONS, draw[2])
    first, second = _pick(SENTENCES, draw[3]), _pick(SENTENCES, draw[4])
    joint = ".\n" if draw[5] < 0.15 else ". "  # noqa: PLR2004 (one in seven has two lines)
    shop = owner.seller.seller_name if owner.seller else "ShopNow"
    return {
        "seller_id": owner.owner_id,
        "product_id": f"{owner.owner_id[:4]}-{number + 1:06d}",
        "title": f"{noun} {material} « {collection} » n° {number % 97 + 1}",
        "description": f"{noun} {material}, collection {collection}{joint}{first}{joint}{second}.",
        "brand": shop,
        "gtin": gtin13(number),
        "source_category": leaf.path_fr,
        "status": "active",
        "_photo": f"photos/{number + 1:06d}.jpg",
    }


def _pick(words: tuple[str, ...], draw: float) -> str:
    return words[int(draw * len(words))]

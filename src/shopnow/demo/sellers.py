"""The sellers of the demo and what changes about them from day to day.

The platform states sellers: all of them on day 1 but the last, who sends an order's goods before
being registered; afterwards only those of whom something changed (status, commission, city,
category), so that each kind of history is exercised.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shopnow.demo.categories import SECTIONS
from shopnow.demo.randomness import siren, stream, weighted
from shopnow.demo.words import FIRST_NAMES, FRENCH_CITIES, LAST_NAMES, SHOP_HEADS, SHOP_TAILS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from shopnow.demo.model import Scale

REGISTRATION_DAY_OF_LAST = 4
_STATEMENT_HOUR = 3
_SHARE_CHANGED = 12
_ONE_PENDING_IN = 9
_CHANGES = ("status", "commission", "city", "category")


@dataclass(frozen=True)
class Seller:
    """A seller as the platform states it at `updated_at` (UTC). `commission_pct` is percent."""

    seller_id: str
    seller_name: str
    legal_id: str
    country: str
    region: str
    city: str
    address: str
    status: str
    commission_pct: str
    category: str
    currency: str
    contact_name: str
    contact_email: str
    contact_phone: str
    registered_day: int
    updated_at: datetime


def make_sellers(scale: Scale) -> tuple[Seller, ...]:
    """Invent the sellers, S001 first. The last one is registered on day 4, the others on day 1."""
    rng = stream(scale.seed, "sellers")
    cities = weighted(rng, (city[3] for city in FRENCH_CITIES), scale.sellers)
    heads = rng.permutation(len(SHOP_HEADS) * len(SHOP_TAILS))
    return tuple(_make_seller(scale, rng, n, int(cities[n]), int(heads[n % len(heads)]))
                 for n in range(scale.sellers))  # fmt: skip


def _make_seller(scale: Scale, rng: np.random.Generator, n: int, city: int, name: int) -> Seller:
    is_last = n == scale.sellers - 1
    registered = min(REGISTRATION_DAY_OF_LAST, scale.days) if is_last else 1
    known_for = timedelta(days=0 if is_last else int(rng.integers(1, 90)))
    country, region, town, currency = _home_of(n, city, is_last=is_last)
    first, last = str(rng.choice(FIRST_NAMES)), str(rng.choice(LAST_NAMES))
    return Seller(
        seller_id=f"S{n + 1:03d}",
        seller_name=shop_name(n, name),
        legal_id=siren(n + 1),
        country=country,
        region=region,
        city=town,
        address=f"{int(rng.integers(1, 180))} rue de l'Exemple",
        status="active" if (n + 4) % _ONE_PENDING_IN else "pending",
        commission_pct=f"{int(rng.integers(16, 41)) / 2:.2f}",
        category=SECTIONS[n % len(SECTIONS)],
        currency=currency,
        contact_name=f"{first} {last}",
        contact_email=f"contact.s{n + 1:03d}@example.com",
        contact_phone=f"01 99 00 {n // 100 % 100:02d} {n % 100:02d}",
        registered_day=registered,
        updated_at=scale.at(registered, _STATEMENT_HOUR) - known_for,
    )


def _home_of(n: int, city: int, *, is_last: bool) -> tuple[str, str, str, str]:
    """Give country, region, city and currency: every 13th is British, every 17th American."""
    if not is_last and n % 13 == 8:  # noqa: PLR2004 (any remainder does)
        return "GB", "Kent", "Canterbury", "GBP"
    if not is_last and n % 17 == 11:  # noqa: PLR2004
        return "US", "Maine", "Portland", "USD"
    town, region, _, _ = FRENCH_CITIES[city]
    return "FR", region, town, "EUR"


def shop_name(n: int, name: int) -> str:
    """Join two common words; beyond all pairs a number keeps the names apart."""
    head, tail = divmod(name, len(SHOP_TAILS))
    pairs = len(SHOP_HEADS) * len(SHOP_TAILS)
    suffix = "" if n < pairs else f" {n // pairs + 1}"
    return f"{SHOP_HEADS[head]} {SHOP_TAILS[tail]}{suffix}"


def statements_by_day(scale: Scale, sellers: tuple[Seller, ...]) -> dict[int, tuple[Seller, ...]]:
    """Give the statements which the platform sends each day, each one complete and as of then."""
    rng = stream(scale.seed, "seller changes")
    known = {one.seller_id: one for one in sellers if one.registered_day == 1}
    stated = {1: tuple(known.values())}
    kinds = _kinds_of_change()
    for day in range(2, scale.days + 1):
        changed = _changes_of_day(scale, rng, day, known, kinds)
        for newcomer in (one for one in sellers if one.registered_day == day):
            changed[newcomer.seller_id] = newcomer
        known.update(changed)
        stated[day] = tuple(changed[key] for key in sorted(changed))
    return stated


def _kinds_of_change() -> Iterator[str]:
    while True:
        yield from _CHANGES


def _changes_of_day(
    scale: Scale,
    rng: np.random.Generator,
    day: int,
    known: dict[str, Seller],
    kinds: Iterator[str],
) -> dict[str, Seller]:
    count = 1 + len(known) // _SHARE_CHANGED
    chosen = rng.choice(sorted(known), size=count, replace=False)
    at = scale.at(day, _STATEMENT_HOUR)
    return {str(key): _changed(rng, known[str(key)], next(kinds), at) for key in chosen}


def _changed(rng: np.random.Generator, before: Seller, kind: str, at: datetime) -> Seller:
    if kind == "status":
        following = {"pending": "active", "active": "suspended", "suspended": "active"}
        return replace(before, status=following[before.status], updated_at=at)
    if kind == "commission":
        pct = float(before.commission_pct) + (1.5 if rng.random() < 0.5 else -1.5)  # noqa: PLR2004
        return replace(before, commission_pct=f"{pct:.2f}", updated_at=at)
    if kind == "category":
        section = SECTIONS[(SECTIONS.index(before.category) + 1) % len(SECTIONS)]
        return replace(before, category=section, updated_at=at)
    if before.country != "FR":
        return replace(before, address=f"{int(rng.integers(1, 180))} rue de l'Exemple",
                       updated_at=at)  # fmt: skip
    others = [city for city in FRENCH_CITIES if city[0] != before.city]
    city, region, _, _ = others[int(rng.integers(len(others)))]
    return replace(before, region=region, city=city, updated_at=at,
                   address=f"{int(rng.integers(1, 180))} rue de l'Exemple")  # fmt: skip

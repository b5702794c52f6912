"""The invented customers, as orders embed them, and those who move house on the way.

All of it is fictitious on sight: example domains, reserved telephone ranges, « rue de l'Exemple ».
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.demo.randomness import Ints, stream, uuids, weighted
from shopnow.demo.words import FIRST_NAMES, FOREIGN_CITIES, FRENCH_CITIES, LAST_NAMES

if TYPE_CHECKING:
    from shopnow.demo.model import Scale

_ORDERS_A_CUSTOMER = 4
_SHARE_MOVING = 0.05
NEVER = 1_000_000

# City, country, first two digits of the postal code.
_PLACES = (
    *((city, "France", prefix) for city, _, prefix, _ in FRENCH_CITIES),
    *((city, country, prefix) for city, country, prefix, _ in FOREIGN_CITIES),
)
_SHARES = (*(city[3] for city in FRENCH_CITIES), *(city[3] for city in FOREIGN_CITIES))


@dataclass(frozen=True)
class Customers:
    """Customer c is written as `json[c]` until `moves_on[c]` (a day), from then as `moved[c]`."""

    ids: pl.Series
    json: pl.Series
    moved: pl.Series
    moves_on: Ints


def make_customers(scale: Scale) -> Customers:
    """Invent one customer for every four orders; one in twenty moves to another city."""
    rng = stream(scale.seed, "customers")
    count = max(2, scale.orders // _ORDERS_A_CUSTOMER)
    ids = uuids(rng, count)
    draws = rng.random((count, 2)).tolist()
    people = [_person(n, key, draw) for n, (key, draw) in enumerate(zip(ids, draws, strict=True))]
    before, after = (weighted(rng, _SHARES, count) for _ in range(2))
    after = np.where(after == before, (after + 1) % len(_PLACES), after)
    streets = rng.integers(1, 180, (count, 2))
    moves = rng.random(count) < _SHARE_MOVING
    moves[0] = True
    moves_on = np.where(moves, rng.integers(2, scale.days + 2, count), NEVER)
    return Customers(
        ids=ids,
        json=_written(people, before, streets[:, 0]),
        moved=_written(people, after, streets[:, 1]),
        moves_on=moves_on.astype(np.int64),
    )


def _person(n: int, key: str, draw: list[float]) -> dict[str, str]:
    first = FIRST_NAMES[int(draw[0] * len(FIRST_NAMES))]
    last = LAST_NAMES[int(draw[1] * len(LAST_NAMES))]
    start = "01 99 00" if n % 3 else "06 39 98"
    return {
        "id": key,
        "name": f"{first} {last}",
        "email": f"client{n + 1:06d}@example.org",
        "phone": f"{start} {n // 100 % 100:02d} {n % 100:02d}",
    }


def _written(people: list[dict[str, str]], places: Ints, streets: Ints) -> pl.Series:
    written = []
    for person, place, street in zip(people, places.tolist(), streets.tolist(), strict=True):
        city, country, prefix = _PLACES[place]
        address = f"{street} rue de l'Exemple"
        where = {"address": address, "city": city, "postal_code": f"{prefix}{street:03d}"}
        written.append(json.dumps({**person, **where, "country": country}, ensure_ascii=False))
    return pl.Series(written)

"""The products file: twelve columns, one seller's rows together, deterministic block by block.

Prices and currencies are functions of the product's number, so that the order lines need no
product in memory and a file of any size is made in the memory of one block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from benchmarks.days import DAY_ZERO

if TYPE_CHECKING:
    from numpy.typing import NDArray

CURRENCIES: Final = ("EUR", "EUR", "EUR", "USD", "GBP", "PLN")
_STREAM: Final = 1
_CENTS: Final = 500_000
_SPREAD: Final = 2_654_435_761
_BRANDS: Final = 3_000
_CLASSES: Final = 6_000
_GTIN_DIGITS: Final = 12
_ADJECTIVES: Final = (
    "acier",
    "chêne",
    "coton",
    "cuir",
    "céramique",
    "bambou",
    "verre",
    "cuivre",
    "lin",
    "laine",
    "liège",
    "noyer",
    "léger",
    "compact",
    "pliant",
    "réversible",
    "isolé",
    "étanche",
    "portatif",
    "robuste",
    "für",
    "große",
    "weiß",
    "grün",
    "año",
    "naïve",
    "blåbær",
)
_NOUNS: Final = (
    "lampe",
    "chaise",
    "table",
    "bouilloire",
    "poêle",
    "couteau",
    "tasse",
    "assiette",
    "serviette",
    "oreiller",
    "couverture",
    "veste",
    "chaussure",
    "botte",
    "gant",
    "casque",
    "perceuse",
    "scie",
    "marteau",
    "câble",
    "chargeur",
    "clavier",
    "tente",
    "corde",
    "bouteille",
    "panier",
    "étagère",
    "miroir",
    "horloge",
    "Möbel",
    "garçon",
    "señor",
)
_SENTENCES: Final = (
    "Fait pour durer, coutures renforcées et garantie de deux ans.",
    "Passe au lave-vaisselle, sans BPA.",
    "Livré à plat; outils fournis.",
    "Certifié par des laboratoires indépendants en Europe.",
    "Existe en plusieurs tailles et couleurs.",
    "Convient à la plupart des fixations et supports.",
    "Garde les boissons fraîches vingt-quatre heures.",
    'Les clients disent: "le meilleur à ce jour", et ils ont raison.',
    "Classe énergétique A, moins de quarante décibels.",
    "Lire la notice avant le premier emploi.",
    "Surface douce, facile à nettoyer.",
    "Supporte une charge de cent kilogrammes.",
)
_STATUSES: Final = ("active", "active", "active", "inactive", "discontinued")


@dataclass(frozen=True)
class Sizes:
    """How much is loaded; equal sizes give equal bytes."""

    products: int = 1_000_000
    lines: int = 1_000_000
    sellers: int = 2_000
    seed: int = 7


def product_ids(numbers: NDArray[np.int64]) -> pl.Series:
    """Identifiers of products by their number, from 0."""
    return "SKU" + pl.Series(numbers + 1).cast(pl.String).str.zfill(8)


def seller_ids(numbers: NDArray[np.int64], sizes: Sizes) -> pl.Series:
    """Identifiers of the sellers of products: each has its share, one after another."""
    return "S" + pl.Series(numbers * sizes.sellers // sizes.products + 1).cast(pl.String).str.zfill(
        5
    )


def price_cents(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Prices in cents, from 0.99 up, by the number of the product."""
    return 99 + (numbers * _SPREAD) % _CENTS


def currencies(numbers: NDArray[np.int64]) -> pl.Series:
    """Currency of each product by its number."""
    return chosen(CURRENCIES, (numbers * _SPREAD >> 7) % len(CURRENCIES))


def chosen(words: tuple[str, ...] | list[str], places: NDArray[np.int64]) -> pl.Series:
    """The words that stand at these places."""
    return pl.Series(list(words)).gather(pl.Series(places))


def as_money(cents: NDArray[np.int64]) -> pl.Series:
    """Cents as a decimal text: 99 becomes 0.99."""
    whole, rest = pl.Series(cents // 100), pl.Series(cents % 100)
    return whole.cast(pl.String) + "." + rest.cast(pl.String).str.zfill(2)


def product_block(first: int, count: int, sizes: Sizes) -> pl.DataFrame:
    """Rows of the products numbered `first` to `first + count - 1`, in file order."""
    rng = np.random.default_rng([sizes.seed, _STREAM, first])
    numbers = np.arange(first, first + count, dtype=np.int64)
    return pl.DataFrame(
        {
            "seller_id": seller_ids(numbers, sizes),
            "product_id": product_ids(numbers),
            "gtin": _gtins(rng, count),
            "title": _titles(rng, count),
            "brand": "Marque " + _padded(rng, _BRANDS, count, 4),
            "category": "Rayon > Groupe > Classe " + _padded(rng, _CLASSES, count, 4),
            "price": as_money(price_cents(numbers)),
            "currency": currencies(numbers),
            "stock_qty": pl.Series(rng.integers(0, 5_000, count)),
            "status": chosen(_STATUSES, rng.integers(0, len(_STATUSES), count)),
            "description": _descriptions(rng, count),
            "updated_at": pl.Series([DAY_ZERO]).new_from_index(0, count),
        }
    )


def _padded(rng: np.random.Generator, limit: int, count: int, width: int) -> pl.Series:
    return pl.Series(rng.integers(0, limit, count)).cast(pl.String).str.zfill(width)


def _gtins(rng: np.random.Generator, count: int) -> pl.Series:
    """GTIN-13 with their check digit; a tenth begins with a zero."""
    body = rng.integers(10 ** (_GTIN_DIGITS - 1), 10**_GTIN_DIGITS, count)
    body = np.where(rng.random(count) < 0.1, body // 10, body)  # noqa: PLR2004  # said above
    weighted, rest = np.zeros(count, dtype=np.int64), body.copy()
    for place in range(_GTIN_DIGITS):
        weighted += (rest % 10) * (3 if place % 2 == 0 else 1)
        rest //= 10
    return pl.Series(body * 10 + (10 - weighted % 10) % 10).cast(pl.String).str.zfill(13)


def _titles(rng: np.random.Generator, count: int) -> pl.Series:
    frame = pl.DataFrame(
        {
            "noun": chosen(_NOUNS, rng.integers(0, len(_NOUNS), count)),
            "first": chosen(_ADJECTIVES, rng.integers(0, len(_ADJECTIVES), count)),
            "second": chosen(_ADJECTIVES, rng.integers(0, len(_ADJECTIVES), count)),
            "model": _padded(rng, 10_000, count, 5),
        }
    )
    return frame.select(pl.concat_str(pl.all(), separator=" ").alias("title"))["title"]


def _descriptions(rng: np.random.Generator, count: int) -> pl.Series:
    """Two sentences; some hold commas and quotes, one in a thousand a line break."""
    breaks = (rng.random(count) < 0.001).astype(np.int64)  # noqa: PLR2004  # said above
    frame = pl.DataFrame(
        {
            "first": chosen(_SENTENCES, rng.integers(0, len(_SENTENCES), count)),
            "between": chosen((" ", "\n"), breaks),
            "second": chosen(_SENTENCES, rng.integers(0, len(_SENTENCES), count)),
        }
    )
    return frame.select(pl.concat_str(pl.all()).alias("description"))["description"]

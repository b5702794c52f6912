"""Which column feeds which attribute: by name in French and English, then by what stands in it.

A guess carries its reasons and its doubt; whoever reads the draft decides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import polars as pl
import yaml

from shopnow.quality import bad_gtin, currencies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shopnow.pipeline.onboarding.sample import Sample
    from shopnow.sources import Attribute

# Sure enough to stand in the draft without a word; below the least, it is not proposed.
SURE: Final = 0.8
_LEAST: Final = 0.45
_NUMBER: Final = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:[.,]\d+)?")
_INTEGER: Final = re.compile(r"-?\d{1,9}(?:[.,]0+)?")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|1\d{9}(?:\d{3})?")
_MOSTLY: Final = 0.8
_FEW: Final = 0.3
# Nothing speaks for a column without values but its name.
_EMPTY: Final = 0.4


@dataclass(frozen=True, slots=True)
class Guess:
    """A column for an attribute; `confidence` 0 to 1; `why`: French; `rivals`: other columns."""

    attribute: str
    column: str
    confidence: float
    why: str
    rivals: tuple[str, ...] = ()

    @property
    def is_sure(self) -> bool:
        """True when it needs no second look."""
        return self.confidence >= SURE and not self.rivals


def guess_columns(sample: Sample, attributes: Iterable[Attribute]) -> list[Guess]:
    """The best column of each attribute, each column at most once, in the attributes' order."""
    wanted = list(attributes)
    scored = [
        (score, one.name, column, why)
        for one in wanted
        for column in sample.columns
        for score, why in (_score(one, column, sample.values[column]),)
        if score >= _LEAST
    ]
    scored.sort(key=lambda each: (-each[0], sample.columns.index(each[2])))
    taken: dict[str, Guess] = {}
    used: set[str] = set()
    for score, name, column, why in scored:
        if name in taken or column in used:
            continue
        rivals = tuple(
            other
            for near, rival, other, _ in scored
            if rival == name and other != column and near > score - 0.1
        )
        taken[name] = Guess(name, column, score, why, rivals)
        used.add(column)
    return [taken[one.name] for one in wanted if one.name in taken]


def _score(attribute: Attribute, column: str, values: list[str]) -> tuple[float, str]:
    by_name = _by_name(attribute.name, column)
    fits = _fits(attribute, values)
    if fits is None:
        return by_name * _EMPTY, "par son nom ; la colonne est vide"
    if attribute.name == "gtin" and fits >= _MOSTLY:
        return max(by_name, 0.85), "par son contenu : des codes-barres justes"
    if fits < _FEW:
        return by_name * 0.5, "par son nom, mais le contenu ne va pas"
    if fits < _MOSTLY:
        return by_name * 0.85, f"par son nom ; {round(100 * fits)} % des valeurs conviennent"
    return by_name, "par son nom et son contenu"


def _by_name(attribute: str, column: str) -> float:
    name = plain(column.rsplit(".", 1)[-1])
    whole = plain(column)
    best = 0.0
    for place, word in enumerate(_synonyms().get(attribute, (plain(attribute),))):
        # Of two columns with good names the one with the better known name wins.
        rank = 0.99 - min(place, 20) * 0.005
        if word in (name, whole):
            best = max(best, rank)
        elif len(word) > 3 and (f" {word} " in f" {whole} "):  # noqa: PLR2004 — `ref`, `id` are in many
            best = max(best, rank - 0.25)
        elif len(word) > 4:  # noqa: PLR2004 — short words resemble one another
            ratio = SequenceMatcher(None, word, name).ratio()
            best = max(best, ratio * 0.85 if ratio > 0.84 else 0)  # noqa: PLR2004
    return best


def _fits(attribute: Attribute, values: list[str]) -> float | None:
    """The share of values that the attribute could take; None when there is none to look at."""
    if not values:
        return None
    texts = [value.strip() for value in values]
    if attribute.format == "gtin":
        bare = pl.Series([text.strip("'") for text in texts])
        return 1 - int(bad_gtin(bare).sum()) / len(texts)
    if attribute.name == "product_id":
        # A key names one thing each.
        return min(len(set(texts)) / len(texts) + 0.2, 1.0)
    if attribute.values:
        known = {*attribute.values, *(word for word, _ in attribute.words)}
        return max(_share(texts, lambda text: text.lower() in known), 0.5)
    return _share(texts, _test_of(attribute))


def _share(texts: list[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, texts)) / len(texts)


def _test_of(attribute: Attribute) -> Callable[[str], bool]:
    """Whether one value could be one of the attribute's."""
    if attribute.format == "currency":
        return lambda text: text.upper() in currencies()
    if attribute.name == "title":
        return lambda text: _NUMBER.fullmatch(text) is None
    tests: dict[str, Callable[[str], bool]] = {
        "decimal": lambda text: _NUMBER.fullmatch(text) is not None,
        "integer": lambda text: _INTEGER.fullmatch(text) is not None,
        "timestamp": lambda text: _DATE.match(text) is not None,
        "boolean": lambda text: text.lower() in _YES_NO,
    }
    return tests.get(attribute.type, lambda _: True)


_YES_NO: Final = {"0", "1", "true", "false", "oui", "non", "yes", "no", "vrai", "faux",
                  "in stock", "out of stock", "in_stock", "out_of_stock"}  # fmt: skip


def plain(text: str) -> str:
    """A name without accents, letter case, punctuation and camel case.

    >>> plain("Prix_TTC *"), plain("SellerSKU"), plain("Référence")
    ('prix ttc', 'seller sku', 'reference')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    bare = unicodedata.normalize("NFKD", spaced.lower())
    return " ".join(
        re.findall(r"[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c)))
    )


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__ or "").joinpath("synonyms.yaml").read_text("utf-8")
    return {name: tuple(words) for name, words in yaml.safe_load(text).items()}

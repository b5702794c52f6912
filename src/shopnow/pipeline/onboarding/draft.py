"""The draft of a source file: what the sample shows, and in words what it does not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from shopnow.pipeline.onboarding.guess import Guess, guess_columns
from shopnow.sources import KINDS_OF_FEED

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from shopnow.pipeline.onboarding.sample import Sample
    from shopnow.sources import Contracts, RecordContract

# Attributes that say nothing by themselves: a catalogue without them is no offer.
_HEART: Final = {"offer": ("unit_price", "stock_quantity")}
# Never drafted: who sends is said once, the house's codes are no word of a seller's.
_LEFT_OUT: Final = {"category_id", "operation", "ends_at", "sequence", "source_ref"}
_COMMA: Final = re.compile(r"-?\d+(?:[ \u00a0\u202f]\d{3})*,\d{1,4}")
_POINT: Final = re.compile(r"-?\d+(?:[ \u00a0\u202f,]\d{3})*\.\d{1,4}")
_PLAIN: Final = re.compile(r"[\w-]+(?:[ ./][\w-]+)*")


@dataclass(frozen=True, slots=True)
class Draft:
    """A source file to be read by a person: its text, what is unsure (French), what is unused."""

    name: str
    text: str
    guesses: dict[str, list[Guess]]
    unsure: tuple[str, ...]
    unused: tuple[str, ...]


def draft_source(
    sample: Sample,
    contracts: Contracts,
    *,
    path: Path,
    sender: str,
    feed: str,
    system: str,
    currency: str = "EUR",
    taken: Collection[str] = (),
) -> Draft:
    """The draft for files like the sample; the same sample gives the same text.

    `taken`: names of other sources, which it does not get.
    """
    kinds = [contracts.kinds[kind] for kind in KINDS_OF_FEED[feed]]
    guesses = {kind.kind: _guesses(sample, kind, sender) for kind in kinds}
    for kind, heart in _HEART.items():
        if len(kinds) > 1 and not {g.attribute for g in guesses.get(kind, ())} & set(heart):
            guesses.pop(kind, None)
    unsure = [*sample.unsure]
    body: list[str] = ["records:"]
    for contract in kinds:
        if contract.kind not in guesses:
            continue
        body += [f"  {contract.kind}:", "    fields:"]
        body += _fields(contract, guesses[contract.kind], sender, currency, unsure)
    name = base = f"{_slug(sender)}-{feed}"
    for place in count(2):
        if name not in taken:
            break
        name = f"{base}-{place}"
    used = {g.column for found in guesses.values() for g in found}
    unused = tuple(column for column in sample.columns if column not in used)
    head = _head(sample, name=name, sender=sender, feed=feed, system=system, path=path)
    notes = [f"#   - {sentence}" for sentence in unsure]
    text = [
        f"# Brouillon fait à partir de {path.name} : relisez-le, puis `shopnow source check`.",
        *(["# À vérifier :", *notes] if notes else []),
        *head,
        *body,
    ]
    if feed == "products":
        text += ["# categories: house  (refuse les catégories que ShopNow ne connaît pas)"]
    if unused:
        text += [f"# Colonnes non lues : {', '.join(unused)}"]
    return Draft(name, "\n".join(text) + "\n", guesses, tuple(unsure), unused)


def _guesses(sample: Sample, contract: RecordContract, sender: str) -> list[Guess]:
    left_out = _LEFT_OUT | ({"seller_id"} if sender != "platform" else set())
    wanted = [one for one in contract.attributes if one.name not in left_out]
    return guess_columns(sample, wanted)


def _head(
    sample: Sample, *, name: str, sender: str, feed: str, system: str, path: Path
) -> list[str]:
    form, _, record = sample.format.partition(":")
    dialect: list[str] = []
    if form == "csv":
        dialect.append(f"delimiter: {json.dumps(sample.delimiter)}")
        if sample.encoding != "utf-8":
            dialect.append(f"encoding: {sample.encoding}")
    if form in ("csv", "xlsx") and sample.header_line > 1:
        dialect.append(f"header_line: {sample.header_line}")
    if _has_comma(sample):
        dialect.append('decimal: ","')
    if record:
        dialect.append(f"record: {record}")
    lines = [f"name: {name}", f"sender: {_scalar(sender)}", f"system: {_scalar(system)}"]
    lines += [f"feed: {feed}", f"format: {form}"]
    lines += [f"dialect: {{{', '.join(dialect)}}}"] if dialect else []
    pattern = re.sub(r"\d{2,}", "*", path.name)
    return [*lines, f'file_pattern: "{pattern}"']


def _has_comma(sample: Sample) -> bool:
    """True when numbers of the sample have a comma before their decimals, and none a point."""
    values = [value.strip() for column in sample.values.values() for value in column]
    commas = sum(_COMMA.fullmatch(value) is not None for value in values)
    return commas > sum(_POINT.fullmatch(value) is not None for value in values)


def _fields(
    contract: RecordContract, guesses: list[Guess], sender: str, currency: str, unsure: list[str]
) -> list[str]:
    lines = []
    found = {one.attribute: one for one in guesses}
    for attribute in contract.attributes:
        name = attribute.name
        one = found.get(name)
        if name == "seller_id" and sender != "platform":
            lines.append(f"      seller_id: {{const: {_scalar(sender)}}}")
        elif one is not None:
            note = "" if one.is_sure else f"  # à vérifier : {one.why}"
            lines.append(f"      {name}: {_scalar(one.column)}{note}")
            if not one.is_sure:
                other = f" (ou : {', '.join(one.rivals)})" if one.rivals else ""
                unsure.append(f"{contract.kind}.{name} ← « {one.column} »{other}, {one.why}")
        elif name == "currency" and "unit_price" in found:
            lines.append(f"      currency: {{const: {currency}}}  # à vérifier : pas de colonne")
            unsure.append(f"{contract.kind}.currency : aucune colonne, {currency} est supposé")
        elif attribute.required:
            lines.append(f"      # {name}: …  obligatoire, aucune colonne trouvée")
            unsure.append(f"{contract.kind}.{name} est obligatoire : aucune colonne trouvée")
    return lines


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "source"


def _scalar(text: str) -> str:
    """A YAML scalar that is read back as the same text."""
    is_word = _PLAIN.fullmatch(text) and not text[0].isdigit() and not text.startswith("-")
    return (
        text
        if is_word and text.lower() not in _YAML_WORDS
        else json.dumps(text, ensure_ascii=False)
    )


_YAML_WORDS: Final = {"true", "false", "yes", "no", "on", "off", "null", "y", "n", "oui"}

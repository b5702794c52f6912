"""The six data contracts (ODCS 3.1) as frozen objects: one declaration that everybody reads.

The reader, the judge, the history engine and the documentation all take types, rules and SCD
types from here. A custom property that nothing knows is refused, so no rule is silently lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from shopnow.kernel import TerminalError, nearest
from shopnow.sources.standard import Standard
from shopnow.sources.yamltext import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TYPES = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "timestamp": "timestamp",
    "boolean": "boolean",
}


class ContractError(TerminalError):
    """A contract that does not say what a contract must say."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its type, its rules, its history type and its privacy class."""

    name: str
    type: str
    required: bool = False
    description: str = ""
    # What people call it, in French; the name itself where the contract gives none.
    label: str = ""
    scd: int | None = None
    justification: str | None = None
    justification_fr: str | None = None
    privacy: str = "none"
    values: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    scale: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    case: str | None = None
    sign: str | None = None
    not_zero: bool = False
    future: bool = False
    refuse_fraction: bool = False
    # Text without markup: tags are taken out, entities become letters.
    plain: bool = False
    on_bad: str = "reject"
    historised_since: datetime | None = None
    default: str | float | bool | None = None

    @property
    def is_personal(self) -> bool:
        """True when the value may stand in the vault only."""
        return self.privacy == "personal"

    @property
    def is_quotable(self) -> bool:
        """True when values may be quoted beside a verdict: what identifies nobody."""
        return self.privacy == "none"


_CUSTOM = {
    "scdType": "scd",
    "scdJustification": "justification",
    "scdJustificationFr": "justification_fr",
    "privacyClass": "privacy",
    "values": "values",
    "words": "words",
    "minimum": "minimum",
    "maximum": "maximum",
    "scale": "scale",
    "maxLength": "max_length",
    "pattern": "pattern",
    "format": "format",
    "case": "case",
    "sign": "sign",
    "notZero": "not_zero",
    "future": "future",
    "refuseFraction": "refuse_fraction",
    "plain": "plain",
    "onBad": "on_bad",
    "historisedSince": "historised_since",
    "default": "default",
}
_FEED_CUSTOM = {
    "rejectRateThresholdPct", "massChangeThresholdPct", "key", "correctionWindowDays", "atomic",
    "inferredMembers", "breakerDeliveries", "breakerOpensBelow", "breakerClosesFrom",
}  # fmt: skip


@dataclass(frozen=True)
class RecordContract:
    """One kind of record of a feed and the table it becomes."""

    kind: str
    table: str
    attributes: tuple[Attribute, ...]

    @cached_property
    def by_name(self) -> dict[str, Attribute]:
        """Attributes by name."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def historised(self) -> tuple[Attribute, ...]:
        """Attributes with an SCD type, in contract order: their place is their bit in `present`."""
        return tuple(a for a in self.attributes if a.scd is not None)

    @cached_property
    def mandatory(self) -> set[str]:
        """Names of the attributes without which a record is rejected."""
        return {a.name for a in self.attributes if a.required}


@dataclass(frozen=True)
class FeedContract:
    """A feed's contract: version, kinds of record, thresholds in percent, windows in days."""

    feed: str
    version: str
    records: tuple[RecordContract, ...]
    reject_rate_threshold_pct: float
    correction_window_days: int = 400
    mass_change_threshold_pct: float = 20
    inferred_members: str = "in_place"
    # A seller's circuit breaker: over how many deliveries, below and from which score.
    breaker_deliveries: int = 3
    breaker_opens_below: float = 40
    breaker_closes_from: float = 80


@dataclass(frozen=True)
class Contracts:
    """All contracts of a warehouse, by feed and by kind of record."""

    feeds: dict[str, FeedContract]

    @cached_property
    def kinds(self) -> dict[str, RecordContract]:
        """Record contracts of all feeds, by kind."""
        return {r.kind: r for feed in self.feeds.values() for r in feed.records}

    @cached_property
    def mandatory(self) -> dict[str, set[str]]:
        """Mandatory attributes by kind."""
        return {kind: record.mandatory for kind, record in self.kinds.items()}


def load_contracts(folder: Path, noted: Path | None = None) -> Contracts:
    """Every contract of `folder`; raises ContractError naming file and property.

    `noted`: the file of those that passed the check against the model.
    """
    feeds: dict[str, FeedContract] = {}
    standard = Standard(noted)
    for path in sorted(folder.glob("*.yaml")):
        contract = load_contract(path, standard)
        feeds[contract.feed] = contract
    standard.note()
    if not feeds:
        raise ContractError(f"no contract in {folder.name}/", hint="Set contracts_dir.")
    return Contracts(feeds)


def load_contract(path: Path, standard: Standard | None = None) -> FeedContract:
    """The contract that a YAML file declares, checked against the ODCS 3.1 model first."""
    try:
        text = path.read_bytes()
        document = parse_yaml(text.decode())
        (standard or Standard()).check(text, document)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ContractError(f"contract {path.name} is no ODCS 3.1 contract: {error}") from error
    custom = _custom(document.get("customProperties") or [], _FEED_CUSTOM, path.name)
    return FeedContract(
        feed=document["name"],
        version=document["version"],
        records=tuple(_record(item, path.name) for item in document["schema"]),
        reject_rate_threshold_pct=float(custom.get("rejectRateThresholdPct", 50)),
        correction_window_days=int(custom.get("correctionWindowDays", 400)),
        mass_change_threshold_pct=float(custom.get("massChangeThresholdPct", 20)),
        breaker_deliveries=int(custom.get("breakerDeliveries", 3)),
        breaker_opens_below=float(custom.get("breakerOpensBelow", 40)),
        breaker_closes_from=float(custom.get("breakerClosesFrom", 80)),
        inferred_members=_one_of(custom, "inferredMembers", ("in_place", "strict"), path.name),
    )


def _record(item: dict[str, Any], where: str) -> RecordContract:
    place = f"{where}: {item['name']}"
    return RecordContract(
        kind=item["name"],
        table=item["physicalName"],
        attributes=tuple(_attribute(p, place) for p in item["properties"]),
    )


def _attribute(item: dict[str, Any], where: str) -> Attribute:
    place = f"{where}.{item['name']}"
    custom = _custom(item.get("customProperties") or [], _CUSTOM, place)
    named: dict[str, Any] = {_CUSTOM[key]: value for key, value in custom.items()}
    if "words" in named:
        named["words"] = tuple((str(k).lower(), str(v)) for k, v in named["words"].items())
    if "values" in named:
        named["values"] = tuple(named["values"])
    if named.get("scd") is not None and not named.get("justification"):
        raise ContractError(f"{place}: an SCD type needs its justification")
    if named.get("historised_since") is not None:
        named["historised_since"] = _midnight(named["historised_since"], named.get("scd"), place)
    return Attribute(
        name=item["name"],
        type=TYPES[item["logicalType"]],
        required=bool(item.get("required", False)),
        description=item.get("description", ""),
        label=item.get("businessName", item["name"]),
        **named,
    )


def _one_of(custom: dict[str, Any], key: str, words: tuple[str, ...], where: str) -> str:
    word = str(custom.get(key, words[0]))
    if word not in words:
        raise ContractError(f"{where}: {key} is {word!r}, wanted one of {', '.join(words)}")
    return word


def _midnight(day: object, scd: int | None, where: str) -> datetime:
    """The start (UTC) of the day from which an attribute is of type 2."""
    if not isinstance(day, date) or scd != 2:  # noqa: PLR2004 — type 2
        raise ContractError(f"{where}: historisedSince wants a date, and type 2")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _custom(properties: list[dict[str, Any]], known: Iterable[str], where: str) -> dict[str, Any]:
    found = {item["property"]: item["value"] for item in properties}
    for key in found:
        if key not in set(known):
            near = nearest(key, known)
            hint = f"Did you mean {near!r}?" if near else ""
            raise ContractError(f"{where}: unknown custom property {key!r}", hint=hint)
    return found

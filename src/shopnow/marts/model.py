"""What a mart's file declares: purpose, grain, owner, freshness, what touches it, statements.

Protects the rule that no mart exists without an owner and a freshness target: a header that
lacks a key, or has one that nobody reads, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, LiteralString

from shopnow.kernel import TerminalError, nearest

HEADER_KEYS: Final = ("purpose", "grain", "owner", "freshness", "touched", "parameters")
TOUCHED_KINDS: Final = (
    "seller_day",
    "day",
    "seller_month",
    "product_day",
    "delivery_day",
)
# The temporary tables in which a load says what it touched.
INPUTS: Final = (
    "touched_sales",
    "touched_traffic",
    "touched_offers",
    "touched_deliveries",
    "touched_products",
)
# Derived from them by the room itself.
DERIVED_TABLES: Final = ("touched_months",)
_DERIVED: Final = {
    "touched_months": {"touched_sales", "touched_traffic"},
    "month_days": {"touched_sales", "touched_traffic"},
    "sales_days": {"touched_sales"},
    "traffic_days": {"touched_traffic"},
    "offers_from": {"touched_offers"},
    "offers_to": {"touched_offers"},
}
PARAMETERS: Final = (
    "run_at",
    "batch_no",
    "zone",
    "sales_days",
    "traffic_days",
    "month_days",
    "offers_from",
    "offers_to",
)
_HEADER: Final = re.compile(r"--\s*(?P<key>[a-z_]+):\s*(?P<value>\S.*)")
_FRESHNESS: Final = re.compile(r"(?P<count>[1-9][0-9]*) (?P<unit>minutes|hours|days)")
_INPUT: Final = re.compile(r"\btouched_[a-z]+\b")
_PARAMETER: Final = re.compile(r"%\((?P<name>[a-z_]+)\)s")
_VERBS: Final = ("DELETE FROM mart.", "INSERT INTO mart.", "UPDATE mart.")


class MartError(TerminalError):
    """A file of `marts/` that does not declare a mart."""


@dataclass(frozen=True)
class Statement:
    """One statement of a mart: its verb in lower case and its text."""

    verb: str
    text: LiteralString


@dataclass(frozen=True)
class Mart:
    """One mart: what its header promises, and the statements that refresh touched rows."""

    name: str
    purpose: str
    grain: str
    owner: str
    freshness: timedelta
    touched: str
    inputs: frozenset[str]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class MartResult:
    """What one refresh did to a mart: rows taken away, written, renamed in place; seconds."""

    name: str
    deleted: int
    inserted: int
    updated: int
    seconds: float


def parse_mart(name: str, text: str) -> Mart:
    """Return the mart that a file declares; raises MartError naming what is wrong in it."""
    header, body = _parted(text)
    values = _header_values(name, header)
    statements = _statements(name, body)
    _refuse_unlike(name, values["parameters"], body)
    if values["touched"] not in TOUCHED_KINDS:
        raise _unknown(name, "touched", values["touched"], TOUCHED_KINDS)
    return Mart(
        name=name,
        purpose=values["purpose"],
        grain=values["grain"],
        owner=values["owner"],
        freshness=_freshness(name, values["freshness"]),
        touched=values["touched"],
        inputs=_inputs(name, body),
        statements=statements,
    )


def _parted(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    end = next((n for n, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:end], "\n".join(lines[end:])


def _header_values(name: str, header: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in header:
        found = _HEADER.fullmatch(line.rstrip())
        if found is None:
            message = f"marts/{name}.sql: a header line is not `-- key: value`"
            raise MartError(message, f"Keys: {', '.join(HEADER_KEYS)}.")
        if found["key"] not in HEADER_KEYS:
            raise _unknown(name, "header key", found["key"], HEADER_KEYS)
        if found["key"] in values:
            raise MartError(f"marts/{name}.sql: the header says {found['key']} twice")
        values[found["key"]] = found["value"]
    missing = [key for key in HEADER_KEYS if key not in values]
    if missing:
        message = f"marts/{name}.sql: the header lacks {', '.join(missing)}"
        raise MartError(message, f"Add `-- {missing[0]}: ...` to its first lines.")
    return values


def _statements(name: str, body: str) -> tuple[Statement, ...]:
    found = []
    for part in re.split(r";[ \t]*(?:\n|$)", body):
        # Comments above a statement are for readers; a percent sign there is no parameter.
        lines = [line for line in part.splitlines() if not line.lstrip().startswith("--")]
        text = "\n".join(lines).strip()
        if not text:
            continue
        if not text.startswith(_VERBS):
            message = f"marts/{name}.sql: a statement begins with {text.split()[0]}"
            raise MartError(message, "A mart deletes, inserts and updates rows of schema mart.")
        # A reviewed file of the product, not a string built at run time.
        found.append(Statement(text.split()[0].lower(), text))
    if not any(statement.verb == "insert" for statement in found):
        raise MartError(f"marts/{name}.sql: no statement inserts rows")
    return tuple(found)


def _refuse_unlike(name: str, declared: str, body: str) -> None:
    words = {word.strip() for word in declared.split(",")}
    used = {*_PARAMETER.findall(body), *_INPUT.findall(body)}
    known = (*INPUTS, *DERIVED_TABLES, *PARAMETERS)
    for word in sorted(words | used):
        if word not in known:
            raise _unknown(name, "parameter", word, known)
    for word in sorted(words ^ used):
        where = "declared and not used" if word in words else "used and not declared"
        raise MartError(f"marts/{name}.sql: the parameter {word} is {where}")


def _inputs(name: str, body: str) -> frozenset[str]:
    used = {*_PARAMETER.findall(body), *_INPUT.findall(body)}
    found = {word for word in used if word in INPUTS}
    found = found.union(*(_DERIVED.get(word, set()) for word in used))
    if not found:
        message = f"marts/{name}.sql: no statement reads a table of what was touched"
        raise MartError(message, f"Join one of {', '.join(INPUTS)}.")
    return frozenset(found)


def _freshness(name: str, value: str) -> timedelta:
    found = _FRESHNESS.fullmatch(value)
    if found is None:
        message = f"marts/{name}.sql: freshness {value!r} is no length of time"
        raise MartError(message, "Write it like `15 minutes`, `2 hours` or `1 days`.")
    return timedelta(**{found["unit"]: int(found["count"])})


def _unknown(name: str, what: str, found: str, known: tuple[str, ...]) -> MartError:
    close = nearest(found, known)
    hint = f"Did you mean {close!r}?" if close else f"Known: {', '.join(known)}."
    return MartError(f"marts/{name}.sql: unknown {what} {found!r}", hint)

"""The register (GDPR article 30) and the retention schedule, read from their one declaration.

Protects the rule that nothing personal is kept without a purpose, a basis, recipients and a
period: a column or an attribute that the register does not cover is a finding that fails the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.kernel import TerminalError
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from psycopg import Connection

FILE: Final = "privacy/register.yaml"
BASES: Final = {
    "consent": "consentement (article 6, 1 a)",
    "contract": "contrat (article 6, 1 b)",
    "legal_obligation": "obligation légale (article 6, 1 c)",
    "vital_interests": "intérêts vitaux (article 6, 1 d)",
    "public_task": "mission d'intérêt public (article 6, 1 e)",
    "legitimate_interests": "intérêt légitime (article 6, 1 f)",
}
KINDS: Final = frozenset({"customer", "seller_contact", "account"})
_CLASS: Final = ("title", "days", "period", "every_hours", "source", "action")
_TREATMENT: Final = (
    "code", "title", "purpose", "legal_basis", "kinds", "subjects", "categories", "recipients",
    "retention", "attributes", "columns",
)  # fmt: skip
# What a treatment may lack and still be one: some keep what no contract names.
_MAY_BE_EMPTY: Final = frozenset({"attributes", "columns"})
_HOLDS_PEOPLE: Final = frozenset({"staging", "dwh", "history", "quality", "privacy"})


class RegisterError(TerminalError):
    """The register does not say what a register must say."""


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """How long something is kept, after which source, and how often that is seen to."""

    code: str
    title: str
    days: int
    period: str
    every_hours: int
    source: str
    action: str

    @property
    def kept(self) -> timedelta:
        """How long it is kept."""
        return timedelta(days=self.days)

    @property
    def every(self) -> timedelta:
        """How often the purge runs."""
        return timedelta(hours=self.every_hours)


@dataclass(frozen=True, slots=True)
class Treatment:
    """A processing activity; `attributes` are those of contracts, `columns` those of tables."""

    code: str
    title: str
    purpose: str
    legal_basis: str
    kinds: tuple[str, ...]
    subjects: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: tuple[RetentionClass, ...]
    attributes: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def retention_fr(self) -> str:
        """How long its data stay, for people."""
        return " ; ".join(f"{one.title.lower()} : {one.period}" for one in self.retention)


@dataclass(frozen=True)
class Register:
    """Who is responsible, the activities, the schedule, and names judged impersonal."""

    controller: Mapping[str, Any]
    classes: Mapping[str, RetentionClass]
    treatments: tuple[Treatment, ...]
    impersonal: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something personal, or not judged yet, that the register does not cover."""

    what: str
    why: str


def load_register(contracts_dir: Path) -> Register:
    """Return the register declared beside the contracts; raises RegisterError naming the place."""
    try:
        said = yaml.safe_load((contracts_dir / FILE).read_text(encoding="utf-8"))
        classes = {code: _class(code, one) for code, one in said["retention"].items()}
        treatments = tuple(_treatment(one, classes) for one in said["treatments"])
        impersonal = frozenset(said["impersonal"])
        controller = said["controller"]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        message = f"the register contracts/{FILE} cannot be read: {type(error).__name__} {error}"
        raise RegisterError(message, "It has controller, retention, treatments, impersonal.") from (
            error
        )
    return Register(controller, classes, treatments, impersonal)


def attribute_gaps(register: Register, personal: Iterable[str]) -> list[Gap]:
    """Return the contracts' personal attributes (`record.attribute`) that no activity needs.

    What no purpose needs is not to be stored at all: minimisation (article 5, 1 c).
    """
    needed = {name for one in register.treatments for name in one.attributes}
    named = set(personal)
    missing = [Gap(name, "donnée personnelle sans traitement") for name in sorted(named - needed)]
    return missing + [
        Gap(name, "traitement d'une donnée que le contrat ne connaît pas")
        for name in sorted(needed - named)
    ]


def column_gaps(register: Register, conn: Connection) -> list[Gap]:
    """Return the warehouse's columns that nobody has judged, and activities' columns that are gone.

    A column that may hold text has to be covered by an activity, or named among the impersonal.
    """
    covered = {name for one in register.treatments for name in one.columns}
    rows = conn.execute(SQL["catalogue_columns"]).fetchall()
    found = {(schema, table, column) for schema, table, column, _ in rows}
    unjudged = {
        f"{schema}.{table}.{column}"
        for schema, table, column, is_text in rows
        if schema in _HOLDS_PEOPLE
        and is_text
        and column not in covered
        and column not in register.impersonal
    }
    gone = covered - {column for _, _, column in found}
    twice = covered & register.impersonal
    return [
        *(
            Gap(name, "colonne non jugée : la rattacher à un traitement")
            for name in sorted(unjudged)
        ),
        *(Gap(name, "colonne d'un traitement absente de l'entrepôt") for name in sorted(gone)),
        *(Gap(name, "à la fois personnelle et impersonnelle") for name in sorted(twice)),
    ]


def write_processings(conn: Connection, register: Register) -> int:
    """Write the activities into privacy.processing; return how many."""
    with conn.transaction():
        conn.execute(SQL["processing_clear"])
        for one in register.treatments:
            longest = max(one.retention, key=lambda of: of.days)
            values = {
                "code": one.code, "title": one.title, "purpose": one.purpose,
                "legal_basis": one.legal_basis, "subjects": one.subjects,
                "categories": list(one.categories), "recipients": list(one.recipients),
                "retention_class": longest.code, "retention_days": longest.days,
            }  # fmt: skip
            conn.execute(SQL["processing_add"], values)
    return len(register.treatments)


def _class(code: str, said: Mapping[str, Any]) -> RetentionClass:
    _check(f"retention.{code}", said, _CLASS, frozenset())
    if int(said["days"]) <= 0 or int(said["every_hours"]) <= 0:
        raise RegisterError(f"register: retention.{code} has no positive period")
    return RetentionClass(code, **{name: said[name] for name in _CLASS})


def _treatment(said: Mapping[str, Any], classes: Mapping[str, RetentionClass]) -> Treatment:
    where = f"treatments.{said.get('code', '?')}"
    _check(where, said, _TREATMENT, _MAY_BE_EMPTY)
    if said["legal_basis"] not in BASES:
        raise RegisterError(f"register: {where} has no basis of article 6", ", ".join(BASES))
    unknown = (set(said["kinds"]) - KINDS) | (set(said["retention"]) - set(classes))
    if unknown:
        raise RegisterError(f"register: {where} names unknown {', '.join(sorted(unknown))}")
    lists = {name: tuple(said[name]) for name in _TREATMENT if isinstance(said[name], list)}
    periods = tuple(classes[code] for code in said["retention"])
    return Treatment(**{**said, **lists, "retention": periods})


def _check(
    where: str, said: Mapping[str, Any], names: tuple[str, ...], may_be_empty: frozenset[str]
) -> None:
    lacking = [name for name in names if name not in may_be_empty and not said.get(name)]
    strange = sorted(set(said) - set(names))
    if lacking or strange:
        what = ", ".join([*(f"no {name}" for name in lacking), *(f"unknown {n}" for n in strange)])
        raise RegisterError(f"register: {where} has {what}", f"It has {', '.join(names)}.")

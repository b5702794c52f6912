"""Erasing persons: the ledger first, then keys, rows and sealed files, whatever kills the process.

Protects DESIGN 7: an erasure that was written down is carried out once and for all, also on a
warehouse restored from before it.  There is one way to carry it out, by what the ledger says:
ordering an erasure writes the entry and plays it, resuming one plays what is missing, a restore
plays all of it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, Ledger, erasure_ledger, record_event
from shopnow.kernel import connect
from shopnow.privacy.opening import open_key_store
from shopnow.privacy.pseudonyms import LOOKUP_BYTES
from shopnow.privacy.resealing import Resealed, reseal_pending
from shopnow.privacy.rows import SQL, numbers_out
from shopnow.privacy.suppression import person_digest, subject_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from psycopg import Connection

    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.keystore import KeyStore

ORDERED: Final = "erasure.ordered"
_SALT_BYTES: Final = 32
_NO_EMAIL: Final = b"\x00" * LOOKUP_BYTES
# Statement, table and what is done there, in the order in which it is done.
ACTIONS: Final = (
    ("erase_suppress", "privacy.suppression", "inscription"),
    ("erase_dim_customer", "dwh.dim_customer", "anonymisation"),
    ("erase_customer_superseded", "history.customer_superseded", "anonymisation"),
    ("erase_customer_change", "history.customer_change", "suppression"),
    ("erase_fact_order", "dwh.fact_order", "nouvelle référence d'acheteur"),
    ("erase_fact_clickstream", "dwh.fact_clickstream", "nouvelle référence de visiteur"),
    ("erase_customer_seen", "staging.customer_seen", "suppression"),
    ("erase_customer_row", "staging.customer_row", "suppression"),
    ("erase_order_row", "staging.order_row", "suppression"),
    ("erase_item_row", "staging.item_row", "suppression"),
    ("erase_click_row", "staging.click_row", "suppression"),
    ("erase_cleaning", "quality.cleaning", "valeurs effacées"),
    ("erase_cleaning_superseded", "quality.cleaning_superseded", "valeurs effacées"),
    ("erase_reject", "quality.reject", "lignes scellées effacées"),
    ("erase_reseal_note", "privacy.reseal", "fichiers à resceller"),
    ("erase_delivery", "staging.delivery", "livraisons à reprendre"),
    ("erase_web_account", "security.web_account", "compte des pages supprimé"),
    ("erase_subject_record", "privacy.subject_record", "suppression"),
    ("erase_vault", "privacy.vault", "suppression"),
    ("erase_subject", "privacy.subject", "anonymisation"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A subject who is not erased: number, kind, and the keyed hashes that lead to it."""

    subject_no: int
    kind: str
    lookup: bytes
    email_lookup: bytes | None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A person as the ledger names one: on the suppression list, and among the subjects."""

    kind: str
    digest: bytes
    subject: bytes


@dataclass(frozen=True, slots=True)
class Action:
    """What is done to one table, and on how many rows."""

    table: str
    action: str
    rows: int


@dataclass(frozen=True, slots=True)
class ErasurePlan:
    """Persons found and what an erasure of theirs would do, or did."""

    persons: tuple[int, ...]
    kinds: tuple[str, ...]
    actions: tuple[Action, ...] = ()
    resealed: Resealed = field(default_factory=Resealed)


@dataclass(frozen=True, slots=True)
class ReplayedErasures:
    """Entries read in the ledger, persons erased by this call, files sealed again by it."""

    entries: int
    erased: int
    resealed_files: int


def persons_numbered(conn: Connection, subject_nos: Sequence[int]) -> list[Person]:
    """Return these subjects, those erased left out."""
    rows = conn.execute(SQL["subjects_by_number"], {"subjects": list(subject_nos)}).fetchall()
    return [_person(*row) for row in rows]


def plan_erasure(
    conn: Connection, keystore: KeyStore, persons: Sequence[Person], at: datetime
) -> ErasurePlan:
    """Return what an erasure would do, table by table; it is tried out and taken back."""
    with conn.transaction(force_rollback=True):
        actions = _carry_out(conn, keystore, persons, at)
    return _planned(persons, actions)


def erase(
    settings: Settings,
    clock: Clock,
    keystore: KeyStore,
    persons: Sequence[Person],
    *,
    cause: str = "request",
    step: Callable[[str], None] = lambda _: None,
) -> ErasurePlan:
    """Erase these persons for good; returns what was done.

    The entry in the ledger is on the disk before anything is destroyed.  `cause`: request,
    retention or account_removed; `step` is told where the work stands.  After a kill
    `replay_erasures` finishes.
    """
    actions: tuple[Action, ...] = ()
    with connect(settings, application_name="shopnow privacy") as conn:
        if persons:
            order(erasure_ledger(settings, clock), keystore, persons, cause)
            step("ledger")
            actions = _erase_rows(conn, keystore, persons, clock.now(), step)
        resealed = reseal_pending(conn, settings, keystore, step)
    return _planned(persons, actions, resealed)


def order(ledger: Ledger, keystore: KeyStore, persons: Sequence[Person], cause: str) -> None:
    """Write down, outside the database, that these persons are to be erased."""
    entries = [
        {
            "kind": one.kind,
            "digest": _digest(keystore, one).hex(),
            # A restored warehouse may hold an older address of a contact: there the lookup tells.
            "subject": subject_digest(keystore, one.lookup).hex(),
        }
        for one in persons
    ]
    ledger.append(ORDERED, {"cause": cause, "persons": entries})


def replay_erasures(
    settings: Settings, clock: Clock, *, ledger: Path | None = None
) -> ReplayedErasures:
    """Carry out on this warehouse every erasure of the ledger that it does not know of.

    A restore calls it before anybody but the administrator connects; a second call does nothing.
    `ledger`: a copy of the ledger, by default the home's.  Raises LedgerBrokenError when the chain
    does not hold: then the warehouse must stay closed.
    """
    book = Ledger(ledger, clock) if ledger else erasure_ledger(settings, clock)
    entries = [entry for entry in book.entries() if entry.kind == ORDERED]
    ordered = [
        Ordered(person["kind"], bytes.fromhex(person["digest"]), bytes.fromhex(person["subject"]))
        for entry in entries
        for person in entry.body["persons"]
    ]
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        erased = _catch_up(conn, keystore, ordered, clock.now()) if ordered else 0
        resealed = reseal_pending(conn, settings, keystore)
    return ReplayedErasures(len(entries), erased, resealed.files + resealed.destroyed)


def _catch_up(
    conn: Connection, keystore: KeyStore, ordered: Sequence[Ordered], at: datetime
) -> int:
    """Erase who is missing among the persons of the ledger; returns how many were."""
    rows = conn.execute(SQL["suppression_missing"], {"digests": [one.digest for one in ordered]})
    missing = {bytes(digest) for (digest,) in rows}
    late = [one for one in ordered if one.digest in missing]
    persons: list[Person] = []
    if late:
        wanted = {one.subject for one in late}
        persons = [one for one in _alive(conn) if subject_digest(keystore, one.lookup) in wanted]
        if persons:
            _erase_rows(conn, keystore, persons, at)
        digests, kinds = [one.digest for one in late], [one.kind for one in late]
        values = {"digests": digests, "kinds": kinds, "run_at": at}
        conn.execute(SQL["erase_suppress_digests"], values)
    # A key store put back from before the erasure holds the keys again.
    keystore.drop_subject_keys(numbers_out(conn, "subject_erased")["subject_no"].to_list())
    return len(persons)


def _erase_rows(
    conn: Connection,
    keystore: KeyStore,
    persons: Sequence[Person],
    at: datetime,
    step: Callable[[str], None] = lambda _: None,
) -> tuple[Action, ...]:
    """Destroy the keys, then change every table in one transaction that no load is part of."""
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        # Under the lock: a load under way would make a key again for a person it still knows.
        keystore.drop_subject_keys(one.subject_no for one in persons)
        step("keys")
        actions = _carry_out(conn, keystore, persons, at)
        _journal(conn, persons, at)
        step("rows")
    step("committed")
    return actions


def _carry_out(
    conn: Connection, keystore: KeyStore, persons: Sequence[Person], at: datetime
) -> tuple[Action, ...]:
    values = {
        "subjects": [one.subject_no for one in persons],
        "digests": [_digest(keystore, one) for one in persons],
        "lookups": [os.urandom(LOOKUP_BYTES) for _ in persons],
        "salts": [os.urandom(_SALT_BYTES) for _ in persons],
        "run_at": at,
    }
    with _staged(conn, values):
        return tuple(
            Action(table, action, conn.execute(SQL[name], values).rowcount)
            for name, table, action in ACTIONS
        )


@contextmanager
def _staged(conn: Connection, values: Mapping[str, object]) -> Iterator[None]:
    conn.execute(SQL["erase_people_stage"], values)
    conn.execute(SQL["erase_records_stage"])
    yield
    conn.execute(SQL["erase_people_unstage"])


def _journal(conn: Connection, persons: Sequence[Person], at: datetime) -> None:
    count = len(persons)
    event = Event(
        ts=at,
        source="privacy",
        type="securite",
        level="INFO",
        message=f"effacement de {count} personne(s) exécuté",
        error_code="privacy_erased",
        payload={"persons": count, "kinds": sorted({one.kind for one in persons})},
    )
    record_event(conn, event)


def _alive(conn: Connection) -> Iterator[Person]:
    """Yield everybody who is not erased."""
    for kind, numbers, lookups, emails in conn.execute(SQL["subjects_alive"]):
        for place in range(len(numbers) // 8):
            email = _part(emails, place)
            yield Person(
                int.from_bytes(numbers[place * 8 : place * 8 + 8], "big"),
                kind,
                _part(lookups, place),
                None if email == _NO_EMAIL else email,
            )


def _part(packed: bytes, place: int) -> bytes:
    return bytes(packed[place * LOOKUP_BYTES : (place + 1) * LOOKUP_BYTES])


def _digest(keystore: KeyStore, one: Person) -> bytes:
    return person_digest(keystore, one.kind, one.lookup, one.email_lookup)


def _person(number: int, kind: str, lookup: bytes, email: bytes | None) -> Person:
    return Person(number, kind, bytes(lookup), None if email is None else bytes(email))


def _planned(
    persons: Sequence[Person], actions: tuple[Action, ...], resealed: Resealed | None = None
) -> ErasurePlan:
    numbers = tuple(one.subject_no for one in persons)
    kinds = tuple(sorted({one.kind for one in persons}))
    return ErasurePlan(numbers, kinds, actions, resealed or Resealed())

"""Retention: what is past its time goes, each execution leaves its proof, and the proof is checked.

Protects the rule that declared periods are applied: the schedule is the register's, a class
without a purge is refused, and `prove` fails as soon as anything is older than its class allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, purge_events, record_event, seal_minutes
from shopnow.kernel import Home, connect
from shopnow.privacy.erasure import erase, persons_numbered, replay_erasures
from shopnow.privacy.opening import open_key_store
from shopnow.privacy.register import RegisterError, load_register
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import Connection

    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.keystore import KeyStore
    from shopnow.privacy.register import RetentionClass

# Who is forgotten for silence, by class.
_SILENT: Final = {
    "clients_inactifs": "customer",
    "contacts_vendeurs": "seller_contact",
    "comptes": "account",
}
# Persons who are erased in one transaction.
_PERSONS_AT_ONCE: Final = 10_000
ERASURES: Final = "effacements"


@dataclass(frozen=True, slots=True)
class Purged:
    """One treatment: how many rows, files or persons went, from when on things are kept."""

    treatment: str
    kept_from: datetime
    removed: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The oldest thing of a class against its limit, and when the treatment last ran."""

    treatment: str
    title: str
    period: str
    limit_at: datetime
    oldest_at: datetime | None
    last_run_at: datetime | None
    is_over: bool
    is_late: bool

    @property
    def good(self) -> bool:
        """Return whether nothing is over its time and the treatment keeps its frequency."""
        return not (self.is_over or self.is_late)


def retention_due(settings: Settings, clock: Clock) -> dict[str, int]:
    """Return how much each class would lose now; nothing is changed."""
    due: dict[str, int] = {}
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        for one in _classes(settings).values():
            kept_from = clock.now() - one.kept
            if one.code in _SILENT:
                due[one.code] = len(_silent(conn, one.code, kept_from))
            elif one.code == "reception":
                due[one.code] = len(_old_files(conn, keystore, clock, kept_from))
            elif one.code == "journaux":
                values = {"kept_from": kept_from}
                row = conn.execute(SQL["retention_journaux_due"], values).fetchone()
                due[one.code] = row[0] if row else 0
            else:
                with conn.transaction(force_rollback=True):
                    due[one.code] = _purge_rows(conn, one.code, kept_from)
    return due


def apply_retention(settings: Settings, clock: Clock) -> list[Purged]:
    """Carry out the whole schedule, each class for itself, and finish erasures left over.

    A class that fails leaves its failure as proof and stops none of the others.
    """
    classes = _classes(settings).values()
    return [
        _recorded(settings, clock, ERASURES, timedelta(0), _finish_erasures),
        *(_recorded(settings, clock, one.code, one.kept, _PURGES[one.code]) for one in classes),
    ]


def prove_retention(settings: Settings, clock: Clock) -> list[Proof]:
    """Return the proof of every class; over its limit is what the next purge should have taken."""
    now = clock.now()
    proofs = []
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        last_runs: dict[str, datetime] = dict(conn.execute(SQL["treatment_last"]).fetchall())
        for one in _classes(settings).values():
            oldest = _oldest(conn, keystore, clock, one.code)
            limit, last = now - one.kept, last_runs.get(one.code)
            # Between two executions a thing may be over its time by as much as their distance.
            over = oldest is not None and oldest < limit - one.every
            late = last is not None and last < now - 2 * one.every
            proofs.append(Proof(one.code, one.title, one.period, limit, oldest, last, over, late))
    return proofs


def _classes(settings: Settings) -> Mapping[str, RetentionClass]:
    classes = load_register(settings.contracts_dir).classes
    unknown = sorted(set(classes) - set(_PURGES))
    if unknown:
        raise RegisterError(f"retention classes without a purge: {', '.join(unknown)}")
    return classes


def _recorded(
    settings: Settings,
    clock: Clock,
    treatment: str,
    kept: timedelta,
    purge: Callable[[Settings, Clock, datetime], int],
) -> Purged:
    """Carry out one treatment and write its proof, whatever becomes of it."""
    started = clock.now()
    removed, failure = 0, None
    try:
        removed = purge(settings, clock, started - kept)
    except Exception as error:  # noqa: BLE001 — the proof of a failure is written, then it is told
        failure = error
    outcome = "failed" if failure else "done"
    values = {
        "treatment": treatment, "started_at": started, "ended_at": clock.now(),
        "kept_from": started - kept, "removed": removed, "outcome": outcome,
    }  # fmt: skip
    with connect(settings, application_name="shopnow privacy") as conn, conn.transaction():
        conn.execute(SQL["treatment_record"], values)
        if removed or failure:
            record_event(conn, _event(values, failure))
    return Purged(treatment, started - kept, removed, outcome)


def _event(values: Mapping[str, object], failure: Exception | None) -> Event:
    treatment, at = str(values["treatment"]), values["ended_at"]
    assert isinstance(at, datetime)  # noqa: S101 — made just before
    if failure:
        return Event(
            at, "privacy", "securite", "ERROR", f"purge « {treatment} » en échec",
            "retention_failed", payload={"error": type(failure).__name__},
        )  # fmt: skip
    removed = values["removed"]
    return Event(
        at, "privacy", "securite", "INFO", f"purge « {treatment} » : {removed} élément(s)",
        "retention_applied", payload={"treatment": treatment, "removed": removed},
    )  # fmt: skip


def _finish_erasures(settings: Settings, clock: Clock, _: datetime) -> int:
    done = replay_erasures(settings, clock)
    return done.erased + done.resealed_files


def _purge_table(code: str) -> Callable[[Settings, Clock, datetime], int]:
    def purge(settings: Settings, _: Clock, kept_from: datetime) -> int:
        with connect(settings, application_name="shopnow privacy") as conn, conn.transaction():
            conn.execute(SQL["loader_lock"])
            return _purge_rows(conn, code, kept_from)

    return purge


def _purge_rows(conn: Connection, code: str, kept_from: datetime) -> int:
    values = {"kept_from": kept_from}
    if code == "comptabilite":
        conn.execute(SQL["retention_comptabilite_orders"], values)
    cursor = conn.execute(SQL[f"retention_{code}_purge"], values)
    if cursor.description is None:
        return cursor.rowcount
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _purge_events(settings: Settings, clock: Clock, kept_from: datetime) -> int:
    # Only what is sealed may go: a minute that a sealer at rest left open is sealed first.
    seal_minutes(settings, clock)
    return purge_events(settings, clock, kept_from)


def _forget(code: str) -> Callable[[Settings, Clock, datetime], int]:
    def purge(settings: Settings, clock: Clock, kept_from: datetime) -> int:
        with (
            open_key_store(settings, clock) as keystore,
            connect(settings, application_name="shopnow privacy") as conn,
        ):
            silent = _silent(conn, code, kept_from)
            for first in range(0, len(silent), _PERSONS_AT_ONCE):
                persons = persons_numbered(conn, silent[first : first + _PERSONS_AT_ONCE])
                erase(settings, clock, keystore, persons, cause="retention")
        return len(silent)

    return purge


def _silent(conn: Connection, code: str, kept_from: datetime) -> list[int]:
    values = {"kind": _SILENT[code], "kept_from": kept_from}
    return [row[0] for row in conn.execute(SQL["retention_inactive"], values)]


def _purge_landing(settings: Settings, clock: Clock, kept_from: datetime) -> int:
    landing = Home(settings.home).landing
    with (
        open_key_store(settings, clock) as keystore,
        connect(settings, application_name="shopnow privacy") as conn,
    ):
        files = _old_files(conn, keystore, clock, kept_from)
        # Keys first: what a crash leaves of the files is unreadable.
        keystore.drop_delivery_keys({ref for _, ref, _ in files})
        for _, _, path in files:
            (landing / path).unlink(missing_ok=True)
        deliveries = sorted({key for key, _, _ in files})
        conn.execute(SQL["retention_reception_rejects"], {"deliveries": deliveries})
    return len(files)


def _old_files(
    conn: Connection, keystore: KeyStore, clock: Clock, kept_from: datetime
) -> list[tuple[int, str, str]]:
    values = {"refs": _living_refs(keystore, clock), "kept_from": kept_from}
    rows = conn.execute(SQL["retention_reception_files"], values).fetchall()
    return [(key, ref, path) for key, ref, path in rows]


def _living_refs(keystore: KeyStore, clock: Clock) -> list[str]:
    return keystore.delivery_refs(clock.now() + timedelta(days=1))


def _oldest(conn: Connection, keystore: KeyStore, clock: Clock, code: str) -> datetime | None:
    values: dict[str, object] = {}
    name = f"retention_{code}_oldest"
    if code in _SILENT:
        name, values = "retention_inactive_oldest", {"kind": _SILENT[code]}
    elif code == "reception":
        values = {"refs": _living_refs(keystore, clock)}
    row = conn.execute(SQL[name], values).fetchone()
    return row[0] if row else None


_PURGES: Final[dict[str, Callable[[Settings, Clock, datetime], int]]] = {
    "traceurs": _purge_table("traceurs"),
    "navigation": _purge_table("navigation"),
    "clients_inactifs": _forget("clients_inactifs"),
    "contacts_vendeurs": _forget("contacts_vendeurs"),
    "comptes": _forget("comptes"),
    "comptabilite": _purge_table("comptabilite"),
    "reception": _purge_landing,
    "corrections": _purge_table("corrections"),
    "journaux": _purge_events,
    "demandes": _purge_table("demandes"),
}

"""The planned work, declared once: loads, backups, drills, purges, the security watch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.alerts import load_judge, send_digest
from shopnow.backup import backup_state, due_backups
from shopnow.desk import Desk, export_tickets, load_connector
from shopnow.jobs.model import Daily, Every, Task
from shopnow.jobs.proofs import prove_the_journal, prove_the_retention
from shopnow.journal import write_lines
from shopnow.kernel import Sql, TransientError, connect
from shopnow.marts import refresh_analyst
from shopnow.pipeline import (
    Conductor,
    Context,
    drill_warehouse,
    pull_due,
    send_answers,
    tell_lineage,
)
from shopnow.privacy import apply_retention
from shopnow.security import watch_security

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__)
_MINUTE: Final = timedelta(minutes=1)
_MEASUREMENTS_KEPT: Final = timedelta(days=400)
_JOBS_KEPT: Final = timedelta(days=14)
_NOTICES_KEPT: Final = timedelta(days=400)


def fetch_sources(settings: Settings, clock: Clock) -> str:
    """Fetch what is new of every source whose time has come."""
    pulled = pull_due(settings, clock)
    failed = [one for one in pulled if one.error]
    if failed:
        names = ", ".join(one.source for one in failed)
        raise TransientError(f"sources non lues : {names}", "`shopnow source list` dit pourquoi.")
    received = sum(len(one.receipts) for one in pulled)
    return f"{len(pulled)} sources, {received} livraisons"


def load_waiting(settings: Settings, clock: Clock) -> str:
    """Run the six steps when a delivery waits or something said of the future is due."""
    with connect(settings, application_name="shopnow planned load") as conn:
        values = {"now": clock.now()}
        found = [conn.execute(SQL[name], values).fetchone()
                 for name in ("deliveries_wait", "statements_due")]  # fmt: skip
    if not any(row and row[0] for row in found):
        return "rien n'attendait"
    with Context.open(settings, clock) as context:
        report = Conductor(context).run()
    return (
        f"exécution {report.run_id} : {len(report.published)} livraisons publiées, "
        f"{len(report.held)} retenues, {len(report.refused)} refusées, "
        f"{len(report.failed)} en échec"
    )


def answer_senders(settings: Settings, clock: Clock) -> str:
    """Send the answers that are due; what fails is journaled and tried again."""
    sent = send_answers(settings, clock)
    good, bad = (sum(one.state == "sent" for one in sent), sum(bool(one.error) for one in sent))
    return f"{good} réponses envoyées, {bad} en échec"


def back_up(settings: Settings, clock: Clock) -> str:
    """Make the backups that the calendar says are due."""
    if not settings.server_archive:
        return "archivage éteint : rien n'est sauvegardé"
    done = due_backups(settings, clock)
    if done.failures:
        raise TransientError(f"sauvegarde : {'; '.join(done.failures)}", "")
    return f"{len(done.made)} sauvegardes, {done.copied} copies, {len(done.pruned)} retirées"


def rehearse(settings: Settings, clock: Clock) -> str:
    """Rehearse a restore when the calendar says so."""
    if not settings.server_archive or not backup_state(settings, clock).drill_is_due:
        return "pas encore dû"
    result = drill_warehouse(settings, clock)
    if not result.good:
        raise TransientError(f"exercice {result.id} : {len(result.findings)} constats", "")
    return f"exercice {result.id} réussi"


def purge(settings: Settings, clock: Clock) -> str:
    """Carry out the retention schedule, and forget measurements and jobs of long ago."""
    purged = apply_retention(settings, clock)
    now, counts = clock.now(), {}
    with connect(settings, "shopnow_owner", application_name="shopnow purge") as conn:
        for name, kept in (
            ("measurements_purge", _MEASUREMENTS_KEPT), ("alerts_purge", _NOTICES_KEPT),
            ("jobs_purge", _JOBS_KEPT),
        ):  # fmt: skip
            counts[name] = conn.execute(SQL[name], {"before": now - kept}).rowcount
    return f"{len(purged)} traitements, {sum(counts.values())} traces techniques"


def pass_tickets_on(settings: Settings, clock: Clock) -> str:
    """Make each new ticket in the outside ticket system too, where one is turned on."""
    connector = load_connector(settings)
    if connector is None:
        return "connecteur éteint"
    with connect(settings, application_name="shopnow tickets") as conn:
        made, told = export_tickets(conn, Desk.of(settings), connector, clock.now())
    return f"{made} tickets transmis, {told} résolutions dites"


def tell_the_lineage(settings: Settings, clock: Clock) -> str:  # noqa: ARG001 — of a task
    """Tell the steps of the runs that ended, where a collector is set."""
    told = tell_lineage(settings)
    return "option éteinte" if told is None else f"{told} exécutions dites"


def tell_the_morning(settings: Settings, clock: Clock) -> str:
    """Send the summary of what is open, where a channel is named for it."""
    with connect(settings, application_name="shopnow digest") as conn:
        return send_digest(conn, load_judge(settings), clock.now())


def fold_for_analysts(settings: Settings, clock: Clock) -> str:
    """Bring the marts of the analysts up to date, small groups folded."""
    refresh_analyst(settings, clock)
    return "marts des analystes à jour"


def watch_accesses(settings: Settings, clock: Clock) -> str:
    """Read the server's log, compare the catalogue, seal the journal, write its lines."""
    watched = watch_security(settings, clock)
    lines = write_lines(settings, watched.sealed.sealed_until)
    return f"journal lu et scellé, {lines} lignes pour les collecteurs"


TASKS: Final = (
    Task("fetch_sources", "Lire les sources", Every(_MINUTE), fetch_sources),
    Task("load_waiting", "Charger ce qui attend", Every(_MINUTE), load_waiting, "load"),
    Task("answer_senders", "Répondre aux expéditeurs", Every(5 * _MINUTE), answer_senders),
    Task("watch_accesses", "Veiller sur les accès", Every(_MINUTE), watch_accesses),
    Task("back_up", "Sauvegarder", Every(5 * _MINUTE), back_up, "backup"),
    Task("rehearse", "Exercice de restauration", Every(60 * _MINUTE), rehearse, "backup"),
    Task("pass_tickets_on", "Transmettre les tickets", Every(_MINUTE), pass_tickets_on),
    Task("tell_the_lineage", "Dire la lignée", Every(_MINUTE), tell_the_lineage),
    Task("tell_the_morning", "Envoyer le bilan", Daily(7, 30), tell_the_morning),
    Task("fold_for_analysts", "Marts des analystes", Daily(5, 0), fold_for_analysts, "load"),
    Task("purge", "Purger selon les durées de conservation", Daily(3, 30), purge, "load"),
    Task("prove_the_journal", "Prouver le journal", Every(60 * _MINUTE), prove_the_journal),
    Task("prove_the_retention", "Prouver la conservation", Daily(6, 0), prove_the_retention),
)

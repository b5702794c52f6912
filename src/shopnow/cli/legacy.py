"""Commands about the former warehouse: import-legacy, legacy customers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from shopnow.cli.french import number, paper, plural, sheet
from shopnow.cli.ingest import has_trouble, instant, progress, run_waiting, tell_run
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock
from shopnow.kernel.server import open_warehouse
from shopnow.pipeline import (
    LEGACY_CURRENCY,
    Context,
    compare_queries,
    disclose_customers,
    import_legacy,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings
    from shopnow.pipeline import Figure, LegacyImport

VERDICTS_FR: Final = {
    "equal": "identique",
    "repeats": "identique, chaque répétition comptée une fois",
    "differs": "différent",
}
_evidence = click.option(
    "--evidence",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/evidence"),
    show_default=True,
    help="Folder that the figures are kept in.",
)


@click.command(name="import-legacy")
@click.argument("where", metavar="FOLDER|DSN")
@click.option("--audit", is_flag=True, help="Say what the old data lack, and keep the figures.")
@click.option("--audit-only", is_flag=True, help="The same, and import nothing.")
@click.option(
    "--snapshot-at",
    metavar="TIME",
    help="When the copy was made: rows that no order dates are true from then.",
)
@click.option(
    "--currency",
    default=LEGACY_CURRENCY,
    show_default=True,
    help="What the prices are in: the old tables do not say it.",
)
@click.option("--schema", metavar="NAME", help="Of a DSN: the schema of the four tables.")
@click.option(
    "--keep-repeats",
    is_flag=True,
    help="Equal order lines are lines each; by default they are one line that a replay repeated.",
)
@_evidence
@json_option
@with_settings
def import_legacy_tables(
    settings: Settings,
    *,
    as_json: bool,
    where: str,
    audit: bool,
    audit_only: bool,
    snapshot_at: str | None,
    currency: str,
    schema: str | None,
    keep_repeats: bool,
    evidence: Path,
) -> int:
    """Take in the former warehouse: dim_customer, dim_product, fact_order, fact_clickstream.

    From a folder of four CSV or Parquet files, or from a PostgreSQL server.  The same import
    again changes nothing.
    """
    moment = instant(snapshot_at, settings, "--snapshot-at")
    open_warehouse(settings)
    with Context.open(settings) as context, progress(as_json) as tell:
        done = import_legacy(
            context, where, snapshot_at=moment, currency=currency, schema=schema,
            keep_repeats=keep_repeats, only_audit=audit_only, progress=tell,
        )  # fmt: skip
        kept = _keep(done, evidence) if audit or audit_only else None
        ran = None if audit_only else run_waiting(context, as_json)
    facts: dict[str, Any] = {
        "receipts": [{"table": name, **asdict(receipt)} for name, receipt in done.receipts],
        "run": ran,
        "figures": [asdict(figure) for figure in done.figures] if kept else None,
        "evidence": kept,
        "orders_elsewhere": done.elsewhere,
    }
    show(facts, as_json, lambda: _tell(done, ran, kept))
    held = any(receipt.verdict == "held" for _, receipt in done.receipts)
    return 1 if held or (ran and has_trouble(ran)) else 0


@click.group()
def legacy() -> None:
    """Serve those who still read the former warehouse's tables (schema legacy)."""


@legacy.command()
@click.argument("where", metavar="FOLDER|DSN")
@click.option("--schema", metavar="NAME", help="Of a DSN: the schema of the four tables.")
@_evidence
@json_option
@with_settings
def compare(
    settings: Settings, *, as_json: bool, where: str, schema: str | None, evidence: Path
) -> int:
    """Ask the eight old queries of the copy and of the views; exit 1 where an answer differs.

    To be asked right after the import, while nothing else has loaded sales of the shop.
    """
    open_existing(settings)
    with Context.open(settings) as context:
        compared = compare_queries(context, where, schema=schema)
    path = evidence / "legacy-queries.json"
    counts = [
        Measured(one.query, one.differing, f"rows ({one.verdict})", one.title_fr)
        for one in compared
    ]
    _write(path, "C17, spec/legacy.md: the old queries answer the same", "legacy compare", counts)
    facts = {"queries": [asdict(one) for one in compared], "evidence": path}

    def present() -> None:
        rows = [
            (one.title_fr, number(one.before), number(one.after), VERDICTS_FR[one.verdict])
            for one in compared
        ]
        columns = ["requête", ">lignes avant", ">lignes après", "verdict"]
        paper().print(sheet("Requêtes de l'ancien entrepôt", columns, rows))

    show(facts, as_json, present)
    return 1 if any(one.verdict == "differs" for one in compared) else 0


@legacy.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="CSV file to write, readable for its owner only.",
)
@click.option("--customer", "customers", multiple=True, metavar="ID", help="Only this pseudonym.")
@click.option("--reason", required=True, help="Why, for the security journal.")
@json_option
@with_settings
def customers(
    settings: Settings, *, as_json: bool, out: Path, customers: Sequence[str], reason: str
) -> None:
    """Export legacy.dim_customer with names, e-mails and addresses: for the privacy officer.

    No SQL can show them, for the keys are outside the warehouse.  The export is journaled.
    """
    open_existing(settings)
    with Context.open(settings) as context:
        rows = disclose_customers(context, out, customers=customers or None, reason=reason)
    facts = {"file": out, "customers": rows}
    show(
        facts, as_json, lambda: click.echo(f"{number(rows)} clients écrits dans {out}, journalisé")
    )


def _keep(done: LegacyImport, folder: Path) -> Path:
    """Keep the figures of the audit for the report."""
    path = folder / "legacy-audit.json"
    figures = [Measured(f.name, f.value, f.unit, f.label_fr) for f in done.figures]
    criterion = "C17, spec/legacy.md: what the former warehouse lacks"
    _write(path, criterion, "import-legacy --audit", figures)
    return path


def _write(path: Path, criterion: str, command: str, figures: Sequence[Measured]) -> None:
    write_evidence(
        path,
        criterion=criterion,
        command=f"shopnow {command}",
        figures=figures,
        measured_at=SystemClock().now(),
        conditions={"days": "UTC"},
    )


def _tell(done: LegacyImport, ran: dict[str, Any] | None, kept: Path | None) -> None:
    for name, receipt in done.receipts:
        click.echo(f"{name} : {receipt.message}")
    if done.elsewhere:
        orders = plural(done.elsewhere, "commande")
        click.echo(
            f"ATTENTION : {orders} de la copie déjà reçue(s) par un autre flux : leurs lignes"
            " comptent deux fois."
        )
    if ran:
        tell_run(ran)
    if kept:
        page = paper()
        page.print()
        rows = [(figure.of, figure.label_fr, _value(figure)) for figure in done.figures]
        page.print(sheet("Ancien entrepôt : ce qui manque", ["table", "constat", ">nombre"], rows))
        page.print(f"\nChiffres pour le rapport : {kept}", markup=False)


def _value(figure: Figure) -> str:
    if figure.unit == "%":
        return f"{figure.value:.2f} %".replace(".", ",")
    return number(int(figure.value))

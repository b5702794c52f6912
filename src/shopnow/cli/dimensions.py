"""Commands about history: dimension show, types, audit, rebuild, archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.dimension_findings import tell_audit, tell_plan, tell_rebuild
from shopnow.cli.dimension_page import tell_life_page, tell_version_page
from shopnow.cli.french import DIMENSIONS, number, paper, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.dimensions import dimensions_of, find_member, tell_life, version_known_on
from shopnow.kernel import SystemClock, connect
from shopnow.pipeline import archive_versions, audit_history, plan_rebuild, rebuild
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

_TABLES = {
    "dwh.dim_seller": "vendeur",
    "dwh.dim_product": "produit",
    "dwh.dim_customer": "client",
    "dwh.fact_offer": "offre",
    "dwh.fact_order_header": "commande",
}
SCD_TYPES = {0: "0 fixe", 1: "1 corrigé", 2: "2 historisé", 3: "3 avant/après"}


_only = click.argument(
    "names", nargs=-1, metavar="[NAME...]", type=click.Choice(("seller", "product", "customer"))
)


@click.group()
def dimension() -> None:
    """Read and check history: what was true when, what was known when, and why."""


@dimension.command(name="show")
@click.argument("key")
@click.option("--at", metavar="T", help="Only the version that holds at T (as-was).")
@click.option("--known-on", metavar="T", help="As it was believed on T (as-known-on).")
@json_option
@with_settings
def show_command(
    settings: Settings, *, as_json: bool, key: str, at: str | None, known_on: str | None
) -> None:
    """Tell the life of KEY: its versions, what was said of it, by whom, what was believed.

    KEY is a seller (S001), a product (S001/REF-12) or a customer (its pseudonym or number);
    `seller:`, `product:` or `customer:` before it says which. T is a day or a time.
    """
    open_existing(settings)
    contracts = load_contracts(settings.contracts_dir)
    dimensions = {one.name: one for one in dimensions_of(contracts)}
    with connect(settings, application_name="shopnow dimension") as connection:
        member = find_member(connection, key)
        of = dimensions[member.dimension]
        labels = {a.name: a.label for a in contracts.kinds[of.name].historised}
        if at is None and known_on is None:
            life = tell_life(connection, of, member)
            show(life, as_json, lambda: tell_life_page(life, of, labels, settings))
            return
        now = SystemClock().now()
        as_of = instant(at, settings, "--at") or now
        known = instant(known_on, settings, "--known-on") or now
        version = version_known_on(connection, of, member, as_of=as_of, known_on=known)
    facts = {"member": member, "as_of": as_of, "known_on": known, "version": version}
    show(
        facts,
        as_json,
        lambda: tell_version_page(member, version, labels, settings, as_of=as_of, known_on=known),
    )


@dimension.command()
@_only
@json_option
@with_settings
def audit(settings: Settings, *, as_json: bool, names: Sequence[str]) -> int:
    """Check that history is what it must be; exit 1 on findings.

    Surrogate keys, the chain of versions, one current version a member, the comparison of each
    dimension with what its change log says, facts and their versions, counts of deliveries. With
    NAMEs only those dimensions are checked, without facts and deliveries.
    """
    open_existing(settings)
    contracts = load_contracts(settings.contracts_dir)
    report = audit_history(settings, contracts, SystemClock(), names)
    facts = {
        "at": report.at,
        "findings": report.findings,
        "members_waiting": report.waiting,
        "checks": report.checks,
    }
    show(facts, as_json, lambda: tell_audit(report))
    return 1 if report.findings else 0


@dimension.command(name="rebuild")
@_only
@click.option("--apply", "is_applied", is_flag=True, help="Do it; without, only the plan.")
@json_option
@with_settings
def rebuild_command(
    settings: Settings, *, as_json: bool, names: Sequence[str], is_applied: bool
) -> int:
    """Make dimensions again from their change log: those named, or all.

    Shows the plan and exits 1 when a dimension is not what its log says; acts with --apply. A
    version that is found again keeps its surrogate key.
    """
    open_existing(settings)
    contracts = load_contracts(settings.contracts_dir)
    make = rebuild if is_applied else plan_rebuild
    report = make(settings, contracts, SystemClock(), names)
    facts = {
        "applied": report.applied,
        "run_id": report.run_id,
        "facts_moved": report.facts_moved,
        "plans": report.plans,
    }
    show(facts, as_json, lambda: (tell_rebuild if is_applied else tell_plan)(report, names))
    return 1 if report.differs and not is_applied else 0


@dimension.command(name="archive")
@click.option("--before", required=True, metavar="DATE", help="What ended before is thinned out.")
@click.option("--apply", "is_applied", is_flag=True, help="Do it; without, only the plan.")
@json_option
@with_settings
def archive_command(settings: Settings, *, as_json: bool, before: str, is_applied: bool) -> None:
    """Give each member one version for all of its that ended before DATE; facts follow."""
    open_existing(settings)
    clock, limit = SystemClock(), instant(before, settings, "--before")
    assert limit is not None  # noqa: S101 — the option is required
    contracts = load_contracts(settings.contracts_dir)
    members = archive_versions(settings, contracts, clock, limit, applied=is_applied)

    def present() -> None:
        rows = [(DIMENSIONS[name], number(count)) for name, count in members.items()]
        title = "Versions réunies" if is_applied else "Versions à réunir (--apply pour le faire)"
        paper().print(sheet(title, ["=dimension", ">membres"], rows))

    show({"members": members, "applied": is_applied}, as_json, present)


@dimension.command()
@json_option
@with_settings
def types(settings: Settings, as_json: bool) -> None:
    """List every attribute with its SCD type and why it has it, from the contracts."""
    contracts = load_contracts(settings.contracts_dir)
    records = [one for table in _TABLES for one in contracts.kinds.values() if one.table == table]
    facts: list[dict[str, Any]] = [
        {
            "table": record.table,
            "attribute": attribute.name,
            "label": attribute.label,
            "scd_type": attribute.scd,
            "justification": attribute.justification,
            "justification_fr": attribute.justification_fr,
        }
        for record in records
        for attribute in record.historised
    ]

    def present() -> None:
        rows = [
            (_TABLES[fact["table"]], fact["attribute"], SCD_TYPES[fact["scd_type"]],
             fact["justification_fr"])
            for fact in facts
        ]  # fmt: skip
        paper().print(sheet("", ["=de quoi", "=attribut", "=type", "pourquoi"], rows))

    show(facts, as_json, present)

"""Commands about accesses: who may do what, compared with the declaration and brought to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.access_given import expiry, grant, password, resume_access, revoke, suspend_access
from shopnow.cli.access_page import tell_accesses, tell_findings
from shopnow.cli.access_review import review
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, connect
from shopnow.security import apply_access, check_access, list_accesses

if TYPE_CHECKING:
    from shopnow.kernel import Settings
    from shopnow.security import Finding


@click.group()
def access() -> None:
    """Say who may see what: grant, revoke, list; compare with the declaration."""


for _command in (grant, revoke, suspend_access, resume_access, password, expiry, review):
    access.add_command(_command)


@access.command(name="list")
@click.option("--all", "with_closed", is_flag=True, help="Revoked ones too.")
@click.option("--seller", metavar="S001", help="Those that show this seller's rows.")
@json_option
@with_settings
def list_command(
    settings: Settings, *, as_json: bool, with_closed: bool, seller: str | None
) -> None:
    """List the accesses of sellers and staff: whom each shows, until when, last use."""
    open_existing(settings)
    now = SystemClock().now()
    with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
        found = list_accesses(connection, now, with_closed=with_closed, seller=seller)
    show(found, as_json, lambda: tell_accesses(found, settings))


@access.command()
@json_option
@with_settings
def check(settings: Settings, as_json: bool) -> int:
    """Compare with db/access.yaml and the access ledger; exit 1 on any difference."""
    open_existing(settings)
    findings = check_access(settings)
    show([_facts(one) for one in findings], as_json, lambda: tell_findings(findings))
    return 1 if findings else 0


@access.command()
@click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")
@json_option
@with_settings
def apply(settings: Settings, *, as_json: bool, is_applied: bool) -> int:
    """Bring all to db/access.yaml and to the access ledger; shows the plan first."""
    open_existing(settings)
    findings = check_access(settings)
    left = apply_access(settings) if is_applied else findings
    facts = {
        "applied": is_applied,
        "planned": [_facts(one) for one in findings],
        "left": [_facts(one) for one in left],
    }
    show(facts, as_json, lambda: tell_findings(findings, left if is_applied else None))
    return 1 if left else 0


def _facts(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "target": finding.target,
        "detail": finding.detail,
        "mendable": finding.is_mendable,
    }

"""Commands that let people in and show them out; each shows its plan and acts with --apply."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.access_page import tell_change, tell_grant, tell_revoke
from shopnow.cli.ingest import instant
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError
from shopnow.security import (
    apply_grants,
    apply_revoke,
    draw_password,
    find_each,
    find_open,
    plan_every_seller,
    plan_revoke,
    plan_revoke_every_seller,
    plan_revoke_seller,
    plan_seller,
    plan_staff,
    resume,
    set_expiry,
    suspend,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.kernel import Clock, Settings
    from shopnow.security import Access

apply_option = click.option(
    "--apply", "is_applied", is_flag=True, help="Do it; else only the plan."
)
_SELLER = "seller"


@click.command()
@click.argument("kind", metavar="seller|ROLE")
@click.argument("sellers", metavar="[S001]…", nargs=-1)
@click.option("--login", metavar="NAME", help="With SQL, under this name; else pages and API only.")
@click.option("--every", is_flag=True, help="Each registered seller without pages (no --login).")
@click.option("--expires", metavar="DATE", help="Ends by itself then.")
@click.option("--days", type=click.IntRange(min=1), help="Ends by itself after so many days.")
@apply_option
@json_option
@with_settings
def grant(
    settings: Settings,
    *,
    as_json: bool,
    kind: str,
    sellers: Sequence[str],
    login: str | None,
    every: bool,
    expires: str | None,
    days: int | None,
    is_applied: bool,
) -> None:
    """Let in a seller (several: one access for the group) or somebody of the staff by role.

    `access grant seller S001 --login compta` draws a password and shows it once. Without --login a
    seller reaches the pages alone. `access grant analyst_detail --login nom` is for the staff.
    """
    open_existing(settings)
    clock = SystemClock()
    until = _until(settings, clock, expires, days)
    if kind == _SELLER:
        plans = _seller_plans(settings, clock, sellers, login, until, every=every)
    elif login is None or sellers or every:
        raise UsageError(f"an access as {kind!r} is by name", "Write --login NAME and no seller.")
    else:
        plans = [plan_staff(settings, clock, kind, login, until)]
    granted = apply_grants(settings, clock, plans) if is_applied else []
    passwords = {one.access.role_name: one.password for one in granted}
    facts = {
        "applied": is_applied,
        "accesses": [
            facts_of(plan) | {"password": passwords.get(plan.role_name)} for plan in plans
        ],
    }
    show(facts, as_json, lambda: tell_grant(plans, passwords, settings, is_applied=is_applied))


@click.command()
@click.argument("names", metavar="NAME… | seller S001", nargs=-1, required=True)
@click.option("--every", is_flag=True, help="With `seller` alone: all accesses of all sellers.")
@apply_option
@json_option
@with_settings
def revoke(
    settings: Settings, *, as_json: bool, names: Sequence[str], every: bool, is_applied: bool
) -> None:
    """Take accesses back: those of these names, or all of a seller (groups lose that seller)."""
    open_existing(settings)
    clock = SystemClock()
    if every:
        if tuple(names) != (_SELLER,):
            raise UsageError("--every is of sellers", "`shopnow access revoke seller --every`.")
        plan = plan_revoke_every_seller(settings, clock)
    elif names[0] == _SELLER:
        if len(names) != 2:  # noqa: PLR2004  # the word and one seller
            raise UsageError("name one seller", "`shopnow access revoke seller S001`.")
        plan = plan_revoke_seller(settings, clock, names[1])
    else:
        plan = plan_revoke(settings, clock, names)
    if is_applied:
        apply_revoke(settings, clock, plan)
    facts = {
        "applied": is_applied,
        "ending": [facts_of(one) for one in plan.ending],
        "narrowed": [facts_of(one) for one in plan.narrowed],
    }
    show(facts, as_json, lambda: tell_revoke(plan, settings, is_applied=is_applied))


@click.command(name="suspend")
@click.argument("names", nargs=-1, required=True)
@apply_option
@json_option
@with_settings
def suspend_access(
    settings: Settings, *, as_json: bool, names: Sequence[str], is_applied: bool
) -> None:
    """Let accesses show no row until they are resumed."""
    _mark(settings, names, "suspendu", as_json=as_json, is_applied=is_applied)


@click.command(name="resume")
@click.argument("names", nargs=-1, required=True)
@apply_option
@json_option
@with_settings
def resume_access(
    settings: Settings, *, as_json: bool, names: Sequence[str], is_applied: bool
) -> None:
    """End a suspension."""
    _mark(settings, names, "rétabli", as_json=as_json, is_applied=is_applied)


@click.command()
@click.argument("name")
@apply_option
@json_option
@with_settings
def password(settings: Settings, *, as_json: bool, name: str, is_applied: bool) -> None:
    """Draw another password for a login, show it once, end the sessions of the old one."""
    open_existing(settings)
    clock = SystemClock()
    access, word = find_open(settings, clock, name), None
    if is_applied:
        word = draw_password(settings, clock, name).password
    facts = {"applied": is_applied, "access": facts_of(access), "password": word}
    words = {access.role_name: word}
    show(facts, as_json, lambda: tell_grant([access], words, settings, is_applied=is_applied))


@click.command()
@click.argument("name")
@click.option("--expires", metavar="DATE", help="Ends by itself then; without: no end.")
@click.option("--days", type=click.IntRange(min=1), help="Ends by itself after so many days.")
@apply_option
@json_option
@with_settings
def expiry(
    settings: Settings,
    *,
    as_json: bool,
    name: str,
    expires: str | None,
    days: int | None,
    is_applied: bool,
) -> None:
    """Let an access end by itself at another time."""
    open_existing(settings)
    clock = SystemClock()
    until = _until(settings, clock, expires, days)
    access = find_open(settings, clock, name)
    if is_applied:
        access = set_expiry(settings, clock, name, until)
    facts = {"applied": is_applied, "access": facts_of(access), "expires_at": until}
    show(facts, as_json, lambda: tell_change([access], "borné", is_applied=is_applied))


def facts_of(access: Access) -> dict[str, Any]:
    """Return what programs read of an access: nothing of its password."""
    facts = asdict(access)
    del facts["verifier"]
    return facts


def _seller_plans(
    settings: Settings,
    clock: Clock,
    sellers: Sequence[str],
    login: str | None,
    until: datetime | None,
    *,
    every: bool,
) -> list[Access]:
    if every:
        if sellers or login:
            raise UsageError("--every takes neither sellers nor --login")
        return plan_every_seller(settings, clock)
    if not sellers:
        raise UsageError("no seller is named", "`shopnow access grant seller S001 --login compta`.")
    return [plan_seller(settings, clock, sellers, login=login, expires_at=until)]


def _mark(
    settings: Settings, names: Sequence[str], word: str, *, as_json: bool, is_applied: bool
) -> None:
    open_existing(settings)
    clock = SystemClock()
    found = find_each(settings, clock, names)
    if is_applied:
        found = {"suspendu": suspend, "rétabli": resume}[word](settings, clock, names)
    facts = {"applied": is_applied, "accesses": [facts_of(one) for one in found]}
    show(facts, as_json, lambda: tell_change(found, word, is_applied=is_applied))


def _until(
    settings: Settings, clock: Clock, expires: str | None, days: int | None
) -> datetime | None:
    if expires is not None and days is not None:
        raise UsageError("--expires and --days say the same thing twice", "Give one of them.")
    if days is not None:
        return clock.now() + timedelta(days=days)
    return instant(expires, settings, "--expires")

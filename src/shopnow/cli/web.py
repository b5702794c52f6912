"""`shopnow web`: serve the pages, and say who of the staff may enter them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from shopnow.cli.french import moment, paper, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError, connect
from shopnow.privacy import erase, hold_account, holders_of, open_key_store
from shopnow.security import (
    STAFF_ROLES,
    add_account,
    add_seller_account,
    list_accounts,
    remove_account,
    suspend_account,
)
from shopnow.web import serve

if TYPE_CHECKING:
    from shopnow.kernel import Settings


@click.group()
def web() -> None:
    """Serve the pages; add, list, suspend, remove the accounts that may enter them."""


@web.command(name="serve")
@with_settings
def serve_command(settings: Settings) -> None:
    """Serve the pages until interrupted (settings web_host and web_port)."""
    open_existing(settings)
    click.echo(f"http://{settings.web_host}:{settings.web_port}")
    serve(settings)


@web.command(name="add")
@click.argument("login")
@click.option("--role", type=click.Choice(sorted(STAFF_ROLES)), help="What one of the staff is.")
@click.option("--seller", "sellers", multiple=True, help="The seller, e.g. S001; repeatable.")
@click.option("--name", metavar="NAME", help="Who holds it; kept in the vault. - asks for it.")
@click.option("--email", metavar="ADDRESS", help="The holder's address; likewise.")
@json_option
@with_settings
def add_command(
    settings: Settings,
    *,
    login: str,
    role: str | None,
    sellers: tuple[str, ...],
    name: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """Make an account, or give one a new password, which is shown this once.

    A seller's account sees the rows of its sellers alone, under a database role of its own.  Who
    holds it is erased and exported by `privacy erase|export --account LOGIN`.
    """
    if (role is None) == (not sellers):
        raise UsageError("an account is either --role … or --seller …", "Give one of the two.")
    open_existing(settings)
    clock = SystemClock()
    if role is not None:
        password = add_account(settings, clock, login, STAFF_ROLES[role])
    else:
        password = add_seller_account(settings, clock, login, sellers)
    given = {"name": name, "email": email}
    identity = {
        key: sys.stdin.readline().strip() if value == "-" else value
        for key, value in given.items()
        if value is not None
    }
    if identity:
        with open_key_store(settings, clock) as keystore:
            hold_account(settings, clock, keystore, login, identity)
    what = role or ", ".join(sellers)
    told = f"Compte {login} ({what})\nMot de passe, montré cette fois : {password}"
    facts = {"login": login, "role": role, "sellers": list(sellers), "password": password}
    show(facts, as_json, lambda: click.echo(told))


@web.command(name="list")
@json_option
@with_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """List the accounts."""
    open_existing(settings)
    found = list_accounts(settings)

    def tell() -> None:
        rows = [
            [
                one.login,
                one.role_name,
                moment(one.made_at, settings.tz),
                moment(one.expires_at, settings.tz),
                "suspendu" if one.suspended_at else "actif",
            ]
            for one in found
        ]
        columns = ["=Compte", "=Rôle de la base", "=Créé", "=Expire", "=État"]
        paper().print(sheet("Comptes des pages", columns, rows))

    show(found, as_json, tell)


@web.command(name="suspend")
@click.argument("login")
@with_settings
def suspend_command(settings: Settings, login: str) -> None:
    """Suspend an account: its sessions end at once."""
    open_existing(settings)
    suspend_account(settings, SystemClock(), login)
    click.echo(f"Compte {login} suspendu, ses sessions sont fermées.")


@web.command(name="remove")
@click.argument("login")
@with_settings
def remove_command(settings: Settings, login: str) -> None:
    """Remove an account with its sessions; its holder, if known, leaves the vault too."""
    open_existing(settings)
    clock = SystemClock()
    remove_account(settings, login)
    with open_key_store(settings, clock) as keystore:
        with connect(settings, application_name="shopnow privacy") as connection:
            holders = holders_of(connection, keystore, login)
        if holders:
            erase(settings, clock, keystore, holders, cause="account_removed")
    click.echo(f"Compte {login} retiré{', son titulaire effacé' if holders else ''}.")

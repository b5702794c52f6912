"""Commands about the server: up, down, status, migrate, dsn, sql."""

from __future__ import annotations

import getpass
import os
import shutil
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.reporting import json_option, print_pairs, show, with_settings
from shopnow.jobs import start_supervisor, stop_pages, stop_supervisor, supervised
from shopnow.journal import Event, record_event
from shopnow.kernel import (
    Home,
    SystemClock,
    TerminalError,
    UsageError,
    connect,
    connection_parameters,
    connection_url,
    database_name,
)
from shopnow.kernel.server import ROLES, Server, ensure_running, open_warehouse, warehouse_facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

LOGINS = tuple(role.name for role in ROLES if role.login)
role_option = click.option(
    "--role", default="shopnow_analyst", show_default=True, metavar="R", help="Connect as this."
)


@click.command()
@click.option("--server-only", is_flag=True, help="No worker, no watchdog, no pages.")
@json_option
@with_settings
def up(settings: Settings, *, as_json: bool, server_only: bool) -> None:
    """Start the warehouse with all that runs by itself: worker, watchdog, pages."""
    applied = open_warehouse(settings)
    if not server_only:
        start_supervisor(settings)
    facts = warehouse_facts(settings) | {"migrations_applied": list(applied)}
    facts["processes"] = supervised(settings).get("processes", {})

    def present() -> None:
        click.echo(f"warehouse {facts['state']} on {facts['host']}:{facts['port']}")
        if applied:
            click.echo(f"{len(applied)} migrations applied")
        if not server_only:
            click.echo("supervised: worker, watchdog, pages; `shopnow status` shows each")

    show(facts, as_json, present)


@click.command()
@json_option
@with_settings
def down(settings: Settings, as_json: bool) -> None:
    """Stop all processes and the embedded server; a server of your own is left alone."""
    ended = stop_supervisor(settings) | stop_pages(settings)
    if not settings.embedded and not ended:
        raise UsageError("the server of SHOPNOW_DSN is not ours to stop")
    stopped = Server(settings).stop() if settings.embedded else False
    text = "warehouse stopped" if stopped or ended else "the warehouse was not running"
    show({"stopped": stopped, "processes": ended}, as_json, lambda: click.echo(text))


@click.command()
@json_option
@with_settings
def status(settings: Settings, as_json: bool) -> None:
    """Say whether the warehouse runs, where, and in which state its schema is."""
    facts = warehouse_facts(settings)
    processes: dict[str, dict[str, Any]] = supervised(settings).get("processes", {})

    def present() -> None:
        print_pairs(facts)
        for name, one in processes.items():
            again = f", started again {one['restarts']} times" if one["restarts"] else ""
            click.echo(f"{name}: {one['state']} (pid {one['pid'] or '-'}){again}")
        if not processes:
            click.echo("processes: none is supervised; `shopnow up` starts them")

    show(facts | {"processes": processes}, as_json, present)


@click.command(name="migrate")
@json_option
@with_settings
def migrate_schema(settings: Settings, as_json: bool) -> None:
    """Apply the migrations that the database has not had yet."""
    applied = open_warehouse(settings)

    def present() -> None:
        for name in applied:
            click.echo(f"applied {name}")
        if not applied:
            click.echo("nothing to do: the schema is current")

    show({"applied": list(applied)}, as_json, present)


@click.command()
@role_option
@click.option("--show-password", is_flag=True, help="Write the password into the string.")
@with_settings
def dsn(settings: Settings, role: str, show_password: bool) -> None:
    """Print a connection string; the password stays in the passfile it names."""
    _refuse_unknown_role(role)
    if not show_password:
        click.echo(connection_url(settings, role))
        return
    # Journaled first: a password nobody can tell was shown must not be shown.
    with connect(settings) as connection:
        message = f"the password of {role} was shown on a terminal"
        payload = {"role": role, "os_user": getpass.getuser()}
        now = SystemClock().now()
        event = Event(now, "cli", "securite", "WARNING", message, "password_shown", payload=payload)
        record_event(connection, event)
    click.echo(connection_url(settings, role, Home(settings.home).password(role)))


@click.command(context_settings={"ignore_unknown_options": True})
@role_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_settings
def sql(settings: Settings, role: str, arguments: Sequence[str]) -> None:
    """Open psql on the warehouse; ARGUMENTS go to psql (`shopnow sql -- -c 'SELECT 1'`)."""
    _refuse_unknown_role(role)
    ensure_running(settings)
    parameters = connection_parameters(settings, role)
    program = _psql(settings)
    environment = {
        **os.environ,
        "PGHOST": parameters.get("host", ""),
        "PGPORT": parameters.get("port", "5432"),
        "PGUSER": parameters["user"],
        "PGDATABASE": database_name(settings),
        "PGTZ": settings.zone,
    }
    if "passfile" in parameters:
        environment["PGPASSFILE"] = parameters["passfile"]
    if "sslmode" in parameters:
        environment["PGSSLMODE"] = parameters["sslmode"]
    os.execve(program, [program, "-X", *arguments], environment)  # noqa: S606  # psql takes over


def _refuse_unknown_role(role: str) -> None:
    if role not in LOGINS:
        raise UsageError(f"no role {role!r} that logs in", f"Roles: {', '.join(LOGINS)}.")


def _psql(settings: Settings) -> str:
    if settings.embedded:
        return str(Server(settings).binaries() / "psql")
    # The embedded programs have no TLS, which a server of one's own may require.
    found = shutil.which("psql")
    if found is None:
        raise TerminalError("psql is not installed", "Install postgresql-client, or use `dsn`.")
    return found

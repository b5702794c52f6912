"""`shopnow source secret` and `source probe`: what a connector needs before its first pull."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.french import plural
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import Home, UsageError
from shopnow.pipeline import Context, choose_source, probe_source
from shopnow.sources import SECRET_NAME, Secrets, load_source

if TYPE_CHECKING:
    from shopnow.kernel import Settings


@click.command()
@click.argument("name")
@with_settings
def secret(settings: Settings, *, name: str) -> None:
    """Keep the value of the secret NAME, which source files name; read from the keyboard or stdin.

    It stands in the home, readable by this account alone, and is never shown again.
    """
    if not SECRET_NAME.fullmatch(name):
        raise UsageError(f"no name of a secret: {name!r}", "Small letters, digits, - and _.")
    value = click.prompt(f"{name}", hide_input=True) if sys.stdin.isatty() else sys.stdin.read()
    if not value.strip():
        raise UsageError("an empty secret", "Type it, or pipe it in: `… < FILE`.")
    Home(settings.home).prepare()
    Secrets(settings.home).keep(name, value)
    click.echo(f"Secret {name} enregistré.")


@click.command()
@click.argument("what", metavar="YAML|NAME")
@json_option
@with_settings
def probe(settings: Settings, *, as_json: bool, what: str) -> None:
    """Reach the connector of a source as a pull would: nothing is taken, nothing is written."""
    path = Path(what)
    with Context.open(settings) as context:
        if path.suffix in (".yaml", ".yml"):
            if not path.is_file():
                raise UsageError(f"no source file {path}", "`shopnow source new` drafts one.")
            source = load_source(path)
        else:
            source = choose_source(context, (), name=what)
        found = probe_source(context, source)

    def present() -> None:
        click.echo(f"Source {found.source} : joignable ({found.where})")
        if found.files is None:
            click.echo(f"  première page : {plural(found.records, 'enregistrement')}")
        for name in found.files or ():
            click.echo(f"  {name}")
        if found.files == ():
            click.echo("  aucun fichier de ce nom")
        if found.unsettled:
            click.echo(f"  {plural(found.unsettled, 'fichier')} encore en écriture")

    show(found, as_json, present)

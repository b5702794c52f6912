"""The command about documents that are made from the warehouse: `docs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.deliverables import read_catalogue, schema_document
from shopnow.kernel import connect
from shopnow.kernel.server import open_warehouse
from shopnow.marts import load_marts
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from shopnow.kernel import Settings


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("docs/schema.md"),
    show_default=True,
    help="Where to write.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when the file is stale.")
@json_option
@with_settings
def docs(settings: Settings, as_json: bool, output: Path, check: bool) -> int:
    """Write docs/schema.md from the live catalogue, the contracts and the marts."""
    open_warehouse(settings)
    with connect(settings, "shopnow_owner", application_name="shopnow docs") as connection:
        catalogue = read_catalogue(connection)
    text = schema_document(catalogue, load_contracts(settings.contracts_dir), load_marts(settings))
    present = output.read_text(encoding="utf-8") if output.is_file() else None
    stale = text != present
    if stale and not check:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    said = {True: "is stale" if check else "written", False: "is current"}[stale]
    facts = {"file": output, "stale": stale, "written": stale and not check}
    show(facts, as_json, lambda: click.echo(f"{output} {said}"))
    return 1 if stale and check else 0

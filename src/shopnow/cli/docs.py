"""The command about documents that are made from the warehouse: `docs`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.deliverables import (
    attributes_document,
    code_documents,
    event_code_documents,
    logical_model,
    physical_models,
    read_catalogue,
    schema_document,
)
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
    help="Where tables and columns go; this file is committed.",
)
@click.option(
    "--models",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/modele"),
    show_default=True,
    help="Where the attributes' page and the models as SVG go; they are not committed.",
)
@click.option(
    "--codes",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/codes"),
    show_default=True,
    help="Where the page of each rule code goes; they are not committed.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when docs/schema.md is stale.")
@json_option
@with_settings
def docs(
    settings: Settings, *, as_json: bool, output: Path, models: Path, codes: Path, check: bool
) -> int:
    """Write the documents that are made from the live catalogue, the contracts and the marts.

    Tables and columns (docs/schema.md); attributes with SCD type and justification, the logical
    and the physical models as SVG (docs/modele); one page per rule code (docs/codes) and per code
    of the journal (docs/codes/journal).
    """
    open_warehouse(settings)
    with connect(settings, "shopnow_owner", application_name="shopnow docs") as connection:
        catalogue = read_catalogue(connection)
    contracts = load_contracts(settings.contracts_dir)
    made = {output: schema_document(catalogue, contracts, load_marts(settings))}
    if not check:
        made[models / "attributs.md"] = attributes_document(contracts)
        made[models / "modele-logique.svg"] = logical_model(catalogue, contracts)
        for schema, drawing in physical_models(catalogue).items():
            made[models / f"modele-physique-{schema}.svg"] = drawing
        for name, page in code_documents().items():
            made[codes / f"{name}.md"] = page
        for name, page in event_code_documents().items():
            made[codes / "journal" / f"{name}.md"] = page
    stale = [path for path, text in made.items() if not _holds(path, text)]
    for path in stale if not check else ():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    facts = [
        {"file": path, "stale": path in stale, "written": path in stale and not check}
        for path in made
    ]

    def present() -> None:
        for path in made:
            said = ("is stale" if check else "written") if path in stale else "is current"
            click.echo(f"{path} {said}")

    show(facts, as_json, present)
    return 1 if stale and check else 0


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text

"""Commands of the category tree: category list, category load, category alias."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.french import number, paper, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.dimensions import TAXONOMIES, house_tree, load_categories, read_taxonomy
from shopnow.kernel import SystemClock, connect
from shopnow.kernel.server import open_warehouse
from shopnow.pipeline import add_alias, list_aliases, list_categories, remove_alias

if TYPE_CHECKING:
    from shopnow.kernel import Settings

_PATH = click.Path(path_type=Path)
_sender = click.option(
    "--sender", metavar="S", help="`platform`, or a seller's identifier; without, for everybody."
)


@click.group()
def category() -> None:
    """The category tree, and how senders call its nodes."""


@category.command(name="list")
@click.argument("words", nargs=-1)
@click.option("--taxonomy", type=click.Choice(TAXONOMIES), default="house", show_default=True)
@click.option(
    "--limit", type=click.IntRange(min=1), default=300, show_default=True, help="Rows at most."
)
@json_option
@with_settings
def list_command(
    settings: Settings, *, as_json: bool, words: tuple[str, ...], taxonomy: str, limit: int
) -> None:
    """List the categories whose path holds every one of WORDS, in path order."""
    open_existing(settings)
    with connect(settings, application_name="shopnow category") as connection:
        found, total = list_categories(connection, words, taxonomy=taxonomy, limit=limit)

    def present() -> None:
        if not found:
            click.echo("Aucune catégorie." if words else "Aucune catégorie : `category load`.")
            return
        rows = [(one.category_id, one.path_fr, one.path_en) for one in found]
        paper().print(sheet("", ["=identifiant", "chemin", "path"], rows))
        if total > len(found):
            paper().print(f"\n{number(len(found))} sur {number(total)} ; la suite avec --limit.")

    show({"total": total, "categories": found}, as_json, present)


@category.command(name="load")
@click.argument("file", required=False, type=_PATH)
@click.option("--fr", "french", type=_PATH, metavar="FILE", help="The tree's paths in French.")
@click.option("--en", "english", type=_PATH, metavar="FILE", help="The tree's paths in English.")
@json_option
@with_settings
def load_command(
    settings: Settings,
    *,
    as_json: bool,
    file: Path | None,
    french: Path | None,
    english: Path | None,
) -> None:
    """Load a category tree: the house's own without FILE, else Google's or Shopify's texts.

    The form is known by the first line; gzip is read as it is.  Categories that the tree no longer
    names stay: facts refer to them.
    """
    if file is None and french is None and english is None:
        file = house_tree(settings.contracts_dir)
    tree = read_taxonomy(french or file, english or (file if french else None))
    open_warehouse(settings)
    with connect(settings, application_name="shopnow category") as connection:
        changed = load_categories(connection, tree.nodes, tree.version, tree.name)
    facts = {
        "taxonomy": tree.name, "version": tree.version, "categories": len(tree.nodes),
        "changed": changed,
    }  # fmt: skip
    show(facts, as_json, lambda: click.echo(
        f"{tree.name} {tree.version} : {number(len(tree.nodes))} catégories, "
        f"dont {number(changed)} nouvelles ou changées."
    ))  # fmt: skip


@category.group()
def alias() -> None:
    """Words of senders that stand for a category."""


@alias.command(name="list")
@_sender
@json_option
@with_settings
def list_words(settings: Settings, *, as_json: bool, sender: str | None) -> None:
    """List the words that hold, of one sender or of all."""
    open_existing(settings)
    with connect(settings, application_name="shopnow category") as connection:
        found = list_aliases(connection, sender=sender)

    def present() -> None:
        if not found:
            click.echo("Aucun mot.")
            return
        rows = [(one.sender, one.word, one.category_id, one.path_fr) for one in found]
        columns = ["=expéditeur", "mot", "=catégorie", "chemin"]
        paper().print(sheet("", columns, rows))

    show(found, as_json, present)


@alias.command(name="add")
@click.argument("word")
@click.argument("category_id", metavar="CATEGORY")
@_sender
@json_option
@with_settings
def add_word(
    settings: Settings, *, as_json: bool, word: str, category_id: str, sender: str | None
) -> None:
    """Let WORD stand for CATEGORY (identifier or path); a former meaning ends.

    Deliveries that come are judged by it; what was rejected comes in by `reject replay`.
    """
    open_existing(settings)
    with connect(settings, application_name="shopnow category") as connection:
        added = add_alias(
            connection, word, category_id, sender=sender, now=SystemClock().now(),
            who=getpass.getuser(),
        )  # fmt: skip
    show(added, as_json, lambda: click.echo(
        f"« {added.word} » ({added.sender}) : {added.category_id}, {added.path_fr}."
    ))  # fmt: skip


@alias.command(name="remove")
@click.argument("word")
@_sender
@json_option
@with_settings
def remove_word(settings: Settings, *, as_json: bool, word: str, sender: str | None) -> None:
    """Take WORD back; what was loaded by it stays."""
    open_existing(settings)
    with connect(settings, application_name="shopnow category") as connection:
        removed = remove_alias(
            connection, word, sender=sender, now=SystemClock().now(), who=getpass.getuser()
        )
    show(removed, as_json, lambda: click.echo(f"« {removed.word} » ({removed.sender}) : retiré."))

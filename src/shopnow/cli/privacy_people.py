"""Commands about one person: `privacy erase` and `privacy export`.

The person is named by an identifier or an e-mail address; `-` reads it from standard input, where
neither the shell's history nor the list of processes keeps it.  Nothing printed holds a value.
"""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from shopnow.cli.french import number, paper, plural, prose, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, plain, show, with_settings
from shopnow.deliverables import person_page
from shopnow.kernel import SystemClock, UsageError, connect, write_private
from shopnow.pipeline import Context
from shopnow.privacy import (
    erase,
    holders_of,
    load_register,
    person_file,
    persons_by_email,
    persons_by_identifier,
    plan_erasure,
    replay_erasures,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings
    from shopnow.privacy import ErasurePlan, Person, ReplayedErasures

F = TypeVar("F", bound="Callable[..., Any]")
_KINDS = {
    "customer": "client",
    "seller_contact": "contact d'un vendeur",
    "account": "titulaire de compte",
}


def _naming(command: F) -> F:
    for option in (
        click.option("--system", metavar="NAME", help="The identifier is one of this system only."),
        click.option("--account", metavar="LOGIN", help="Login of an account of the pages."),
        click.option("--contact", metavar="SELLER_ID", help="The contact person of a seller."),
        click.option("--customer", metavar="ID", help="Identifier or pseudonym of a customer."),
        click.option("--email", metavar="ADDRESS", help="Whoever has this e-mail address."),
    ):
        command = option(command)
    return command


@click.command(name="erase")
@_naming
@click.option("--resume", "is_resumed", is_flag=True, help="Finish what was begun or replayed.")
@click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")
@json_option
@with_settings
def erase_command(
    settings: Settings, /, *, is_resumed: bool, is_applied: bool, as_json: bool, **named: str | None
) -> int:
    """Erase a person for good: keys, vault, every version, sealed files; totals stay.

    Shows table by table what would be done; a value `-` is read from standard input.
    """
    open_existing(settings)
    if is_resumed:
        done = replay_erasures(settings, SystemClock())
        show(asdict(done), as_json, lambda: _tell_resumed(done))
        return 0
    with Context.open(settings) as context:
        persons = _persons(context, named)
        if is_applied:
            plan = erase(settings, context.clock, context.keystore, persons)
        else:
            with connect(settings, application_name="shopnow privacy") as connection:
                plan = plan_erasure(connection, context.keystore, persons, context.clock.now())
    show(asdict(plan) | {"applied": is_applied}, as_json, lambda: _tell_erasure(plan, is_applied))
    return 0 if persons else 1


@click.command(name="export")
@_naming
@click.option("--reason", required=True, help="Why the vault is opened; it is journaled.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the answer: donnees.json and donnees.html, readable by you alone.",
)
@json_option
@with_settings
def export_command(
    settings: Settings, /, *, reason: str, output: Path, as_json: bool, **named: str | None
) -> int:
    """Write all that is held of a person: JSON, and a page in French. The use is journaled."""
    open_existing(settings)
    with Context.open(settings) as context:
        persons = _persons(context, named)
        if not persons:
            show(
                {"persons": 0, "files": []},
                as_json,
                lambda: prose(paper(), "Personne trouvée : aucune."),
            )
            return 1
        file = person_file(
            settings, context.clock, context.keystore, persons,
            who=getpass.getuser(), reason=reason,
        )  # fmt: skip
    output.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [output / "donnees.json", output / "donnees.html"]
    text = json.dumps(asdict(file), default=plain, ensure_ascii=False, indent=2)
    write_private(paths[0], text + "\n")
    page = person_page(file, load_register(settings.contracts_dir), settings.tz)
    write_private(paths[1], page)
    facts = {"persons": len(persons), "files": paths}

    def present() -> None:
        for path in paths:
            paper().print(f"écrit : {path}")

    show(facts, as_json, present)
    return 0


def _persons(context: Context, named: dict[str, str | None]) -> list[Person]:
    system = named.pop("system")
    given = {name: value for name, value in named.items() if value is not None}
    if len(given) != 1:
        raise UsageError("name one person", "Use one of --customer, --email, --contact, --account.")
    ((name, value),) = given.items()
    if value == "-":
        value = sys.stdin.readline().strip()
    known = {source.system for source in context.sources.values()}
    systems: set[str] = {system} if system else known
    kinds = {"customer": "customer", "contact": "seller_contact"}
    with connect(context.settings, application_name="shopnow privacy") as connection:
        if name == "email":
            return persons_by_email(connection, context.keystore, value)
        if name == "account":
            return holders_of(connection, context.keystore, value)
        return persons_by_identifier(connection, context.keystore, kinds[name], value, systems)


def _tell_erasure(plan: ErasurePlan, is_applied: bool) -> None:
    page = paper()
    if not plan.persons:
        prose(page, "Personne trouvée : aucune. Déjà effacée, ou inconnue sous ce nom.")
        return
    kinds = ", ".join(_KINDS[kind] for kind in plan.kinds)
    done = "effacée" if is_applied else "à effacer"
    prose(page, f"{plural(len(plan.persons), 'personne')} {done} : {kinds}.")
    rows = [(one.table, one.action, number(one.rows)) for one in plan.actions if one.rows]
    page.print(sheet("Par table", ["=table", "action", ">lignes"], rows))
    if not is_applied:
        prose(page, "Sa clé sera détruite d'abord. Rien n'est changé : pour l'exécuter, --apply.")
        return
    files = plan.resealed
    prose(
        page,
        "Effacement exécuté, inscrit au registre chaîné et journalisé ; fichiers rescellés :"
        f" {number(files.files)}, détruits : {number(files.destroyed)}.",
    )
    if files.waiting:
        waiting = ", ".join(map(str, files.waiting))
        prose(page, f"Décider d'abord des livraisons {waiting}, puis : privacy erase --resume.")


def _tell_resumed(done: ReplayedErasures) -> None:
    entries, files = plural(done.entries, "entrée"), number(done.resealed_files)
    prose(
        paper(),
        f"Registre des effacements : {entries} ; personnes effacées maintenant :"
        f" {number(done.erased)} ; fichiers rescellés : {files}.",
    )

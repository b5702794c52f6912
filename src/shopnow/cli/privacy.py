"""The group `privacy`: erasure, access requests, retention, its proof, register, keys, scanner."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.french import moment, number, paper, plural, prose, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.privacy_people import erase_command, export_command
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.deliverables import register_page, register_workbook, write_workbook
from shopnow.kernel import SystemClock, UsageError, connect
from shopnow.privacy import (
    apply_retention,
    attribute_gaps,
    column_gaps,
    load_register,
    open_key_store,
    prove_retention,
    retention_due,
    rotate_master_key,
    scan,
    write_processings,
)
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings
    from shopnow.privacy import Gap, Proof, Purged, ScanReport

_OUTCOMES = {"done": "fait", "failed": "en échec"}
_apply = click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")


@click.group()
def privacy() -> None:
    """Protect people: erase, answer, keep no longer than allowed, prove it, turn the keys."""


privacy.add_command(erase_command)
privacy.add_command(export_command)


@privacy.command()
@_apply
@json_option
@with_settings
def retention(settings: Settings, *, is_applied: bool, as_json: bool) -> int:
    """Show what is past its time, by class; with --apply, purge it and leave the proofs."""
    open_existing(settings)
    clock = SystemClock()
    if is_applied:
        done = apply_retention(settings, clock)
        show([asdict(one) for one in done], as_json, lambda: _tell_purges(done, settings))
        return 1 if any(one.outcome == "failed" for one in done) else 0
    due = retention_due(settings, clock)
    show(due, as_json, lambda: _tell_due(due, settings))
    return 0


@privacy.command()
@json_option
@with_settings
def prove(settings: Settings, *, as_json: bool) -> int:
    """Show the oldest thing of each class against its limit; exit 1 when any is over it."""
    open_existing(settings)
    proofs = prove_retention(settings, SystemClock())
    facts = [asdict(one) | {"good": one.good} for one in proofs]
    show(facts, as_json, lambda: _tell_proofs(proofs, settings))
    return 0 if all(one.good for one in proofs) else 1


@privacy.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs/rgpd"),
    show_default=True,
    help="Where registre.html and registre.xlsx go; they are not committed.",
)
@json_option
@with_settings
def register(settings: Settings, *, output: Path, as_json: bool) -> int:
    """Write the register (article 30) as page and workbook; exit 1 when it leaves a gap."""
    open_existing(settings)
    clock = SystemClock()
    declared = load_register(settings.contracts_dir)
    contracts = load_contracts(settings.contracts_dir)
    personal = [
        f"{kind}.{attribute.name}"
        for kind, record in contracts.kinds.items()
        for attribute in record.attributes
        if attribute.privacy != "none"
    ]
    with connect(settings, application_name="shopnow privacy") as connection:
        gaps = [*attribute_gaps(declared, personal), *column_gaps(declared, connection)]
        write_processings(connection, declared)
    proofs = prove_retention(settings, clock)
    output.mkdir(parents=True, exist_ok=True)
    page, book = output / "registre.html", output / "registre.xlsx"
    page.write_text(register_page(declared, proofs, clock.now(), settings.tz), encoding="utf-8")
    with book.open("wb") as stream:
        write_workbook(stream, register_workbook(declared, proofs, settings.tz))
    facts = {"files": [page, book], "gaps": [asdict(gap) for gap in gaps]}
    show(facts, as_json, lambda: _tell_register([page, book], gaps))
    return 1 if gaps else 0


@privacy.command()
@click.option("--key-vault", metavar="URL", help="Let this Azure Key Vault key wrap the new one.")
@click.option("--to-file", "is_filed", is_flag=True, help="Take it out of the key vault.")
@_apply
@json_option
@with_settings
def rotate(
    settings: Settings, *, key_vault: str | None, is_filed: bool, is_applied: bool, as_json: bool
) -> None:
    """Turn the master key: every key is wrapped anew, no value is encrypted anew.

    Other processes go on. Then set `key_vault` to match where the new key is.
    """
    if key_vault and is_filed:
        raise UsageError("--key-vault and --to-file exclude each other")
    open_existing(settings)
    address = "" if is_filed else key_vault or settings.key_vault
    clock = SystemClock()
    with open_key_store(settings, clock) as keystore:
        keys = keystore.count_keys()
        if is_applied:
            keys = rotate_master_key(settings, clock, keystore, address)
    facts = {"keys": keys, "key_vault": address or None, "applied": is_applied}

    def present() -> None:
        where = f"dans le coffre {address}" if address else "dans secrets/master.key"
        done = "enveloppées à nouveau" if is_applied else "à envelopper à nouveau"
        prose(paper(), f"{plural(keys, 'clé')} {done} ; clé maîtresse {where}.")
        if not is_applied:
            prose(paper(), "Rien n'est changé. Pour l'exécuter, ajouter --apply.")

    show(facts, as_json, present)


@privacy.command(name="scan")
@click.option("--plant", "planted", multiple=True, help="Look for this value too; repeatable.")
@click.option(
    "--folder",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read this folder too, such as that of the backups; repeatable.",
)
@json_option
@with_settings
def scan_command(
    settings: Settings, *, planted: tuple[str, ...], folders: tuple[Path, ...], as_json: bool
) -> int:
    """Read every table and file; exit 1 when a value of a person stands anywhere in clear."""
    open_existing(settings)
    who = getpass.getuser()
    report = scan(settings, SystemClock(), planted=planted, folders=folders, who=who)
    show(asdict(report), as_json, lambda: _tell_scan(report))
    return 1 if report.found else 0


def _tell_due(due: dict[str, int], settings: Settings) -> None:
    classes = load_register(settings.contracts_dir).classes
    rows = [(classes[code].title, classes[code].period, number(n)) for code, n in due.items()]
    paper().print(sheet("Ce qui a dépassé sa durée", ["classe", "durée", ">éléments"], rows))
    if any(due.values()):
        prose(paper(), "Rien n'est changé. Pour purger, ajouter --apply.")


def _tell_purges(done: Sequence[Purged], settings: Settings) -> None:
    rows = [
        (one.treatment, moment(one.kept_from, settings.tz), number(one.removed),
         _OUTCOMES[one.outcome])
        for one in done
    ]  # fmt: skip
    columns = ["traitement", "=gardé depuis", ">éléments", "=résultat"]
    paper().print(sheet("Purges exécutées et prouvées", columns, rows))


def _tell_proofs(proofs: Sequence[Proof], settings: Settings) -> None:
    rows = [
        (one.title, one.period, moment(one.limit_at, settings.tz),
         moment(one.oldest_at, settings.tz) or "aucune",
         moment(one.last_run_at, settings.tz) or "jamais", _verdict(one))
        for one in proofs
    ]  # fmt: skip
    columns = ["classe", "durée", "=limite", "=plus ancienne", "=dernière purge", "=verdict"]
    paper().print(sheet("Preuve de conservation", columns, rows))
    bad = sum(not one.good for one in proofs)
    prose(paper(), f"{plural(bad, 'classe')} à corriger." if bad else "Toutes les durées tiennent.")


def _verdict(one: Proof) -> str:
    if one.is_over:
        return "DÉPASSÉE"
    return "purge en retard" if one.is_late else "conforme"


def _tell_register(paths: Sequence[Path], gaps: Sequence[Gap]) -> None:
    for path in paths:
        paper().print(f"écrit : {path}")
    if gaps:
        rows = [(gap.what, gap.why) for gap in gaps]
        paper().print(sheet("Manques du registre", ["quoi", "pourquoi"], rows))
    else:
        prose(paper(), "Chaque donnée personnelle a son traitement.")


def _tell_scan(report: ScanReport) -> None:
    read = f"{plural(report.tables, 'table')}, {plural(report.files, 'fichier')}"
    prose(paper(), f"Lu : {read}, {number(report.bytes_read // 1_000_000)} Mo.")
    whom = f"de {plural(report.persons, 'personne')} (tout le coffre)"
    prose(paper(), f"Cherché : {plural(report.values, 'valeur')} {whom}, sous toute écriture.")
    if report.too_short:
        short = f"{plural(report.too_short, 'valeur')} de moins de 7 lettres ou chiffres"
        prose(paper(), f"Pas cherché : {short}, qui sont des mots comme d'autres.")
    if not report.found:
        prose(paper(), "Aucune valeur personnelle en clair.")
        return
    rows = [(one.place, one.kind, number(one.count)) for one in report.found]
    paper().print(sheet("Trouvé en clair", ["où", "quoi", ">combien"], rows))

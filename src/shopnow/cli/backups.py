"""Commands about backups: backup run, list, plan, verify, prune, copy, fetch, key."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopnow.backup import (
    KINDS_FR,
    Kind,
    backup_key,
    backups_of,
    calendar_of,
    copies_at,
    copy_all,
    due_backups,
    fetch,
    fetch_keys,
    lines_of,
    plan_pruning,
    prune,
    run_backup,
    shelf_for,
    shelf_of,
    verify,
)
from shopnow.cli.base import ExitCode
from shopnow.cli.french import moment, number, paper, plural, prose, seconds, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.progress import teller
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError, write_private

if TYPE_CHECKING:
    from shopnow.backup import Backup
    from shopnow.kernel import Settings

_MIB = 1024 * 1024
_KEY_LENGTH = 64
_KEYS = {"copies": "backup.key", "master": "master.key"}
_apply = click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")


@click.group()
def backup() -> None:
    """Back the warehouse up, and see what backups there are."""


@backup.command(name="run")
@click.argument("kinds", nargs=-1, type=click.Choice([kind.value for kind in Kind]))
@click.option("--due", "only_due", is_flag=True, help="What the calendar says is due, and copies.")
@json_option
@with_settings
def run(settings: Settings, kinds: tuple[str, ...], *, only_due: bool, as_json: bool) -> None:
    """Make backups of these KINDS.

    full, incremental, partial (logical), metadata, staging (files received), keys.
    """
    if bool(kinds) == only_due:
        raise UsageError("say which kinds to back up, or --due", "`shopnow backup run full`.")
    open_existing(settings)
    clock, tell = SystemClock(), teller(as_json=as_json)
    if only_due:
        done = due_backups(settings, clock, tell)
        show(asdict(done), as_json, lambda: _tell_due(done.made, done.failures))
        if done.failures:
            click.get_current_context().exit(ExitCode.FAILURE)
        return
    made = [run_backup(settings, clock, Kind(kind), tell) for kind in kinds]
    facts = [_facts(one) for one in made]
    show(facts, as_json, lambda: _tell_backups(made, settings))


@backup.command(name="list")
@json_option
@with_settings
def list_backups(settings: Settings, as_json: bool) -> None:
    """List backups, failures and copies.

    Only backups that are whole and verified count; what failed or was interrupted is told below.
    """
    shelf = shelf_of(settings)
    known = backups_of(shelf) + backups_of(shelf_for(settings, Kind.KEYS))
    lines = lines_of(shelf)
    copied = {line.id: line.more.get("to") for line in lines if line.what == "copied"}
    ended = {line.id for line in lines if line.what in {"made", "failed"}}
    broken = [line for line in lines if line.what == "begun" and line.id not in ended]
    failed = [line for line in lines if line.what == "failed"][-5:]
    facts: dict[str, Any] = {
        "backups": [_facts(one) | {"copied_to": copied.get(one.id)} for one in known],
        "failed": [{"id": line.id, "why": line.more.get("why")} for line in failed],
        "interrupted": [line.id for line in broken],
    }

    def present() -> None:
        _tell_backups(known, settings, copied)
        for line in failed:
            click.echo(f"échec    {line.id} : {line.more.get('why')}")
        for line in broken:
            click.echo(f"interrompue ou en cours : {line.id} (ne compte pas)")

    show(facts, as_json, present)


@backup.command(name="plan")
@json_option
@with_settings
def plan(settings: Settings, as_json: bool) -> None:
    """Show the calendar: last and next times."""
    planned = calendar_of(settings, SystemClock())
    rows = [
        (
            _named(one.kind),
            one.words_fr,
            moment(one.last, settings.tz) if one.last else "jamais",
            moment(one.next, settings.tz),
        )
        for one in planned
    ]
    table = sheet("Calendrier", ["sauvegarde", "quand", "dernière", "=prochaine"], rows)
    show([asdict(one) for one in planned], as_json, lambda: paper().print(table))


@backup.command(name="verify")
@json_option
@with_settings
def verify_backups(settings: Settings, as_json: bool) -> None:
    """Read every byte again and compare.

    Of every backup that counts, its chain, and the log; exit code 1 names what is damaged.
    """
    verdicts = verify(settings, teller(as_json=as_json))
    bad = [one for one in verdicts if not one.good]

    def present() -> None:
        for one in verdicts:
            click.echo(f"{'bon     ' if one.good else 'MAUVAIS '} {one.id}  {one.problem}".rstrip())
        if not verdicts:
            click.echo("aucune sauvegarde")

    show([asdict(one) for one in verdicts], as_json, present)
    if bad or not verdicts:
        click.get_current_context().exit(ExitCode.FINDING)


@backup.command(name="prune")
@_apply
@json_option
@with_settings
def prune_backups(settings: Settings, *, is_applied: bool, as_json: bool) -> None:
    """Delete what retention gives up.

    The plan first; the last good ones always stay.
    """
    clock = SystemClock()
    plan = prune(settings, clock, teller(as_json=as_json)) if is_applied else None
    plan = plan or plan_pruning(settings, clock)
    rows = [
        (fate.backup.id, "gardée" if fate.kept else "effacée", fate.why, _mib(fate.backup.size))
        for fate in plan.fates
    ]
    facts = {
        "applied": is_applied,
        "first_segment": plan.first_segment,
        "backups": [{"id": f.backup.id, "kept": f.kept, "why": f.why} for f in plan.fates],
    }

    def present() -> None:
        paper().print(sheet("Rétention", ["=sauvegarde", "sort", "raison", ">Mo"], rows))
        if plan.given_up and not is_applied:
            click.echo("\nPour l'appliquer : shopnow backup prune --apply")

    show(facts, as_json, present)


@backup.command(name="copy")
@json_option
@with_settings
def copy(settings: Settings, as_json: bool) -> None:
    """Send what the second place lacks, sealed.

    Data and log to backup_copy, keys and ledgers to backup_keys_copy.
    """
    if not (settings.backup_copy or settings.backup_keys_copy):
        raise UsageError("no second place", "Set backup_copy to a URL, e.g. az://container/path.")
    count = copy_all(settings, SystemClock(), teller(as_json=as_json))
    show(
        {"files": count},
        as_json,
        lambda: click.echo(plural(count, "fichier copié", "fichiers copiés")),
    )


@backup.command(name="fetch")
@click.option("--from", "url", metavar="URL", help="Another place than the setting backup_copy.")
@click.option(
    "--keys-from",
    "keys_url",
    metavar="URL",
    help="Another place than the setting backup_keys_copy.",
)
@click.option("--newest", is_flag=True, help="Only what the newest restore needs.")
@json_option
@with_settings
def fetch_backups(
    settings: Settings, url: str | None, keys_url: str | None, *, newest: bool, as_json: bool
) -> None:
    """Bring back what this home lacks.

    From the second places: after a disaster, everything. The key of the copies must be here
    (`backup key --import`).
    """
    places = (
        (url or settings.backup_copy, False),
        (keys_url or settings.backup_keys_copy, True),
    )
    if not any(place for place, _ in places):
        raise UsageError("no second place", "Say --from URL, or set backup_copy.")
    clock, tell = SystemClock(), teller(as_json=as_json)
    brought: list[str] = []
    for place, of_keys in places:
        if not place:
            continue
        with copies_at(settings, place, of_keys=of_keys, may_draw=False) as copies:
            if of_keys:
                brought += fetch_keys(settings, clock, copies, tell)
            else:
                brought += fetch(settings, clock, copies, tell, newest=newest)
    text = plural(len(brought), "sauvegarde rapatriée", "sauvegardes rapatriées")
    show({"backups": brought}, as_json, lambda: click.echo(text))


@backup.command(name="key")
@click.option("--export", "target", type=click.Path(path_type=Path), help="Write the key there.")
@click.option("--import", "source", type=click.Path(path_type=Path), help="Take the key there.")
@click.option(
    "--of",
    "which",
    type=click.Choice(sorted(_KEYS)),
    default="copies",
    show_default=True,
    help="The key of the copies, or the master key that opens the key store.",
)
@with_settings
def key(settings: Settings, target: Path | None, source: Path | None, which: str) -> None:
    """Export or import a key that people keep.

    On a medium away from the backups: without it no copy, or no key store, can be opened.
    """
    if (target is None) == (source is None):
        raise UsageError("say --export FILE or --import FILE")
    path = settings.home / "secrets" / _KEYS[which]
    if target is not None:
        if which == "copies":
            backup_key(settings)
        elif not path.is_file():
            raise UsageError("no master key in this home", "Azure Key Vault keeps it, or none yet.")
        write_private(target, path.read_text(encoding="ascii"))
        click.echo(f"clé écrite dans {target} : à garder hors ligne, pas à côté des sauvegardes")
        return
    word = source.read_text(encoding="ascii").strip() if source else ""
    if len(word) != _KEY_LENGTH or set(word) - set("0123456789abcdef"):
        raise UsageError(f"{source} holds no key of ours")
    if path.is_file() and path.read_text(encoding="ascii").strip() != word:
        raise UsageError(
            f"this home has another key already: {path}", "Move it away first, if it is wrong."
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, word + "\n")
    click.echo("clé importée")


def _facts(one: Backup) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
        "seconds": round(one.seconds, 3),
        "bytes": one.size,
        "parent": one.parent,
    }


def _named(kind: str) -> str:
    """Return a kind as a person calls it, and as the commands do."""
    return f"{KINDS_FR[Kind(kind)]} ({kind})" if kind in {*Kind} else f"exercice ({kind})"


def _tell_backups(
    made: list[Backup], settings: Settings, copied: dict[str, Any] | None = None
) -> None:
    if not made:
        click.echo("aucune sauvegarde ; la première : shopnow backup run full")
        return
    rows = [
        (
            one.id,
            KINDS_FR[one.kind],
            moment(one.ended_at, settings.tz),
            seconds(one.seconds),
            _mib(one.size),
            "oui" if one.id in (copied or {}) else "",
        )
        for one in made
    ]
    columns = ["=sauvegarde", "sorte", "=terminée", ">durée", ">Mo", "copie"]
    paper().print(sheet("", columns, rows))
    for place in sorted({str(copied[one.id]) for one in made if copied and one.id in copied}):
        click.echo(f"Copies scellées : {place}")


def _tell_due(made: tuple[str, ...], failures: tuple[str, ...]) -> None:
    page = paper()
    prose(page, f"faites : {', '.join(made) or 'rien à faire'}")
    for failure in failures:
        prose(page, f"[bold]échec[/bold] : {failure}")


def _mib(size: int) -> str:
    return number(round(size / _MIB)) if size >= _MIB else "< 1"

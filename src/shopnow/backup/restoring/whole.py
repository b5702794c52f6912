"""Restoring a whole warehouse: planned, built beside, compared, then swapped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.archive import gaps_after, segments_in, segments_of, wait_archived
from shopnow.backup.catalogue import backups_of, lines_of, note, only_one
from shopnow.backup.errors import BackupBrokenError, BackupError
from shopnow.backup.files import MIB, write_json
from shopnow.backup.model import Backup, chain_of, newest_before
from shopnow.backup.places import shelf_of
from shopnow.backup.restoring.comparing import Comparison, compared, held_by
from shopnow.backup.restoring.opening import (
    Replayed,
    forget_differences,
    go_on_sealing,
    replay_ledgers,
)
from shopnow.backup.restoring.recovery import Recovered, Target, recover
from shopnow.backup.restoring.side import Side, made_side, restores_of, side_at, sweep_sides
from shopnow.backup.restoring.swapping import exchanging, in_service, swap, timeline_of
from shopnow.backup.restoring.unpacking import unpack_chain
from shopnow.backup.restoring.watch import UNPACKING, Watch
from shopnow.backup.store import switch_segment, take_mark
from shopnow.kernel import Home, ShopnowError
from shopnow.kernel.server import Server, chosen_place, place_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from shopnow.backup.places import Shelf
    from shopnow.kernel import Clock, Settings
    from shopnow.kernel.server import Place

_STATE: Final = "restore.json"
_ARCHIVE_SECONDS: Final = 60.0
# Until a drill has measured this machine: bytes of warehouse a second.
_SUPPOSED_SPEED: Final = 30 * MIB
Progress = Callable[[str], None]
Audit = Callable[["Settings"], int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore will do: the chain, the target, and how long each step should take."""

    id: str
    chain: tuple[Backup, ...]
    target: Target
    steps: tuple[tuple[str, float], ...]
    bytes_needed: int
    wal_segments: int


@dataclass(frozen=True, slots=True)
class Built:
    """A warehouse restored beside the live one, and what it took (seconds by step)."""

    id: str
    recovered: Recovered
    replayed: Replayed
    comparison: Comparison | None
    findings: int
    seconds: dict[str, float]


def plan_restore(
    settings: Settings,
    clock: Clock,
    *,
    to: datetime | None = None,
    backup: str | None = None,
    target: Target | None = None,
) -> Plan:
    """Return the plan of a restore to an instant, or (None) as far as the archive goes.

    Raises BackupBrokenError when no chain leads there.
    """
    refuse_external(settings)
    shelf = shelf_of(settings)
    known = backups_of(shelf)
    newest = _named(known, backup) if backup else newest_before(known, to)
    if to and to < newest.ended_at:
        raise BackupBrokenError(
            f"la sauvegarde {newest.id} s'est terminée après le moment demandé",
            "Sans --backup, la bonne sauvegarde est choisie.",
        )
    chain = chain_of(newest, known)
    size = newest.database_bytes or 0
    wal = _segments_since(shelf, newest)
    pace = _measured_pace(shelf)
    steps = (
        ("contrôle des empreintes", sum(b.size for b in chain) / (200 * MIB)),
        ("extraction, vérification, assemblage", size * pace(*UNPACKING)),
        ("journaux rejoués", wal * 16 * MIB / _SUPPOSED_SPEED),
        ("registres rejoués (effacements, accès)", 2.0),
        ("comparaison et audits", size * pace("comparaison", "audits")),
        ("échange", 5.0),
    )
    identifier = f"{clock.now():%Y-%m-%dT%H-%M-%S}"
    wanted = target or Target(to=to)
    return Plan(identifier, chain, wanted.along(line_in_service(shelf)), steps, 2 * size, wal)


def build_beside(
    settings: Settings,
    clock: Clock,
    plan: Plan,
    *,
    audit: Audit,
    progress: Progress,
) -> Built:
    """Restore beside the live warehouse, closed, ledgers replayed, compared; nothing live changes.

    What was begun is deleted when it fails.  Raises BackupBrokenError, DiskFullError, BackupError.
    """
    shelf = shelf_of(settings)
    watch = Watch(progress)
    with only_one(shelf, f"restauration {plan.id}"):
        sweep_sides(settings)
        reach(settings, clock, plan.target)
        side = made_side(settings, plan.id, throw_away=False)
        try:
            recovered = restored_at(side, shelf, plan, watch)
            replayed = watch.timed("registres", lambda: replay_ledgers(side.settings, clock))
            comparison = watch.timed("comparaison", lambda: _against_live(settings, side))
            findings = watch.timed("audits", lambda: audit(side.settings))
        except BaseException:
            side.drop()
            raise
        built = Built(plan.id, recovered, replayed, comparison, findings, watch.seconds)
        _write_state(side, {"built": _plain(built), "stage": "built"})
        note(shelf, clock.now(), "restored", plan.id, of=plan.chain[-1].id)
        return built


def restored_at(side: Side, shelf: Shelf, plan: Plan, watch: Watch) -> Recovered:
    """Make the server of `side` run, closed, at the plan's target; `watch` keeps its steps."""
    chain = [(backup, shelf.folder(backup.id)) for backup in plan.chain]
    check_archive(shelf, plan)
    unpack_chain(side, chain, watch)
    archives = [path for path in (shelf.archive, _saved_wal(side, shelf)) if path]
    recovered = watch.timed(
        "journaux", lambda: recover(side, archives, plan.target, watch.progress)
    )
    _check_end(shelf, plan, recovered)
    side.take_secrets()
    side.close()
    watch.timed("démarrage", side.server.start)
    return recovered


def check_archive(shelf: Shelf, plan: Plan) -> None:
    """Raise BackupBrokenError when a segment is missing between the backup and the end."""
    segment = plan.chain[-1].details.get("segment")
    if shelf.archive is None or not isinstance(segment, str):
        return
    gaps = gaps_after(segments_of(shelf.archive, plan.target.number), segment)
    if gaps and plan.target.to is None:
        first = gaps[0]
        raise BackupBrokenError(
            f"il manque {first.count} journal(aux) archivé(s) avant {first.before}",
            "Restaurer jusqu'à un moment antérieur (--to), ou prendre la seconde copie.",
        )


def apply_restore(
    settings: Settings, clock: Clock, identifier: str, progress: Progress
) -> Replayed:
    """Put a warehouse restored beside in the place of the live one, and start it, open.

    The ledgers are replayed once more after the live one has stopped.  What was live is kept in
    the folder of the restore until `drop_restore`.  Raises BackupError.
    """
    shelf = shelf_of(settings)
    side = existing_side(settings, identifier)
    with only_one(shelf, f"échange {identifier}"):
        if read_state(side).get("stage") == "swapped":
            raise BackupError(f"la restauration {identifier} est déjà en service")
        live = place_of(settings)
        if live and in_service(live) == identifier:
            # Interrupted just after the exchange, which its ledgers were replayed for.
            _note_swapped(settings, clock, side, live)
            Server(settings).start()
            go_on_sealing(settings, clock, f"restauration {identifier}", progress)
            return replay_ledgers(settings, clock)
        side.server.start()
        progress("arrêt de l'entrepôt en service")
        with exchanging(settings):
            live = place_of(settings) or chosen_place(Home(settings.home))
            progress("registres rejoués une dernière fois")
            replayed = replay_ledgers(side.settings, clock)
            side.open()
            side.server.stop()
            progress("échange")
            swap(side, live)
            _note_swapped(settings, clock, side, live)
        forget_differences(settings)
        go_on_sealing(settings, clock, f"restauration {identifier}", progress)
    return replayed


def _note_swapped(settings: Settings, clock: Clock, side: Side, live: Place) -> None:
    write_stage(side, "swapped")
    # From now on the end of the archive is the end of this timeline.
    timeline = timeline_of(live.data)
    note(shelf_of(settings), clock.now(), "swapped", side.folder.name, timeline=timeline)


def revert_restore(
    settings: Settings, clock: Clock, identifier: str, progress: Progress = lambda _: None
) -> None:
    """Put back what was live before a swap; raises BackupError when there was none."""
    shelf = shelf_of(settings)
    side = existing_side(settings, identifier)
    with only_one(shelf, f"retour {identifier}"):
        if read_state(side).get("stage") != "swapped" or not side.data.is_dir():
            raise BackupError(f"la restauration {identifier} n'a rien à remettre en service")
        live = place_of(settings)
        if live is None:
            raise BackupError("aucun entrepôt en service à échanger")
        with exchanging(settings):
            swap(side, live)
            write_stage(side, "reverted")
            note(shelf, clock.now(), "reverted", identifier, timeline=timeline_of(live.data))
        forget_differences(settings)
        go_on_sealing(settings, clock, f"retour de {identifier}", progress)


def drop_restore(settings: Settings, clock: Clock, identifier: str) -> None:
    """Delete what a restore left beside the live warehouse."""
    shelf = shelf_of(settings)
    side = existing_side(settings, identifier)
    with only_one(shelf, f"suppression {identifier}"):
        side.drop()
        note(shelf, clock.now(), "dropped", identifier)


def restores(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return what was restored beside the live warehouse and not dropped: stage by name."""
    if place_of(settings) is None:
        return {}
    folder = restores_of(settings)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: read_state(side_at(settings, path)) for path in found}


def existing_side(settings: Settings, identifier: str) -> Side:
    """Return a restored warehouse by name; raises BackupError when there is none."""
    folder = restores_of(settings) / identifier
    if not folder.is_dir():
        raise BackupError(
            f"aucune restauration {identifier}", "`shopnow restore list` les énumère."
        )
    return side_at(settings, folder)


def reach(settings: Settings, clock: Clock, target: Target) -> None:
    """Bring the live warehouse's log up to the target into the archive, where it still runs."""
    place = place_of(settings)
    if target.xid is not None or place is None or not Server(settings).status().running:
        return
    if not settings.server_archive:
        return
    try:
        if target.to is not None:
            # A commit after the target: recovery must see that it has gone past it.
            take_mark(settings, clock, "restauration", counted=False)
        segment = switch_segment(settings)
    except ShopnowError:
        return  # a live warehouse that does not answer is what restores are for
    wait_archived(place.archive, segment, _ARCHIVE_SECONDS)


def line_in_service(shelf: Shelf) -> int | None:
    """Return the timeline that the newest swap put in service; None when there was none."""
    swaps = [line for line in lines_of(shelf) if line.what in {"swapped", "reverted"}]
    return int(swaps[-1].more["timeline"]) if swaps else None


def read_state(side: Side) -> dict[str, Any]:
    """Return what is noted of a restore; empty when it was interrupted early."""
    try:
        state: dict[str, Any] = json.loads((side.folder / _STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return state


def write_stage(side: Side, stage: str) -> None:
    """Note how far a restore has come."""
    _write_state(side, read_state(side) | {"stage": stage})


def _write_state(side: Side, state: dict[str, Any]) -> None:
    write_json(side.folder / _STATE, state)


def _plain(built: Built) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(json.dumps(asdict(built), default=str))
    return content


def _against_live(settings: Settings, side: Side) -> Comparison | None:
    """Compare with the live warehouse where it still answers."""
    try:
        if not Server(settings).status().running:
            return None
        live = held_by(settings)
    except ShopnowError:
        return None
    return compared(live, held_by(side.settings))


def _saved_wal(side: Side, shelf: Shelf) -> Path | None:
    """Save the log that a lost server had not archived yet, where it can still be read."""
    live = place_of(side.live)
    wal = live.data / "pg_wal" if live else None
    if wal is None or not wal.is_dir() or Server(side.live).status().running:
        return None
    archived = set(segments_in(shelf.archive)) if shelf.archive else set()
    folder = side.folder / "saved_wal"
    folder.mkdir(mode=0o700)
    for path in sorted(wal.iterdir()):
        if path.is_file() and len(path.name) == 24 and path.name not in archived:  # noqa: PLR2004
            shutil.copyfile(path, folder / path.name)
            side.place.account.own(folder / path.name)
    side.place.account.own(folder)
    return folder


def _check_end(shelf: Shelf, plan: Plan, recovered: Recovered) -> None:
    """Without a target, recovery ends quietly at a segment that it cannot read: refuse that."""
    target = plan.target
    if shelf.archive is None or target.to or target.xid:
        return
    last = segments_of(shelf.archive, target.number)[-1:]
    if last and recovered.segment[8:] < last[0][8:]:
        raise BackupBrokenError(
            f"les journaux ne se lisent pas au-delà de {recovered.segment}, "
            f"l'archive va jusqu'à {last[0]}",
            "Prendre la seconde copie de l'archive, ou restaurer jusqu'à un moment (--to).",
        )


def _segments_since(shelf: Shelf, backup: Backup) -> int:
    if shelf.archive is None or backup.start_segment is None:
        return 0
    start = backup.start_segment[8:]
    return sum(1 for name in segments_in(shelf.archive) if name[8:] >= start)


def _named(known: list[Backup], identifier: str) -> Backup:
    found = next((backup for backup in known if backup.id == identifier), None)
    if found is None:
        raise BackupError(f"aucune sauvegarde {identifier}", "`shopnow backup list` les énumère.")
    return found


def _measured_pace(shelf: Shelf) -> Callable[..., float]:
    """Return what gives the seconds a byte of warehouse for steps, as the newest drill took."""
    for path in sorted(shelf.drills.glob("*.json"), reverse=True):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            size, took = float(content["database_bytes"]), dict(content["seconds"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if size and all(step in took for step in ("extraction", "audits")):
            return lambda *steps: sum(took.get(step, 0.0) for step in steps) / size
    return lambda *_: 1 / _SUPPOSED_SPEED


def refuse_external(settings: Settings) -> None:
    """Raise BackupError where the server is not ours to restore beside."""
    if not settings.embedded:
        raise BackupError(
            "le serveur de SHOPNOW_DSN n'est pas le nôtre : la restauration physique est à lui",
            "Chez un fournisseur, sa restauration à un instant (Azure : point-in-time restore) "
            "crée un serveur à côté ; voir docs/exploitation/restaurer-serveur-externe.md.",
        )

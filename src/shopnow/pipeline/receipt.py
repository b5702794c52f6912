"""Receipt of a delivery: its bytes are sealed, its identity decided, its sender answered."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from shopnow.kernel import ShopnowError, UsageError
from shopnow.pipeline.following import find_delivery
from shopnow.security import HOUSE, Registry
from shopnow.staging import (
    Arrival,
    LandedFile,
    add_delivery,
    discard,
    earlier_deliveries,
    judge_arrival,
    land_stream,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

# Attributes by which a record dates itself.
_OWN_TIMES = {"effective_at", "said_at", "ordered_at", "purchased_at", "event_at", "sequence"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender is told: verdict, number of the delivery (None for a duplicate), text."""

    verdict: str
    delivery_key: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file that comes in: its part in the bundle ("" for a single file), name, and bytes."""

    part: str
    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]


def receive(
    context: Context,
    source: Source,
    paths: Sequence[Path],
    *,
    mode: str | None = None,
    effective_at: datetime | None = None,
    corrects: int | None = None,
    conn: psycopg.Connection | None = None,
) -> Receipt:
    """Take in one delivery: one file, or the files of a bundle.

    `corrects`: an earlier delivery of the same sender and source that this one sends again,
    corrected: what was accepted there is passed over, its rejects end.
    `conn`: a connection (autocommit) for who receives many; else one is opened for this one.

    Nothing readable stays behind; a duplicate leaves nothing at all.  Raises UsageError when a
    file is missing or the sender is not registered.
    """
    parts = [
        Incoming(part, path.name, partial(_opened, path)) for part, path in _parts(source, paths)
    ]
    with nullcontext(conn) if conn else context.connection("data") as own:
        return take_in(
            context, source, parts, own, mode=mode, effective_at=effective_at, corrects=corrects
        )


def take_in(
    context: Context,
    source: Source,
    parts: Sequence[Incoming],
    conn: psycopg.Connection,
    *,
    mode: str | None = None,
    effective_at: datetime | None = None,
    corrects: int | None = None,
    also: Callable[[Receipt], None] | None = None,
) -> Receipt:
    """Take in one delivery from wherever its bytes come.

    `also` is called in the transaction that receives it: what it writes stands with the delivery
    or not at all.  When bytes break off half way, what their stream raises goes on, and nothing
    of the delivery is kept.
    """
    now = context.clock.now()
    landed = _land(context, parts, now)
    try:
        arrival = Arrival(
            sender_no=_sender(conn, source),
            source=source.name,
            feed=source.feed,
            mode=mode or source.mode,
            sha256=_digest(landed),
            effective_at=effective_at or now,
            effective_is_declared=effective_at is not None,
            received_at=now,
            contract_version=context.contracts.feeds[source.feed].version,
            file_name=", ".join(part.name for part in parts),
            corrects=_corrected(conn, source, corrects),
        )
        with conn.transaction():
            earlier = earlier_deliveries(conn, arrival)
            verdict = judge_arrival(arrival, earlier, records_are_timed=_is_timed(source))
            if verdict == "duplicate":
                first = earlier[0].delivery_key
                text = f"déjà reçu : mêmes octets que la livraison {first}, rien à faire"
                receipt = Receipt("duplicate", None, text)
            else:
                receipt = _kept(conn, arrival, verdict, parts, landed)
            if also is not None:
                also(receipt)
    except BaseException:
        _discard(context, landed)
        raise
    if receipt.verdict == "duplicate":
        _discard(context, landed)
    return receipt


def _kept(
    conn: psycopg.Connection, arrival: Arrival, verdict: str,
    parts: Sequence[Incoming], landed: Sequence[LandedFile],
) -> Receipt:  # fmt: skip
    reason = None
    if verdict == "held":
        reason = (
            "mêmes octets qu'une livraison plus ancienne, sans date déclarée : "
            "un renvoi, ou un retour à cet état ?"
        )
    files = [(part.part, part.name, file) for part, file in zip(parts, landed, strict=True)]
    state = "held" if verdict == "held" else "received"
    key = add_delivery(conn, arrival, state, reason, files)
    text = f"livraison {key} reçue" if verdict == "new" else f"livraison {key} retenue : {reason}"
    return Receipt(verdict, key, text)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb", buffering=0)


def _parts(source: Source, paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Each file with its place in the bundle; a folder stands for the files in it."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(child for child in path.iterdir() if child.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise UsageError(f"no file {path.name!r}", "Give the path of an existing file.")
    if not source.is_bundle:
        if len(files) != 1:
            raise UsageError(f"source {source.name} takes one file a delivery, found {len(files)}")
        return [("", files[0])]
    return _bundle(source, files)


def _bundle(source: Source, files: Sequence[Path]) -> list[tuple[str, Path]]:
    parts: list[tuple[str, Path]] = []
    for wanted in source.files:
        found = [path for path in files if fnmatch(path.name, wanted.pattern)]
        if not found and not wanted.optional:
            names = ", ".join(path.name for path in files) or "none"
            raise UsageError(
                f"bundle {source.name}: no {wanted.name} ({wanted.pattern}), found {names}",
                "Give the folder that holds every file of the bundle.",
            )
        if len(found) > 1:
            raise UsageError(f"bundle {source.name}: {len(found)} files match {wanted.pattern}")
        parts += [(wanted.name, path) for path in found]
    return parts


def _land(context: Context, parts: Sequence[Incoming], now: datetime) -> list[LandedFile]:
    landed: list[LandedFile] = []
    try:
        for part in parts:
            ref = landed[0].key_ref if landed else None
            with part.open() as stream:
                landed.append(
                    land_stream(context.settings, context.keystore, stream, now.date(), ref)
                )
    except BaseException:
        _discard(context, landed)
        raise
    return landed


def _discard(context: Context, landed: Sequence[LandedFile]) -> None:
    for file in reversed(landed):
        discard(context.keystore, file)


def _corrected(conn: psycopg.Connection, source: Source, key: int | None) -> int | None:
    """The delivery that is corrected, which has to be of the same source, and no replay."""
    if key is None:
        return None
    corrected = find_delivery(conn, key)
    if corrected.source != source.name or corrected.replay_of is not None:
        raise UsageError(
            f"delivery {key} is no file of source {source.name}",
            "`shopnow delivery list` shows what each sender delivered.",
        )
    return key


def _digest(landed: Sequence[LandedFile]) -> bytes:
    if len(landed) == 1:
        return bytes.fromhex(landed[0].sha256)
    return sha256("".join(file.sha256 for file in landed).encode()).digest()


def _sender(conn: psycopg.Connection, source: Source) -> int:
    if source.is_platform:
        return HOUSE
    number = Registry(conn, source.system).number(source.sender)
    if number is None:
        raise ShopnowError(
            f"sender {source.sender!r} is not registered in system {source.system!r}",
            hint="The platform's sellers feed registers sellers; load it first.",
        )
    return number


def _is_timed(source: Source) -> bool:
    return any(_OWN_TIMES & record.fields.keys() for record in source.records)

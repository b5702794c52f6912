"""Pulls: what a source's connector finds becomes sealed deliveries, as files brought by hand do.

Protects two rules: a pull that breaks off takes nothing in, and how far a source was fetched
moves in the transaction that receives the delivery.  One source's trouble is no other's.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING, cast

from shopnow.journal import Event, record_event
from shopnow.kernel import ShopnowError, UsageError
from shopnow.pipeline.context import Context
from shopnow.pipeline.receipt import Incoming, Receipt, take_in
from shopnow.sources import (
    FilesConnector,
    PullBrokenError,
    PullError,
    RestConnector,
    Secrets,
    open_rest,
    open_store,
)
from shopnow.staging import (
    PullUnderWayError,
    lock_pull,
    mark_taken,
    pull_done,
    pull_failed,
    pull_states,
    register_pull,
    taken_before,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    import psycopg

    from shopnow.kernel import Clock, Settings
    from shopnow.sources import RemoteFile, Source, Store


@dataclass(slots=True)
class Pulled:
    """What a pull of one source brought.

    `receipts`: one a delivery.  `pages`, `records`: of a REST interface.  `unsettled`: files that
    may still be written; `waiting`: French, what a bundle still lacks.  `error`, `hint`: French,
    why it failed (only from `pull_due`, which goes on with the next source).
    """

    source: str
    receipts: list[Receipt] = field(default_factory=list)
    pages: int = 0
    records: int = 0
    unsettled: int = 0
    waiting: str = ""
    error: str = ""
    hint: str = ""


def pull_source(context: Context, source: Source) -> Pulled:
    """Fetch what is new of one source and take it in.

    Raises UsageError when the source has no connector, PullError (French) when nothing could be
    taken; what had been received before that (other files) stays received.
    """
    connector = source.connector
    if connector is None:
        raise UsageError(
            f"la source {source.name} n'a pas de `connector:`, elle ne va rien chercher",
            "Donnez les fichiers à la commande, ou déclarez le connecteur dans la source.",
        )
    pulled = Pulled(source.name)
    with context.connection("pull") as conn:
        register_pull(conn, source.name)
        try:
            if isinstance(connector, RestConnector):
                _pull_rest(context, conn, source, connector, pulled)
            else:
                _pull_files(context, conn, source, connector, pulled)
        except PullUnderWayError:
            raise PullBrokenError(
                f"la source {source.name} est déjà en cours de lecture",
                "Attendez la fin de cet appel ; `shopnow source list` dit quand.",
            ) from None
        except ShopnowError as error:
            _note_failure(context, conn, source, connector, error)
            raise
    return pulled


def pull_due(settings: Settings, clock: Clock) -> list[Pulled]:
    """Fetch every active source whose time has come; what fails is told, not raised."""
    with Context.open(settings, clock) as context:
        return pull_due_of(context)


def pull_due_of(context: Context) -> list[Pulled]:
    """As `pull_due`, in a context that is open already."""
    with context.connection("pull") as conn:
        states = pull_states(conn)
    now = context.clock.now()
    due = [
        source
        for name, source in sorted(context.sources.items())
        if source.connector is not None
        and not (name in states and (at := states[name].next_at) is not None and at > now)
    ]
    return [_pulled_or_told(context, source) for source in due]


def _pulled_or_told(context: Context, source: Source) -> Pulled:
    try:
        return pull_source(context, source)
    except ShopnowError as error:
        return Pulled(source.name, error=error.message, hint=error.hint)


def _pull_rest(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    connector: RestConnector,
    pulled: Pulled,
) -> None:
    now = context.clock.now()
    next_at = now + connector.every
    with conn.transaction():
        since = lock_pull(conn, source.name)
        with open_rest(
            connector,
            Secrets(context.settings.home),
            since=since,
            limit=context.settings.landing_limit,
        ) as pull:
            if pull.is_empty():
                _refuse_empty_full(source, connector)
                pull_done(conn, source.name, at=now, next_at=next_at)
                pulled.pages = pull.pages
                return

            def also(receipt: Receipt) -> None:
                pull_done(
                    conn, source.name, at=now, next_at=next_at, resume=pull.resume,
                    delivery_key=receipt.delivery_key,
                )  # fmt: skip

            stream = nullcontext(cast("BinaryIO", pull))
            suffix = "ndjson" if connector.is_paged else source.format
            name = f"{source.name}-{now:%Y%m%dT%H%M%SZ}.{suffix}"
            part = Incoming("", name, lambda: stream)
            pulled.receipts.append(take_in(context, source, [part], conn, also=also))
            pulled.pages, pulled.records = pull.pages, pull.records


def _refuse_empty_full(source: Source, connector: RestConnector) -> None:
    if source.mode == "full" and connector.resume is None:
        raise PullError(
            f"{connector.url} : tous les enregistrements attendus, aucun reçu",
            "Une livraison complète vide retirerait tout : rien n'est pris. Si c'est vrai, livrez"
            " un fichier à la main.",
        )


def _pull_files(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    connector: FilesConnector,
    pulled: Pulled,
) -> None:
    now = context.clock.now()
    with open_store(connector, Secrets(context.settings.home)) as store:
        found, pulled.unsettled = store.listed(_patterns(source), now)
        for files in _deliveries(conn, source, store, found, pulled):
            with conn.transaction():
                lock_pull(conn, source.name)
                receipt = _taken(context, conn, source, store, files)
                if receipt is None:
                    continue
                pulled.receipts.append(receipt)
            # Only when it is received for good: a crash before this line leaves the file there,
            # and the next pull finds the bytes received.
            for _, file in files:
                store.put_away(file)
    pull_done(conn, source.name, at=now, next_at=now + connector.every)


def _deliveries(
    conn: psycopg.Connection,
    source: Source,
    store: Store,
    found: Sequence[RemoteFile],
    pulled: Pulled,
) -> list[list[tuple[str, RemoteFile]]]:
    """The new files of each delivery, with their parts.

    Where what was taken is put away, everything that is there is new: what looks like a file taken
    before is read again rather than deleted unread (the same bytes are a duplicate).
    """
    fresh = list(found)
    if store.connector.after == "keep":
        known = taken_before(conn, source.name, [file.name for file in found])
        fresh = [file for file in found if file.identity not in known]
    if not source.is_bundle:
        return [[("", file)] for file in fresh]
    parts: list[tuple[str, RemoteFile]] = []
    missing: list[str] = []
    for wanted in source.files:
        match = next((file for file in fresh if fnmatchcase(file.name, wanted.pattern)), None)
        if match is not None:
            parts.append((wanted.name, match))
        elif not wanted.optional:
            missing.append(wanted.pattern)
    if parts and missing:
        pulled.waiting = f"attend encore {', '.join(missing)}"
    return [parts] if parts and not missing else []


def _taken(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    store: Store,
    files: Sequence[tuple[str, RemoteFile]],
) -> Receipt | None:
    """Take a delivery in, unless another pull did while this one waited for its turn."""
    if store.connector.after == "keep":
        known = taken_before(conn, source.name, [file.name for _, file in files])
        if any(file.identity in known for _, file in files):
            return None
    now = context.clock.now()
    times = [at for _, file in files if (at := store.time_of(file, source.zone))]

    def also(receipt: Receipt) -> None:
        for _, file in files:
            mark_taken(conn, source.name, file.identity, now, receipt.delivery_key)

    parts = [Incoming(part, file.name, partial(store.opened, file)) for part, file in files]
    return take_in(
        context, source, parts, conn, effective_at=max(times) if times else None, also=also
    )


def _patterns(source: Source) -> list[str]:
    return [file.pattern for file in source.files] or [source.file_pattern or "*"]


def _note_failure(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    connector: RestConnector | FilesConnector,
    error: ShopnowError,
) -> None:
    now = context.clock.now()
    text = f"{error.message} — {error.hint}" if error.hint else error.message
    failures = pull_failed(conn, source.name, at=now, every=connector.every, error=text)
    record_event(
        conn,
        Event(
            ts=now,
            source="pull",
            type="technique",
            level="WARNING",
            message=f"pull of source {source.name} failed, {failures} in a row",
            error_code="pull_failed",
            payload={
                "source": source.name,
                "sender": source.sender,
                "failures": failures,
                "error": type(error).__name__,
            },
        ),
    )

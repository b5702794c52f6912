"""`shopnow trace`: from a row of the warehouse back to the file and line it came from."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from shopnow.cli.french import KINDS, moment, paper, sheet
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import UsageError, connect
from shopnow.pipeline import (
    Context,
    open_line,
    seller_number,
    trace_click,
    trace_order,
    trace_product,
    trace_record,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import psycopg
    from rich.console import Console
    from rich.table import Table

    from shopnow.kernel import Settings
    from shopnow.pipeline import Origin, Traced

    Find = Callable[[Context, psycopg.Connection[Any]], list[Traced]]

# Beyond that many deliveries each is a line of a table.
_IN_FULL = 3

_show_line = click.option(
    "--show-line", is_flag=True, help="Open the sealed line; needs --reason, and is journaled."
)
_reason = click.option("--reason", metavar="TEXT", help="Why the line is opened.")


@click.group()
def trace() -> None:
    """Lead from a row of the warehouse to the file and line that it came from.

    A sealed line is personal data: opening one (--show-line) is for the administrator and the
    privacy officer, asks for a reason and leaves a security event.
    """


@trace.command()
@click.argument("order_id")
@click.option("--line", type=int, metavar="N", help="Only this line of the order.")
@_show_line
@_reason
@json_option
@with_settings
def order(
    settings: Settings,
    *,
    as_json: bool,
    order_id: str,
    line: int | None,
    show_line: bool,
    reason: str | None,
) -> None:
    """Trace an order, its lines and payments; ORDER_ID with or without its namespace."""
    _trace(settings, as_json, lambda c, k: trace_order(c, k, order_id, line), show_line, reason)


@trace.command()
@click.argument("seller")
@click.argument("product_id")
@_show_line
@_reason
@json_option
@with_settings
def product(
    settings: Settings,
    *,
    as_json: bool,
    seller: str,
    product_id: str,
    show_line: bool,
    reason: str | None,
) -> None:
    """Trace the versions of a product and of its price; SELLER is an identifier or SHOPNOW."""

    def find(context: Context, conn: psycopg.Connection[Any]) -> list[Traced]:
        return trace_product(context, conn, seller_number(conn, seller), product_id)

    _trace(settings, as_json, find, show_line, reason)


@trace.command(name="click")
@click.argument("event_key")
@_show_line
@_reason
@json_option
@with_settings
def click_event(
    settings: Settings, *, as_json: bool, event_key: str, show_line: bool, reason: str | None
) -> None:
    """Trace a click by its EVENT_KEY, or by the identifier that its sender gave it."""
    _trace(settings, as_json, lambda c, k: trace_click(c, k, event_key), show_line, reason)


@trace.command()
@click.argument("key", type=int)
@click.option("--record", type=int, required=True, metavar="N", help="Number of the record.")
@_show_line
@_reason
@json_option
@with_settings
def delivery(
    settings: Settings, *, as_json: bool, key: int, record: int, show_line: bool, reason: str | None
) -> None:
    """Tell what record N of delivery KEY became in the warehouse."""
    _trace(settings, as_json, lambda c, k: trace_record(c, k, key, record), show_line, reason)


def _trace(
    settings: Settings, as_json: bool, find: Find, show_line: bool, reason: str | None
) -> None:
    if show_line and not (reason or "").strip():
        raise UsageError("--show-line without a reason", "Say why, with --reason TEXT.")
    with _opened(settings) as (context, connection):
        found = find(context, connection)
        lines: dict[tuple[int, int, int], str] = {}
        for one in found if show_line else ():
            if one.origin and one.origin.sealed_line_exists and _place(one) not in lines:
                lines[_place(one)] = open_line(
                    context, connection, one, reason=reason or "", os_user=getpass.getuser()
                )
    facts = [_facts(one, lines) for one in found]
    show(facts, as_json, lambda: _tell(found, lines, settings, asked=show_line))


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Context, psycopg.Connection[Any]]]:
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow trace") as connection,
    ):
        yield context, connection


def _place(one: Traced) -> tuple[int, int, int]:
    """Delivery, file and line: several rows come from one line."""
    assert one.origin is not None  # noqa: S101 — asked for rows with an origin only
    return one.row.delivery_key, one.origin.file.file_no, one.row.source_line


def _facts(one: Traced, lines: dict[tuple[int, int, int], str]) -> dict[str, Any]:
    row, origin = one.row, one.origin
    facts: dict[str, Any] = {
        "kind": row.kind,
        "name": row.name,
        "seller_no": row.seller_no,
        "line_no": row.line_no,
        "at": row.at,
        "delivery_key": row.delivery_key,
        "record_no": row.record_no,
        "source_line": row.source_line,
        "batch_no": row.batch_no,
    }
    if origin is None:
        return facts
    facts |= {
        "sender": origin.delivery.sender,
        "source": origin.delivery.source,
        "file": origin.file.file_name,
        "sha256": origin.file.sha256,
        "received_at": origin.delivery.received_at,
        "loaded_at": origin.loaded_at,
        "run_id": origin.run_id,
        "sealed_line_exists": origin.sealed_line_exists,
    }
    if _place(one) in lines:
        facts["line"] = lines[_place(one)]
    return facts


def _tell(
    found: Sequence[Traced],
    lines: dict[tuple[int, int, int], str],
    settings: Settings,
    *,
    asked: bool,
) -> None:
    page = paper()
    if not found:
        page.print(
            "Rien dans l'entrepôt ne vient de cet enregistrement : un doublon, une valeur dépassée,"
            " ou rien de nouveau."
        )
        return
    rows = [
        (_words(one), one.row.name, one.row.line_no, moment(one.row.at, settings.tz),
         one.row.delivery_key or "", one.row.record_no or "", one.row.source_line or "")
        for one in found
    ]  # fmt: skip
    columns = ["=quoi", "identifiant", ">n°", "=date", ">livraison", ">enreg.", ">ligne"]
    page.print(sheet("", columns, rows))
    origins = {one.row.delivery_key: one.origin for one in found if one.origin}
    if len(origins) > _IN_FULL:
        page.print()
        page.print(_origins_sheet(origins, settings))
    else:
        for _, origin in sorted(origins.items()):
            _tell_origin(page, origin, settings)
    for (key, _, line), text in lines.items():
        page.print(f"\n[bold]Livraison {key}, ligne {line}[/bold] (lecture journalisée)")
        click.echo(text)
    if not asked and origins:
        page.print(
            f"\nLe détail d'une livraison : {how_to_call()} delivery show {min(origins)}",
            soft_wrap=True,
        )


def _origins_sheet(origins: Mapping[int, Origin], settings: Settings) -> Table:
    rows = [
        (
            key,
            origin.delivery.sender,
            origin.file.file_name,
            f"{origin.file.sha256[:12]}…",
            moment(origin.loaded_at, settings.tz),
            origin.run_id,
            "scellées" if origin.sealed_line_exists else "détruites",
        )
        for key, origin in sorted(origins.items())
    ]
    columns = [
        ">livraison", "=expéditeur", "fichier", "=sha256", "=chargée", ">exécution", "=lignes",
    ]  # fmt: skip
    return sheet("", columns, rows)


def _tell_origin(page: Console, origin: Origin, settings: Settings) -> None:
    delivery, file = origin.delivery, origin.file
    received = moment(delivery.received_at, settings.tz)
    loaded = moment(origin.loaded_at, settings.tz)
    page.print(
        f"\n[bold]Livraison {delivery.delivery_key}[/bold] de {delivery.sender}"
        f" (source {delivery.source})"
    )
    page.print(f"  fichier  {escape(file.file_name)}\n  sha256   {file.sha256}")
    page.print(f"  reçue    {received}")
    if loaded:
        page.print(f"  chargée  {loaded} (lot {delivery.batch_no}, exécution {origin.run_id})")
    kept = "conservées, scellées" if origin.sealed_line_exists else "détruites"
    page.print(f"  lignes   {kept}")


def _words(one: Traced) -> str:
    kind, *rest = one.row.kind.split()
    word = KINDS[kind]
    return f"déclaration : {word}" if rest else word

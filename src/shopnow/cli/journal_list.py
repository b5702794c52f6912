"""Commands that read the journal: journal list (with --follow), journal codes."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from shopnow.cli.french import moment, paper, plural, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.journal import event_codes, read_events
from shopnow.kernel import SystemClock, UsageError, connect, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.journal import EventRow
    from shopnow.kernel import Settings

_TYPES = ("technique", "fonctionnel", "securite", "qualite")
_LEVELS = ("INFO", "WARNING", "ERROR")
_LEVELS_FR = {"INFO": "info", "WARNING": "alerte", "ERROR": "erreur"}
_SPAN = re.compile(r"(\d+)(min|h|d)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}
_PAUSE_SECONDS = 1.0


@click.command(name="list")
@click.option("--level", "levels", multiple=True, type=click.Choice(_LEVELS))
@click.option("--type", "types", multiple=True, type=click.Choice(_TYPES))
@click.option("--code", help="Only this code; `journal codes` explains them.")
@click.option("--source", help="Only what this part of the warehouse said.")
@click.option("--seller", "seller_no", type=int, metavar="N", help="Only this seller's number.")
@click.option("--run", "run_id", type=int, help="Only this run.")
@click.option("--delivery", "delivery_key", type=int, help="Only this delivery.")
@click.option("--since", metavar="TIME", help="ISO 8601, or 30min, 6h, 2d ago.")
@click.option("--until", metavar="TIME", help="ISO 8601, or a while ago.")
@click.option("--last", "most", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--lines", is_flag=True, help="One JSON object a line, for a collector.")
@click.option("--follow", is_flag=True, help="Go on with what happens next; Ctrl-C ends it.")
@json_option
@with_settings
def list_events(
    settings: Settings,
    *,
    as_json: bool,
    levels: Sequence[str],
    types: Sequence[str],
    code: str | None,
    source: str | None,
    seller_no: int | None,
    run_id: int | None,
    delivery_key: int | None,
    since: str | None,
    until: str | None,
    most: int,
    lines: bool,
    follow: bool,
) -> int:
    """List what happened, oldest first; exit 1 when an error is among it."""
    open_existing(settings)
    start, end = _time(since, settings, "--since"), _time(until, settings, "--until")
    with connect(settings, application_name="shopnow journal") as connection:

        def ask(after_no: int | None, most: int) -> list[EventRow]:
            return read_events(
                connection, levels=levels, types=types, code=code, source=source,
                seller_no=seller_no, run_id=run_id, delivery_key=delivery_key, since=start,
                until=end, after_no=after_no, most=most,
            )  # fmt: skip

        found = ask(None, most)
        if lines or follow:
            _tell(found, settings, lines=lines or as_json)
            while follow:
                time.sleep(_PAUSE_SECONDS)
                more = ask(found[-1].event_no if found else 0, 10_000)
                _tell(more, settings, lines=lines or as_json)
                found = more or found
        else:
            show(found, as_json, lambda: _sheet(found, settings))
    return 1 if any(one.level == "ERROR" for one in found) else 0


@click.command(name="codes")
@click.argument("code", required=False)
@json_option
@with_settings
def list_codes(settings: Settings, *, as_json: bool, code: str | None) -> None:  # noqa: ARG001
    """Explain CODE, or list all codes of the journal."""
    known = event_codes()
    if code is not None and code not in known:
        close = nearest(code, known)
        hint = f"Did you mean {close!r}?" if close else "`shopnow journal codes` lists them."
        raise UsageError(f"no code {code!r} in the journal", hint)
    chosen = [known[code]] if code else list(known.values())

    def present() -> None:
        if code:
            level = _LEVELS_FR[chosen[0].level]
            click.echo(f"{code} ({level}) : {chosen[0].what_fr}\nQue faire : {chosen[0].do_fr}")
            if chosen[0].runbook:
                click.echo(f"Procédure : docs/exploitation/{chosen[0].runbook}.md")
            return
        rows = [(one.code, _LEVELS_FR[one.level], one.what_fr, one.runbook) for one in chosen]
        columns = ["=code", "=niveau", "ce qu'il dit", "procédure"]
        paper().print(sheet(plural(len(rows), "code"), columns, rows))

    show(chosen, as_json, present)


def _sheet(found: Sequence[EventRow], settings: Settings) -> None:
    if not found:
        click.echo("Rien dans le journal.")
        return
    rows = [
        (moment(one.ts, settings.tz), _LEVELS_FR[one.level], one.type, one.error_code, one.message)
        for one in found
    ]
    title = plural(len(found), "événement")
    paper().print(sheet(title, ["=quand", "=niveau", "=type", "code", "quoi"], rows))


def _tell(found: Sequence[EventRow], settings: Settings, *, lines: bool) -> None:
    for one in found:
        if lines:
            click.echo(one.as_line())
        else:
            code = f" [{one.error_code}]" if one.error_code else ""
            when = moment(one.ts, settings.tz)
            click.echo(f"{when} {_LEVELS_FR[one.level]:<6} {one.type}{code} {one.message}")


def _time(text: str | None, settings: Settings, option: str) -> datetime | None:
    ago = _SPAN.fullmatch(text) if text else None
    if ago:
        return SystemClock().now() - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    return instant(text, settings, option)

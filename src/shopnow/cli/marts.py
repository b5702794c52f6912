"""Commands about the marts: mart list, refresh, add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.reporting import console, json_option, show, table, with_settings
from shopnow.kernel import SystemClock, UsageError, connect, nearest
from shopnow.kernel.server import open_warehouse
from shopnow.marts import (
    draft_mart,
    load_marts,
    mart_facts,
    next_batch_no,
    refresh_all,
    refresh_analyst,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings
    from shopnow.marts import Mart


@click.group()
def mart() -> None:
    """List, refresh or add the tables that analysts read."""


@mart.command(name="list")
@json_option
@with_settings
def list_marts(settings: Settings, as_json: bool) -> None:
    """List the marts with grain, owner, freshness target and how fresh each is."""
    open_warehouse(settings)
    facts: list[dict[str, Any]] = []
    with connect(settings, application_name="shopnow mart") as connection:
        for one in load_marts(settings):
            rows, refreshed_at = mart_facts(connection, one)
            facts.append(
                {
                    "mart": one.name,
                    "grain": one.grain,
                    "owner": one.owner,
                    "freshness_seconds": int(one.freshness.total_seconds()),
                    "touched": one.touched,
                    "rows": rows,
                    "refreshed_at": refreshed_at,
                }
            )

    def present() -> None:
        columns = ["mart", "touched by", "owner", "fresh within", "rows", "refreshed (UTC)"]
        rows = [
            (
                fact["mart"],
                fact["touched"].replace("_", " "),
                fact["owner"],
                f"{fact['freshness_seconds'] // 60} min",
                fact["rows"],
                f"{fact['refreshed_at']:%Y-%m-%d %H:%M}" if fact["refreshed_at"] else "never",
            )
            for fact in facts
        ]
        console().print(table("Marts", columns, rows))

    show(facts, as_json, present)


@mart.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
@json_option
@with_settings
def refresh(settings: Settings, as_json: bool, names: Sequence[str]) -> None:
    """Build marts anew from the facts: those named, or all."""
    open_warehouse(settings)
    marts = _chosen(load_marts(settings), names)
    with connect(settings, application_name="shopnow mart") as connection, connection.transaction():
        results = refresh_all(
            connection,
            marts,
            run_at=SystemClock().now(),
            batch_no=next_batch_no(connection),
            zone=settings.zone,
        )
    # What analysts read is folded from the same facts.
    refresh_analyst(settings, SystemClock())

    def present() -> None:
        columns = ["mart", "rows before", "rows now", "seconds"]
        rows = [(r.name, r.deleted, r.inserted, f"{r.seconds:.2f}") for r in results]
        console().print(table("Marts built anew", columns, rows))

    show(results, as_json, present)


@mart.command()
@click.argument("name")
@click.option(
    "--tests",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tests/integration/marts"),
    show_default=True,
    help="Folder of the test.",
)
@json_option
@with_settings
def add(settings: Settings, as_json: bool, name: str, tests: Path) -> None:
    """Draft a mart: its statements with header, the migration with grants, and a test."""
    draft = draft_mart(
        name, marts=settings.marts_dir, migrations=settings.migrations_dir, tests=tests
    )
    for path, text in draft.texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def present() -> None:
        for path in draft.texts:
            click.echo(f"wrote {path}")
        click.echo(
            "Next: edit them, then `shopnow migrate` and `shopnow mart refresh " + name + "`."
        )

    show({"mart": name, "files": list(draft.texts)}, as_json, present)


def _chosen(marts: Sequence[Mart], names: Sequence[str]) -> tuple[Mart, ...]:
    known = {one.name for one in marts}
    for name in names:
        if name not in known:
            close = nearest(name, known)
            hint = f"Did you mean {close!r}?" if close else f"Marts: {', '.join(sorted(known))}."
            raise UsageError(f"no mart {name!r}", hint)
    return tuple(one for one in marts if not names or one.name in names)

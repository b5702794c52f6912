"""`shopnow demo`: from nothing to a loaded marketplace, and a page that tells what happened."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import click

from shopnow.cli.demo_page import tell_demo
from shopnow.cli.ingest import progress
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.demo import files_folder, generate, open_doors, rehearse, set_stage
from shopnow.dimensions import house_tree, load_categories, read_taxonomy
from shopnow.kernel import connect
from shopnow.kernel.server import open_warehouse
from shopnow.marts import refresh_analyst
from shopnow.pipeline import Context, overview

if TYPE_CHECKING:
    from shopnow.demo import DemoPlan
    from shopnow.kernel import Settings

_DAYS: Final = 14
_SMALL_DAYS: Final = 8


@click.command()
@click.option("--no-serve", is_flag=True, help="Do not open the pages at the end.")
@click.option("--small", is_flag=True, help="A small marketplace, in seconds.")
@click.option(
    "--days",
    type=click.IntRange(1, 60),
    help=f"Days to play (default {_DAYS}, small {_SMALL_DAYS}).",
)
@json_option
@with_settings
def demo(
    settings: Settings, *, as_json: bool, no_serve: bool, small: bool, days: int | None
) -> int:
    """Load a sample marketplace day by day into a new warehouse, and tell what happened.

    The warehouse is that of the home, which must be empty or hold a former demo: it then begins
    from nothing again.  The files that were sent stay in the home, under demo/.
    """
    began = time.monotonic()
    set_stage(settings)
    with progress(quiet=as_json) as tell:
        tell("démarrage de l'entrepôt, écriture des fichiers de la place de marché")
        with ThreadPoolExecutor(max_workers=1) as beside:
            # The server is made by programs of its own: the files are written meanwhile.
            writing = beside.submit(_written, settings, small=small, days=days)
            open_warehouse(settings)
            with connect(settings, application_name="shopnow demo") as connection:
                tree = read_taxonomy(house_tree(settings.contracts_dir), None)
                load_categories(connection, tree.nodes, tree.version)
            plan = writing.result()
        generated = time.monotonic()
        with Context.open(settings) as context:
            done = rehearse(context, plan, tell)
            refresh_analyst(settings, context.clock)
            loaded = time.monotonic()
            doors = None if no_serve else open_doors(settings, context.clock, tell)
        tell("résumé")
        with connect(settings, application_name="shopnow demo") as connection:
            state = overview(connection)
    facts: dict[str, Any] = {
        "days": len(plan.days),
        "first_day": plan.days[0].on,
        "last_day": plan.days[-1].on,
        "seconds": round(time.monotonic() - began, 3),
        "loading_seconds": round(loaded - generated, 3),
        "receiving_seconds": round(done.receiving_seconds, 3),
        "running_seconds": round(done.running_seconds, 3),
        "duplicates": [{"file": name, "receipt": text} for name, text in done.duplicates],
        "stories": dict(plan.stories),
        "pages": doors.address if doors else None,
        "warehouse": state,
    }
    show(facts, as_json, lambda: tell_demo(plan, done, state, facts, doors))
    return 1 if any(one.state == "failed" for one in state.troubled) else 0


def _written(settings: Settings, *, small: bool, days: int | None) -> DemoPlan:
    folder = files_folder(settings)
    if small:
        return generate(
            folder, days=days or _SMALL_DAYS, sellers=8, products=400, orders=300, clicks=1000
        )
    return generate(folder, days=days or _DAYS)

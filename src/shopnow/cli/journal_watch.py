"""The command `journal watch`: one pass over the server's log and the catalogue, then the seals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.french import paper, plural
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock
from shopnow.security import watch_security

if TYPE_CHECKING:
    from shopnow.kernel import Settings
    from shopnow.security import Watched


@click.command()
@json_option
@with_settings
def watch(settings: Settings, *, as_json: bool) -> None:
    """Journal what the server's log and the catalogue say since the last pass; seal minutes.

    Connections, refusals, changes of roles, rights, policies and settings become events. The
    scheduler does this every minute.
    """
    open_existing(settings)
    watched = watch_security(settings, SystemClock())
    facts = {
        "log": watched.log,
        "catalogue_first_seen": watched.catalogue.first,
        "catalogue_differences": watched.catalogue.differences,
        "sealed_until": watched.sealed.sealed_until,
        "seals": len(watched.sealed.seals),
        "slipped_in": watched.sealed.slipped_in,
    }
    show(facts, as_json, lambda: _tell(watched))


def _tell(watched: Watched) -> None:
    page = paper()
    if watched.log.reachable:
        read = plural(watched.log.connections, "connexion")
        refused = plural(watched.log.refusals, "refus", "refus")
        page.print(f"journal du serveur : {read}, {refused}")
    else:
        page.print("journal du serveur : hors de portée (SHOPNOW_DSN)")
    changes = plural(len(watched.catalogue.differences), "changement")
    page.print(f"droits et réglages : {changes}")
    page.print(f"scellés : {plural(len(watched.sealed.seals), 'minute')}")

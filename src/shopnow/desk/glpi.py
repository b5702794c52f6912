"""The connector to GLPI: a ticket of ours becomes a ticket, a problem or a change there.

`<home>/secrets/glpi.yaml` (0600) turns it on:

    base: "https://glpi.exemple"      # its apirest.php is below it
    app_token: "…"                    # of the API client
    user_token: "…"                   # of the account that opens tickets
    entity: 0                         # where tickets go; 0 is the root
    ca_file: ""                       # its own authority, when it has one

GLPI has no labels: the mark of a ticket stands at the end of its title.
"""

from __future__ import annotations

import html
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx

from shopnow.desk.connecting import (
    TIMEOUT_SECONDS,
    Connector,
    asked,
    lines_of,
    mark_of,
    private_file,
)
from shopnow.kernel import TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopnow.desk.model import Ticket
    from shopnow.kernel import Settings

FILE: Final = "glpi.yaml"
_API: Final = "/apirest.php"
# What GLPI calls each kind, and the type of its tickets: 1 incident, 2 request.
_ITEMS: Final = {"incident": "Ticket", "request": "Ticket", "problem": "Problem",
                 "change": "Change"}  # fmt: skip
_TYPES: Final = {"incident": 1, "request": 2}
# From 1 (very low) to 5 (very high), for urgency and impact alike.
_LEVELS: Final = {"haut": 5, "moyen": 3, "bas": 2}
_PRIORITIES: Final = {"P1": 5, "P2": 4, "P3": 3}
# Numbers that GLPI gives to the columns of a search: the title, and the key.
_TITLE, _KEY = "1", "2"
_TITLE_MOST: Final = 255


@dataclass(frozen=True)
class Glpi:
    """Where tickets go, and as whom."""

    base: str
    app_token: str = field(repr=False)
    user_token: str = field(repr=False)
    entity: int = 0
    ca_file: str = ""
    name: str = "glpi"

    @contextmanager
    def session(self) -> Iterator[GlpiSession]:
        """Open a session, ended whatever happens in it."""
        with httpx.Client(
            base_url=self.base.rstrip("/"),
            headers={"App-Token": self.app_token, "Content-Type": "application/json"},
            timeout=TIMEOUT_SECONDS,
            verify=ssl.create_default_context(cafile=self.ca_file or None),
        ) as client:
            who = {"Authorization": f"user_token {self.user_token}"}
            answer = asked(client, "GET", f"{_API}/initSession", headers=who)
            client.headers["Session-Token"] = str(answer["session_token"])
            try:
                yield GlpiSession(self, client)
            finally:
                # A session that does not end of our doing ends by itself: what was made stands.
                with suppress(TransientError):
                    asked(client, "GET", f"{_API}/killSession")


@dataclass(frozen=True)
class GlpiSession:
    """One session; a reference is the kind of item there and its number, `Ticket/12`."""

    glpi: Glpi
    client: httpx.Client

    def find(self, ticket: Ticket) -> str | None:
        """Return the reference of the item whose title carries the mark of a ticket."""
        kind = _ITEMS[ticket.kind]
        parameters = {
            "criteria[0][field]": _TITLE,
            "criteria[0][searchtype]": "contains",
            "criteria[0][value]": f"[{mark_of(ticket)}]",
            "forcedisplay[0]": _KEY,
            "range": "0-0",
        }
        answer = asked(self.client, "GET", f"{_API}/search/{kind}", parameters=parameters)
        rows = answer.get("data", [])
        return f"{kind}/{rows[0][_KEY]}" if rows else None

    def make(self, ticket: Ticket) -> str:
        """Make an item and return its reference."""
        kind = _ITEMS[ticket.kind]
        body = {"input": item_of(self.glpi, ticket)}
        return f"{kind}/{asked(self.client, 'POST', f'{_API}/{kind}', body=body)['id']}"

    def say(self, reference: str, text: str) -> None:
        """Add a follow-up to an item."""
        kind, _, number = reference.partition("/")
        said = {"itemtype": kind, "items_id": int(number), "content": html.escape(text)}
        asked(self.client, "POST", f"{_API}/ITILFollowup", body={"input": said})


def load_glpi(settings: Settings) -> Connector | None:
    """Return the connector of a home, None when it is off; raises TerminalError."""

    def read(text: Mapping[str, Any]) -> Connector:
        return Glpi(text["base"], text["app_token"], text["user_token"],
                    int(text.get("entity", 0)), text.get("ca_file", ""))  # fmt: skip

    return private_file(settings, FILE, read, "base, app_token and user_token")


def item_of(glpi: Glpi, ticket: Ticket) -> dict[str, Any]:
    """Return what GLPI is asked to make of a ticket; texts are HTML there."""
    mark = f" [{mark_of(ticket)}]"
    found: dict[str, Any] = {
        "name": ticket.title[: _TITLE_MOST - len(mark)] + mark,
        "content": "<br>".join(html.escape(line) for line in lines_of(ticket)),
        "entities_id": glpi.entity,
        "urgency": _LEVELS[ticket.urgency],
        "impact": _LEVELS[ticket.impact],
        "priority": _PRIORITIES[ticket.priority],
    }
    if ticket.kind in _TYPES:
        found["type"] = _TYPES[ticket.kind]
    return found

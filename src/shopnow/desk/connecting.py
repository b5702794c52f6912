"""Connectors to outside ticket systems: a ticket of ours becomes one there, once; off by default.

A private file in the home's secrets turns one on (`jira.yaml` or `glpi.yaml`).  Their interfaces
take the same ticket twice without a word, so each carries a mark of ours and is looked for before
it is made: a connector that died half-way makes no second one.
"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any, Final, Protocol

import httpx
import yaml

from shopnow.desk.model import STATES_FR, TicketEvent
from shopnow.desk.store import list_tickets, ticket_events
from shopnow.kernel import Home, TerminalError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    import psycopg

    from shopnow.desk.model import Ticket
    from shopnow.desk.store import Desk
    from shopnow.kernel import Settings

TIMEOUT_SECONDS: Final = 10.0


class Outside(Protocol):
    """An open session with an outside ticket system; its calls raise TransientError."""

    def find(self, ticket: Ticket) -> str | None:
        """Return the reference there of a ticket that was made already."""

    def make(self, ticket: Ticket) -> str:
        """Make it there and return its reference."""

    def say(self, reference: str, text: str) -> None:
        """Add a word to one of there."""


class Connector(Protocol):
    """Where tickets go: `name` is who is said to have passed them on."""

    @property
    def name(self) -> str:
        """How it is called in the events of a ticket."""

    def session(self) -> AbstractContextManager[Outside]:
        """Log in; logs out at the end."""


def private_file(
    settings: Settings, name: str, read: Callable[[Mapping[str, Any]], Connector], wants: str
) -> Connector | None:
    """Return the connector that a private file declares, None where there is no such file.

    Raises TerminalError for a file that others can read or that lacks something.
    """
    path = Home(settings.home).secrets / name
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        message = f"{path} can be read by others"
        raise TerminalError(message, f"It holds a token: run `chmod 600 {path}`.")
    try:
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        base = str(text["base"])
        found = read(text)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} does not declare a connector ({type(error).__name__})"
        raise TerminalError(message, f"It wants {wants}.") from None
    if not base.startswith("https://"):
        message = f"{path} names a base without TLS"
        raise TerminalError(message, "Write https://…: the token travels with every call.")
    return found


def export_tickets(
    conn: psycopg.Connection, desk: Desk, connector: Connector, now: datetime
) -> tuple[int, int]:
    """Pass on each ticket that has no reference yet, and say there what was resolved here.

    Returns how many were made and how many were told. Raises TransientError when the other side
    does not answer; what was done until then stays.
    """
    made = told = 0
    todo = [one for one in list_tickets(conn) if _is_due(conn, one)]
    if not todo:
        return made, told
    with connector.session() as outside:
        for one in todo:
            if one.external_ref is None:
                reference = outside.find(one) or outside.make(one)
                event = TicketEvent("exported", now, connector.name, comment=reference,
                                    payload={"external_ref": reference})  # fmt: skip
                made += 1
            else:
                outside.say(one.external_ref, f"ShopNow : ticket {STATES_FR[one.state]}.")
                event = TicketEvent("exported", now, connector.name,
                                    comment="résolution transmise")  # fmt: skip
                told += 1
            desk.record(conn, one.ticket_no, event, now)
    return made, told


def lines_of(ticket: Ticket) -> list[str]:
    """Return what another system is told of a ticket, line by line."""
    lines = [
        *ticket.description.splitlines(),
        f"Priorité {ticket.priority}, à {ticket.assignee} ({ticket.role}).",
        f"Que faire : docs/exploitation/{ticket.runbook}.md" if ticket.runbook else "",
    ]
    return [line for line in lines if line]


def mark_of(ticket: Ticket) -> str:
    """Return the mark by which a ticket is found again on the other side."""
    return f"shopnow-{ticket.ticket_no}"


def asked(
    client: httpx.Client,
    method: str,
    path: str,
    *,
    parameters: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what the other side answers as JSON; raises TransientError when it does not."""
    try:
        answer = client.request(method, path, params=parameters, json=body, headers=headers)
        answer.raise_for_status()
        content = answer.json() if answer.content else {}
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        message = f"{client.base_url.host} refuses {method} {path} (status {status})"
        raise TransientError(message, "Check its address, tokens and rights.") from None
    except (httpx.HTTPError, ValueError) as error:
        message = f"{client.base_url.host} does not answer {method} {path} ({type(error).__name__})"
        raise TransientError(message, "The next round tries again.") from None
    return content if isinstance(content, dict) else {}


def _is_due(conn: psycopg.Connection, ticket: Ticket) -> bool:
    if ticket.external_ref is None:
        return ticket.state != "closed"
    return ticket.state == "resolved" and not _was_told(conn, ticket)


def _was_told(conn: psycopg.Connection, ticket: Ticket) -> bool:
    events = ticket_events(conn, ticket.ticket_no)
    last = max(one.event_no for one in events if one.kind == "resolved")
    return any(one.kind == "exported" and one.event_no > last for one in events)

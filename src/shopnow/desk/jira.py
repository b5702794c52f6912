"""The connector to Jira: a ticket of ours becomes an issue there, once; off by default.

`<home>/secrets/jira.yaml` (0600) turns it on:

    base: "https://jira.exemple"      # Cloud or Data Center
    project: OPS
    token: "…"                        # Data Center: Bearer; with `user` (Cloud): Basic
    user: ""
    ca_file: ""                       # its own authority, when it has one

Jira takes the same issue twice without a word, so each carries a label of ours and is looked for
before it is made: a connector that died half-way makes no second one.
"""

from __future__ import annotations

import ssl
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx
import yaml

from shopnow.desk.model import STATES_FR, TicketEvent
from shopnow.desk.store import list_tickets, ticket_events
from shopnow.kernel import Home, TerminalError, TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import psycopg

    from shopnow.desk.model import Ticket
    from shopnow.desk.store import Desk
    from shopnow.kernel import Settings

FILE: Final = "jira.yaml"
_SECONDS: Final = 10.0
_TYPES: Final = {"incident": "Incident", "problem": "Problem", "request": "Service Request",
                 "change": "Change"}  # fmt: skip
_PRIORITIES: Final = {"P1": "Highest", "P2": "High", "P3": "Medium"}


@dataclass(frozen=True)
class Jira:
    """Where issues go, and as whom."""

    base: str
    project: str
    token: str = field(repr=False)
    user: str = ""
    ca_file: str = ""

    def client(self) -> httpx.Client:
        """Return a client that is logged in; the caller closes it."""
        known = {"Accept": "application/json"}
        if not self.user:
            known["Authorization"] = f"Bearer {self.token}"
        return httpx.Client(
            base_url=self.base.rstrip("/"),
            auth=(self.user, self.token) if self.user else None,
            headers=known,
            timeout=_SECONDS,
            verify=ssl.create_default_context(cafile=self.ca_file or None),
        )


def load_jira(settings: Settings) -> Jira | None:
    """Return the connector of a home, None when it is off.

    Raises TerminalError for a file that others can read or that lacks something.
    """
    path = Home(settings.home).secrets / FILE
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        message = f"{path} can be read by others"
        raise TerminalError(message, f"It holds a token: run `chmod 600 {path}`.")
    try:
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = Jira(text["base"], text["project"], text["token"], text.get("user", ""),
                     text.get("ca_file", ""))  # fmt: skip
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} does not declare a connector ({type(error).__name__})"
        raise TerminalError(message, "It wants base, project and token.") from None
    if not found.base.startswith("https://"):
        message = f"{path} names a base without TLS"
        raise TerminalError(message, "Write https://…: the token travels with every call.")
    return found


def export_tickets(
    conn: psycopg.Connection, desk: Desk, jira: Jira, now: datetime
) -> tuple[int, int]:
    """Make an issue of each ticket that has none, and say there what was resolved here.

    Returns how many were made and how many were told. Raises TransientError when Jira does not
    answer; what was done until then stays.
    """
    made = told = 0
    with jira.client() as client:
        for one in list_tickets(conn):
            key = one.external_ref
            if key is None:
                if one.state == "closed":
                    continue
                key = _found(client, jira, one) or _made(client, jira, one)
                payload = {"external_ref": key}
                event = TicketEvent("exported", now, "jira", comment=key, payload=payload)
                desk.record(conn, one.ticket_no, event, now)
                made += 1
            elif one.state == "resolved" and not _was_told(conn, one):
                _comment(client, key, f"ShopNow : ticket {STATES_FR[one.state]}.")
                event = TicketEvent("exported", now, "jira", comment="résolution transmise")
                desk.record(conn, one.ticket_no, event, now)
                told += 1
    return made, told


def issue_of(jira: Jira, ticket: Ticket) -> dict[str, Any]:
    """Return what Jira is asked to make of a ticket (REST v2: texts are plain)."""
    lines = [
        ticket.description,
        f"Priorité {ticket.priority}, à {ticket.assignee} ({ticket.role}).",
        f"Que faire : docs/exploitation/{ticket.runbook}.md" if ticket.runbook else "",
    ]
    return {
        "fields": {
            "project": {"key": jira.project},
            "summary": ticket.title,
            "description": "\n".join(line for line in lines if line),
            "issuetype": {"name": _TYPES[ticket.kind]},
            "priority": {"name": _PRIORITIES[ticket.priority]},
            "labels": ["shopnow", label_of(ticket)],
        }
    }


def label_of(ticket: Ticket) -> str:
    """Return the label by which the issue of a ticket is found again."""
    return f"shopnow-{ticket.ticket_no}"


def _found(client: httpx.Client, jira: Jira, ticket: Ticket) -> str | None:
    query = f'project = "{jira.project}" AND labels = "{label_of(ticket)}"'
    parameters = {"jql": query, "fields": "key", "maxResults": "1"}
    answer = _asked(client, "GET", "/rest/api/2/search", parameters=parameters)
    issues = answer.get("issues", [])
    return str(issues[0]["key"]) if issues else None


def _made(client: httpx.Client, jira: Jira, ticket: Ticket) -> str:
    answer = _asked(client, "POST", "/rest/api/2/issue", body=issue_of(jira, ticket))
    return str(answer["key"])


def _comment(client: httpx.Client, key: str, text: str) -> None:
    _asked(client, "POST", f"/rest/api/2/issue/{key}/comment", body={"body": text})


def _was_told(conn: psycopg.Connection, ticket: Ticket) -> bool:
    events = ticket_events(conn, ticket.ticket_no)
    last = max(one.event_no for one in events if one.kind == "resolved")
    return any(one.kind == "exported" and one.event_no > last for one in events)


def _asked(
    client: httpx.Client,
    method: str,
    path: str,
    *,
    parameters: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    try:
        answer = client.request(method, path, params=parameters, json=body)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json() if answer.content else {}
    except httpx.HTTPStatusError as error:
        status = error.response.status_code
        message = f"Jira refuses {method} {path} (status {status})"
        raise TransientError(message, "Check project, token and rights.") from None
    except (httpx.HTTPError, ValueError) as error:
        message = f"Jira does not answer {method} {path} ({type(error).__name__})"
        raise TransientError(message, "The next round tries again.") from None
    return content

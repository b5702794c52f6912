"""The connector to Jira: a ticket of ours becomes an issue there.

`<home>/secrets/jira.yaml` (0600) turns it on:

    base: "https://jira.exemple"      # Cloud or Data Center
    project: OPS
    token: "…"                        # Data Center: Bearer; with `user` (Cloud): Basic
    user: ""
    ca_file: ""                       # its own authority, when it has one
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopnow.desk.model import Ticket
    from shopnow.kernel import Settings

FILE: Final = "jira.yaml"
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
    name: str = "jira"

    @contextmanager
    def session(self) -> Iterator[JiraSession]:
        """Give a client that is logged in."""
        known = {"Accept": "application/json"}
        if not self.user:
            known["Authorization"] = f"Bearer {self.token}"
        with httpx.Client(
            base_url=self.base.rstrip("/"),
            auth=(self.user, self.token) if self.user else None,
            headers=known,
            timeout=TIMEOUT_SECONDS,
            verify=ssl.create_default_context(cafile=self.ca_file or None),
        ) as client:
            yield JiraSession(self, client)


@dataclass(frozen=True)
class JiraSession:
    """One session, on REST v2: texts are plain."""

    jira: Jira
    client: httpx.Client

    def find(self, ticket: Ticket) -> str | None:
        """Return the key of the issue that carries the mark of a ticket."""
        query = f'project = "{self.jira.project}" AND labels = "{mark_of(ticket)}"'
        parameters = {"jql": query, "fields": "key", "maxResults": "1"}
        answer = asked(self.client, "GET", "/rest/api/2/search", parameters=parameters)
        issues = answer.get("issues", [])
        return str(issues[0]["key"]) if issues else None

    def make(self, ticket: Ticket) -> str:
        """Make an issue and return its key."""
        body = issue_of(self.jira, ticket)
        return str(asked(self.client, "POST", "/rest/api/2/issue", body=body)["key"])

    def say(self, reference: str, text: str) -> None:
        """Comment on an issue."""
        asked(self.client, "POST", f"/rest/api/2/issue/{reference}/comment", body={"body": text})


def load_jira(settings: Settings) -> Connector | None:
    """Return the connector of a home, None when it is off; raises TerminalError."""

    def read(text: Mapping[str, Any]) -> Connector:
        return Jira(text["base"], text["project"], text["token"], text.get("user", ""),
                    text.get("ca_file", ""))  # fmt: skip

    return private_file(settings, FILE, read, "base, project and token")


def issue_of(jira: Jira, ticket: Ticket) -> dict[str, Any]:
    """Return what Jira is asked to make of a ticket."""
    return {
        "fields": {
            "project": {"key": jira.project},
            "summary": ticket.title,
            "description": "\n".join(lines_of(ticket)),
            "issuetype": {"name": _TYPES[ticket.kind]},
            "priority": {"name": _PRIORITIES[ticket.priority]},
            "labels": ["shopnow", mark_of(ticket)],
        }
    }

"""The connector to Jira against a fake that refuses every shape that Jira would refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.desk.test_tickets import NOW
from tests.receivers import open_receiver

from shopnow.desk import (
    Desk,
    Jira,
    NewTicket,
    TicketEvent,
    export_tickets,
    load_jira,
    one_ticket,
)
from shopnow.kernel import TerminalError, TransientError, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg
    from tests.receivers import Call, Receiver

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# What a project of Jira accepts for an issue; anything else is refused with 400.
FIELDS = {
    "project": {"key": str}, "summary": str, "description": str, "issuetype": {"name": str},
    "priority": {"name": str}, "labels": list,
}  # fmt: skip


class FakeJira:
    """Issues by key, as its REST interface keeps them."""

    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: list[tuple[str, str]] = []
        self.dies_after_making = False

    def answer(self, call: Call) -> tuple[int, Any]:
        if call.headers.get("Authorization") != "Bearer jeton":
            return 401, {}
        path = call.path.partition("?")[0]
        if (call.method, path) == ("GET", "/rest/api/2/search"):
            found = [key for key, one in self.issues.items()
                     if any(f"%22{label}%22" in call.path for label in one["labels"])]  # fmt: skip
            return 200, {"issues": [{"key": key} for key in found]}
        if (call.method, path) == ("POST", "/rest/api/2/issue"):
            return self._make(call.json)
        if call.method == "POST" and path.endswith("/comment"):
            key = path.split("/")[-2]
            if key not in self.issues or set(call.json) != {"body"}:
                return 400, {}
            self.comments.append((key, call.json["body"]))
            return 201, {"id": "1"}
        return 404, {}

    def _make(self, body: Any) -> tuple[int, Any]:  # noqa: ANN401
        fields = body.get("fields", {})
        good = set(body) == {"fields"} and set(fields) == set(FIELDS)
        good = good and all(_fits(fields[name], shape) for name, shape in FIELDS.items())
        good = good and "\n" not in fields["summary"] and len(fields["summary"]) <= 255
        if not good or any(" " in label for label in fields["labels"]):
            return 400, {"errors": {}}
        key = f"OPS-{len(self.issues) + 1}"
        self.issues[key] = fields
        if self.dies_after_making:
            return 500, {}
        return 201, {"id": "10", "key": key, "self": "https://jira.test/10"}


def _fits(value: object, shape: object) -> bool:
    if isinstance(shape, dict):
        return isinstance(value, dict) and set(value) == set(shape)
    return isinstance(shape, type) and isinstance(value, shape)


@pytest.fixture
def fake() -> FakeJira:
    return FakeJira()


@pytest.fixture
def server(fake: FakeJira, tmp_path: Path) -> Iterator[Receiver]:
    with open_receiver(tmp_path / "jira", reply=fake.answer) as receiver:
        yield receiver


@pytest.fixture
def jira(server: Receiver) -> Jira:
    return Jira(f"https://{server.base}", "OPS", "jeton", ca_file=str(server.ca_file))


def opened(desk: Desk, conn: psycopg.Connection) -> int:
    new = NewTicket("incident", "plateforme", "essai", "haut", "haut", "Ce qui est arrivé",
                    runbook="incident-p1")  # fmt: skip
    made = desk.open(conn, new, actor="essai", now=NOW)
    assert made is not None
    return made


def test_a_ticket_becomes_one_issue_and_its_end_is_told(
    desk: Desk, conn: psycopg.Connection, jira: Jira, fake: FakeJira
) -> None:
    number = opened(desk, conn)
    assert export_tickets(conn, desk, jira, NOW) == (1, 0)
    assert export_tickets(conn, desk, jira, NOW) == (0, 0)
    key = one_ticket(conn, number).external_ref
    assert key == "OPS-1"
    assert fake.issues[key]["priority"] == {"name": "Highest"}
    assert fake.issues[key]["labels"] == ["shopnow", f"shopnow-{number}"]
    desk.record(conn, number, TicketEvent("resolved", NOW, "essai"), NOW)
    assert export_tickets(conn, desk, jira, NOW) == (0, 1)
    assert export_tickets(conn, desk, jira, NOW) == (0, 0)
    assert fake.comments == [(key, "ShopNow : ticket résolu.")]
    desk.record(conn, number, TicketEvent("closed", NOW, "essai"), NOW)


def test_an_issue_that_was_made_but_not_answered_is_found_again(
    desk: Desk, conn: psycopg.Connection, jira: Jira, fake: FakeJira
) -> None:
    number = opened(desk, conn)
    fake.dies_after_making = True
    with pytest.raises(TransientError, match="500"):
        export_tickets(conn, desk, jira, NOW)
    assert one_ticket(conn, number).external_ref is None
    fake.dies_after_making = False
    export_tickets(conn, desk, jira, NOW)
    assert len(fake.issues) == 1
    assert one_ticket(conn, number).external_ref == "OPS-1"


def test_it_is_off_until_a_private_file_turns_it_on(shared: Settings, tmp_path: Path) -> None:
    settings = replace(shared, home=tmp_path)
    assert load_jira(settings) is None
    path = tmp_path / "secrets" / "jira.yaml"
    path.parent.mkdir()
    write_private(path, json.dumps({"base": "https://jira.test", "project": "OPS", "token": "x"}))
    found = load_jira(settings)
    assert found is not None
    assert "token" not in repr(found)
    path.chmod(0o644)
    with pytest.raises(TerminalError, match="read by others"):
        load_jira(settings)
    path.chmod(0o600)
    path.write_text("base: http://jira.test\nproject: OPS\ntoken: x\n")
    with pytest.raises(TerminalError, match="without TLS"):
        load_jira(settings)

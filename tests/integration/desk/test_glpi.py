"""The connector to GLPI against a fake that refuses every shape that GLPI would refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.integration.desk.test_tickets import NOW
from tests.receivers import open_receiver

from shopnow.desk import (
    Desk,
    Glpi,
    NewTicket,
    TicketEvent,
    export_tickets,
    load_connector,
    load_glpi,
    one_ticket,
)
from shopnow.kernel import TerminalError, TransientError, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg
    from tests.receivers import Call, Receiver

    from shopnow.desk import TicketKind
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# What GLPI accepts of us for an item; a ticket has a type too.
FIELDS = {"name": str, "content": str, "entities_id": int, "urgency": int, "impact": int,
          "priority": int}  # fmt: skip


class FakeGlpi:
    """Items by kind and number, as its first REST interface keeps them."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.followups: list[tuple[str, str]] = []
        self.sessions: set[str] = set()
        self.opened = 0
        self.dies_after_making = False

    def answer(self, call: Call) -> tuple[int, Any]:
        path = urlsplit(call.path)
        headers = {name.lower(): value for name, value in call.headers.items()}
        words = path.path.removeprefix("/apirest.php/").split("/")
        if headers.get("app-token") != "application" or not path.path.startswith("/apirest.php/"):
            return 400, ["ERROR_WRONG_APP_TOKEN_PARAMETER", ""]
        if words == ["initSession"]:
            if headers.get("authorization") != "user_token personne":
                return 401, ["ERROR_GLPI_LOGIN_USER_TOKEN", ""]
            self.opened += 1
            self.sessions.add(f"jeton-{self.opened}")
            return 200, {"session_token": f"jeton-{self.opened}"}
        session = headers.get("session-token", "")
        if session not in self.sessions:
            return 401, ["ERROR_SESSION_TOKEN_INVALID", ""]
        if words == ["killSession"]:
            self.sessions.discard(session)
            return 200, None
        return self._asked(call, words, path.query)

    def _asked(self, call: Call, words: list[str], query: str) -> tuple[int, Any]:
        if call.method == "GET" and words[0] == "search":
            return 200, self._search(words[1], parse_qs(query))
        if call.method == "POST" and words == ["ITILFollowup"]:
            return self._follow_up(call.json["input"])
        if call.method == "POST" and words[0] in ("Ticket", "Problem", "Change"):
            return self._make(words[0], call.json)
        return 404, ["ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM", ""]

    def _search(self, kind: str, asked: dict[str, list[str]]) -> dict[str, Any]:
        assert asked["criteria[0][field]"] == ["1"]
        assert asked["criteria[0][searchtype]"] == ["contains"]
        [wanted] = asked["criteria[0][value]"]
        rows = [{"1": one["name"], "2": int(key.split("/")[1])} for key, one in self.items.items()
                if key.startswith(kind) and wanted in one["name"]]  # fmt: skip
        found: dict[str, Any] = {"totalcount": len(rows), "count": len(rows)}
        # Without a hit GLPI leaves the rows out.
        return found | ({"data": rows} if rows else {})

    def _make(self, kind: str, body: Any) -> tuple[int, Any]:  # noqa: ANN401
        said = body.get("input", {})
        wanted = FIELDS | ({"type": int} if kind == "Ticket" else {})
        good = set(body) == {"input"} and said.keys() == wanted.keys()
        good = good and all(isinstance(said[name], type_) for name, type_ in wanted.items())
        levels = (said.get("urgency", 0), said.get("impact", 0), said.get("priority", 0))
        good = good and all(1 <= level <= 5 for level in levels) and len(said["name"]) <= 255
        if not good or "\n" in said["content"] or said.get("type", 1) not in (1, 2):
            return 400, ["ERROR_GLPI_ADD", ""]
        number = len(self.items) + 1
        self.items[f"{kind}/{number}"] = said
        if self.dies_after_making:
            return 500, ["ERROR", ""]
        return 201, {"id": number, "message": ""}

    def _follow_up(self, said: dict[str, Any]) -> tuple[int, Any]:
        key = f"{said.get('itemtype')}/{said.get('items_id')}"
        if key not in self.items or said.keys() != {"itemtype", "items_id", "content"}:
            return 400, ["ERROR_GLPI_ADD", ""]
        self.followups.append((key, said["content"]))
        return 201, {"id": 1, "message": ""}


@pytest.fixture
def fake() -> FakeGlpi:
    return FakeGlpi()


@pytest.fixture
def server(fake: FakeGlpi, tmp_path: Path) -> Iterator[Receiver]:
    with open_receiver(tmp_path / "glpi", reply=fake.answer) as receiver:
        yield receiver


@pytest.fixture
def glpi(server: Receiver) -> Glpi:
    return Glpi(f"https://{server.base}", "application", "personne", ca_file=str(server.ca_file))


def opened(desk: Desk, conn: psycopg.Connection, kind: TicketKind = "incident") -> int:
    new = NewTicket(kind, "plateforme", "essai <de> titre", "haut", "moyen",
                    "Ce qui est arrivé\n2 < 3", runbook="incident-p1")  # fmt: skip
    made = desk.open(conn, new, actor="essai", now=NOW)
    assert made is not None
    return made


def close(desk: Desk, conn: psycopg.Connection, number: int) -> None:
    """End a ticket, so that the next test does not pass it on."""
    for kind in ("resolved", "closed"):
        desk.record(conn, number, TicketEvent(kind, NOW, "essai"), NOW)


def test_a_ticket_becomes_one_item_and_its_end_is_told(
    desk: Desk, conn: psycopg.Connection, glpi: Glpi, fake: FakeGlpi
) -> None:
    number = opened(desk, conn)
    assert export_tickets(conn, desk, glpi, NOW) == (1, 0)
    assert export_tickets(conn, desk, glpi, NOW) == (0, 0)
    key = one_ticket(conn, number).external_ref
    assert key == "Ticket/1"
    item = fake.items[key]
    assert item["name"] == f"essai <de> titre [shopnow-{number}]"
    assert item["content"].startswith("Ce qui est arrivé<br>2 &lt; 3<br>Priorité P2, à ")
    assert (item["urgency"], item["impact"], item["priority"], item["type"]) == (3, 5, 4, 1)
    desk.record(conn, number, TicketEvent("resolved", NOW, "essai"), NOW)
    assert export_tickets(conn, desk, glpi, NOW) == (0, 1)
    assert export_tickets(conn, desk, glpi, NOW) == (0, 0)
    assert fake.followups == [(key, "ShopNow : ticket résolu.")]
    # Every session was ended, and none was opened where nothing was to be said.
    assert (fake.opened, fake.sessions) == (2, set())
    desk.record(conn, number, TicketEvent("closed", NOW, "essai"), NOW)


def test_each_kind_becomes_what_glpi_calls_it(
    desk: Desk, conn: psycopg.Connection, glpi: Glpi, fake: FakeGlpi
) -> None:
    kinds: tuple[TicketKind, ...] = ("request", "problem", "change")
    numbers = [opened(desk, conn, kind) for kind in kinds]
    assert export_tickets(conn, desk, glpi, NOW) == (3, 0)
    references = {one_ticket(conn, number).external_ref for number in numbers}
    assert {str(one).split("/")[0] for one in references} == {"Ticket", "Problem", "Change"}
    assert [one["type"] for one in fake.items.values() if "type" in one] == [2]
    for number in numbers:
        close(desk, conn, number)


def test_an_item_that_was_made_but_not_answered_is_found_again(
    desk: Desk, conn: psycopg.Connection, glpi: Glpi, fake: FakeGlpi
) -> None:
    number = opened(desk, conn)
    fake.dies_after_making = True
    with pytest.raises(TransientError, match="500"):
        export_tickets(conn, desk, glpi, NOW)
    assert fake.sessions == set()
    assert one_ticket(conn, number).external_ref is None
    fake.dies_after_making = False
    export_tickets(conn, desk, glpi, NOW)
    assert len(fake.items) == 1
    assert one_ticket(conn, number).external_ref == "Ticket/1"
    close(desk, conn, number)


def test_a_wrong_token_is_told_without_being_shown(
    desk: Desk, conn: psycopg.Connection, glpi: Glpi
) -> None:
    number, wrong = opened(desk, conn), "faux-jeton"
    with pytest.raises(TransientError, match="status 401") as caught:
        export_tickets(conn, desk, replace(glpi, user_token=wrong), NOW)
    assert wrong not in str(caught.value)
    close(desk, conn, number)


def test_it_is_off_until_a_private_file_turns_it_on(shared: Settings, tmp_path: Path) -> None:
    settings = replace(shared, home=tmp_path)
    assert load_connector(settings) is None
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    known = {"base": "https://glpi.test", "app_token": "application", "user_token": "personne"}
    write_private(secrets / "glpi.yaml", json.dumps(known))
    found = load_glpi(settings)
    assert found == load_connector(settings)
    assert "personne" not in repr(found)
    (secrets / "glpi.yaml").chmod(0o644)
    with pytest.raises(TerminalError, match="read by others"):
        load_glpi(settings)
    (secrets / "glpi.yaml").chmod(0o600)
    jira = {"base": "https://jira.test", "project": "OPS", "token": "x"}
    write_private(secrets / "jira.yaml", json.dumps(jira))
    with pytest.raises(TerminalError, match="two ticket systems"):
        load_connector(settings)
    (secrets / "glpi.yaml").write_text("base: https://glpi.test\n", encoding="utf-8")
    with pytest.raises(TerminalError, match="does not declare"):
        load_glpi(settings)

"""The door of the pages, tried as by somebody who should stay outside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.pages import PASSWORD, Site, enter, serving, token_of

from shopnow.kernel import FixedClock, connect
from shopnow.security import add_account, suspend_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

pytestmark = [pytest.mark.integration, pytest.mark.security]


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with site.visitor() as client:
        yield client


def test_every_page_leads_to_the_door_first(client: httpx.Client) -> None:
    for path in ("/supervision", "/livraisons/1", "/vie-privee", "/ma-boutique"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?vers={path}")


def test_an_unknown_login_and_a_wrong_password_look_the_same(client: httpx.Client) -> None:
    wrong = enter(client, "dpo", "pas le bon mot")
    unknown = enter(client, "nobody", "pas le bon mot")
    assert wrong.status_code == unknown.status_code == 403
    assert "Nom ou mot de passe inconnu" in wrong.text
    assert wrong.text.replace("dpo", "") == unknown.text.replace("nobody", "")


def test_five_failures_close_a_login_for_a_while_even_to_the_right_password(site: Site) -> None:
    clock = FixedClock(site.clock.now())
    add_account(site.settings, clock, "tried", "shopnow_operator", password=PASSWORD)
    with serving(site.settings, clock) as other, other.visitor() as client:
        for _ in range(5):
            assert enter(client, "tried", "not the password").status_code == 403
        assert enter(client, "tried").status_code == 429
        # The others are not kept out by it.
        assert enter(client, "operator").status_code == 303
    later = FixedClock(clock.now() + timedelta(minutes=6))
    with serving(site.settings, later) as other, other.visitor() as client:
        assert enter(client, "tried").status_code == 303


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: httpx.Client) -> None:
    cookie = enter(client, "operator").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_no_token_is_in_the_database(site: Site) -> None:
    with site.visitor("operator") as client:
        token = client.cookies["shopnow_session"]
    with connect(site.settings, None) as conn:
        rows = conn.execute("SELECT * FROM security.web_session").fetchall()
        accounts = conn.execute("SELECT * FROM security.web_account").fetchall()
    assert token not in str(rows)
    assert PASSWORD not in str(accounts)
    assert all(str(row[1]).startswith("$argon2id$") for row in accounts)


def test_leaving_ends_the_session_itself(site: Site) -> None:
    with site.visitor("operator") as client:
        token = client.cookies["shopnow_session"]
        form = {"jeton": token_of(client, "/tickets")}
        assert client.post("/deconnexion", data=form).status_code == 303
        client.cookies.set("shopnow_session", token)
        assert client.get("/tickets").status_code == 303


def test_a_suspended_account_is_outside_at_once(site: Site) -> None:
    add_account(site.settings, site.clock, "leaves", "shopnow_operator", password=PASSWORD)
    with site.visitor("leaves") as client:
        assert client.get("/tickets").status_code == 200
        suspend_account(site.settings, site.clock, "leaves")
        assert client.get("/tickets").status_code == 303
        assert enter(client, "leaves").status_code == 403


def test_a_session_ends_when_it_is_idle(site: Site) -> None:
    with site.visitor("operator") as client:
        token = client.cookies["shopnow_session"]
    later = FixedClock(site.clock.now() + timedelta(hours=3))
    with serving(site.settings, later) as other, other.visitor() as client:
        client.cookies.set("shopnow_session", token)
        assert client.get("/tickets").status_code == 303


@pytest.mark.parametrize("to", ["//other.test", "https://other.test", "/\\other.test", "tickets"])
def test_the_door_leads_nowhere_else(client: httpx.Client, to: str) -> None:
    form = {"login": "operator", "password": PASSWORD, "vers": to}
    assert client.post("/connexion", data=form).headers["location"] == "/"


def test_a_form_without_the_token_of_the_session_changes_nothing(site: Site) -> None:
    form = {
        "type": "request", "activite": "acces", "impact": "bas", "urgence": "bas",
        "titre": "sans jeton",
    }  # fmt: skip
    with site.visitor("operator") as client, site.visitor("admin") as other:
        stolen = token_of(other, "/tickets")
        elsewhere = {"sec-fetch-site": "cross-site"}
        own = token_of(client, "/tickets")
        refused = [
            client.post("/tickets", data=form),
            client.post("/tickets", data=form | {"jeton": stolen}),
            client.post("/tickets", data=form | {"jeton": own}, headers=elsewhere),
            client.post("/tickets", data=form | {"jeton": own}, headers={"origin": "http://x"}),
        ]
        assert {answer.status_code for answer in refused} == {400}
        assert "sans jeton" not in client.get("/tickets").text
        assert client.post("/tickets", data=form | {"jeton": own}).status_code == 303
        assert "sans jeton" in client.get("/tickets").text


def test_every_answer_forbids_what_the_pages_do_not_need(site: Site) -> None:
    with site.visitor("operator") as client:
        for path in ("/tickets", "/connexion", "/nowhere", "/static/live.js", "/sante"):
            headers = client.get(path).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "script-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
        assert client.get("/tickets").headers["cache-control"] == "no-store"


def test_what_is_typed_is_shown_as_text(site: Site) -> None:
    with site.visitor("operator") as client:
        page = client.get("/livraisons", params={"vendeur": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_metrics_want_their_token(site: Site) -> None:
    word = "m" * 40
    file = site.settings.home / "secrets" / "metrics.token"
    file.write_text(word, encoding="ascii")
    with site.visitor() as client:
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 401
        answer = client.get("/metrics", headers={"authorization": f"Bearer {word}"})
    file.unlink()
    assert "shopnow_indicator_health{" in answer.text

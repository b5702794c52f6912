"""What each role is shown: its menu, all of it and nothing else; a seller the seller's own rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.alerts import load_indicators
from shopnow.kernel import connect
from shopnow.security import STAFF_ROLES, Person
from shopnow.web.pages import PAGES
from shopnow.web.people import MENU, menu_of
from shopnow.web.pools import Pools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.pages import Site

pytestmark = [pytest.mark.integration, pytest.mark.security]
ROLES = [*STAFF_ROLES.items(), ("seller1", "a seller's")]


def _shown(login: str, role: str) -> set[str]:
    person = Person(login, role, "", "")
    return {entry.path for entry in menu_of(person)}


@pytest.mark.parametrize(("login", "role"), ROLES, ids=[login for login, _ in ROLES])
def test_a_role_sees_its_menu_and_nothing_else(site: Site, login: str, role: str) -> None:
    shown = _shown(login, role)
    assert shown
    with site.visitor(login) as client:
        found = {entry.path: client.get(entry.path).status_code for entry in MENU}
    assert found == {entry.path: 200 if entry.path in shown else 403 for entry in MENU}


def _numbered() -> Iterator[str]:
    for path, methods, _ in PAGES:
        if "{number}" in path and "GET" in methods:
            yield path


@pytest.mark.parametrize("path", [*_numbered()])
def test_a_number_that_is_none_is_no_error(site: Site, path: str) -> None:
    login = "seller1" if path.startswith("/mes") else "operator"
    with site.visitor(login) as client:
        for number in ("999999", "abc", "-5", "1" * 40, "%27"):
            assert client.get(path.replace("{number}", number)).status_code == 404


def test_every_delivery_seller_and_run_has_its_page(site: Site) -> None:
    with connect(site.settings) as conn:
        deliveries = conn.execute("SELECT delivery_key FROM staging.delivery").fetchall()
        sellers = conn.execute(
            "SELECT DISTINCT seller_no FROM dwh.dim_seller WHERE seller_no >= 0"
        ).fetchall()
        runs = conn.execute("SELECT run_id FROM journal.run").fetchall()
    paths = [f"/livraisons/{key}" for (key,) in deliveries]
    paths += [f"/vendeurs/{number}" for (number,) in sellers]
    paths += [f"/executions/{number}" for (number,) in runs]
    for login in ("operator", "admin", "engineer"):
        with site.visitor(login) as client:
            assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(
                paths, 200
            )


def test_a_seller_meets_no_row_of_another(site: Site) -> None:
    with connect(site.settings) as conn:
        rows = conn.execute("SELECT sender_no, delivery_key FROM staging.delivery").fetchall()
        titles = conn.execute(
            "SELECT DISTINCT s.seller_id, p.title FROM dwh.dim_product AS p"
            " JOIN dwh.dim_seller AS s USING (seller_no)"
            " WHERE p.product_key > 0 AND p.title IS NOT NULL"
        ).fetchall()
        number: dict[str, int] = dict(
            conn.execute(
                "SELECT seller_id, seller_no FROM dwh.dim_seller WHERE is_current"
            ).fetchall()
        )
    others = [title for seller, title in titles if seller != "S1"]
    own = [title for seller, title in titles if seller == "S1"]
    assert others
    with site.visitor("seller1") as client:
        for sender, key in rows:
            wanted = 200 if sender == number["S1"] else 404
            assert client.get(f"/mes-livraisons/{key}").status_code == wanted
        text = client.get("/ma-boutique").text + client.get("/mes-livraisons").text
    assert not [title for title in others if title in text and title not in own]


def test_a_role_does_not_outlive_its_page(site: Site) -> None:
    people = {
        word: Person(word, role, "shopnow_web_staff", "") for word, role in STAFF_ROLES.items()
    }
    with Pools(site.settings) as pools:
        for word in [*people, *reversed(people)]:
            with pools.of(people[word]) as conn:
                assert conn.execute("SELECT current_user").fetchone() == (STAFF_ROLES[word],)
            with pools.door() as conn:
                assert conn.execute("SELECT current_user").fetchone() == ("shopnow_web_staff",)
            with pytest.raises(RuntimeError), pools.of(people[word]):
                raise RuntimeError
            with pools.door() as conn:
                assert conn.execute("SELECT current_user").fetchone() == ("shopnow_web_staff",)


def test_the_page_shows_every_indicator_that_is_declared(site: Site) -> None:
    declared = load_indicators(site.settings)
    with site.visitor("operator") as client:
        page, how = client.get("/supervision").text, client.get("/calculs").text
    assert {name for name in declared if f"/calculs#{name}" in page} == set(declared)
    assert {name for name in declared if f'id="{name}"' in how} == set(declared)
    assert {
        one.title for one in declared.values() if one.title not in how.replace("&#39;", "'")
    } == set()

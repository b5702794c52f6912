"""No page leads nowhere: every link that a role is shown opens, for that role."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from shopnow.alerts import load_rules
from shopnow.security import STAFF_ROLES
from shopnow.web.pages.procedures import procedure_titles

if TYPE_CHECKING:
    from tests.pages import Site

pytestmark = pytest.mark.integration
_LINK = re.compile(r'href="(/[^"#]*)')


@pytest.mark.parametrize("login", [*STAFF_ROLES, "seller1"])
def test_every_link_that_is_shown_opens(site: Site, login: str) -> None:
    with site.visitor(login) as client:
        waiting, seen, wrong = [client.get("/").headers["location"]], set[str](), {}
        while waiting:
            path = waiting.pop()
            # One page of each kind is enough; the numbers are those of the pages before.
            kind = re.sub(r"\d+", "N", path.partition("=")[0]) if path.count("/") > 1 else path
            if kind in seen or path == "/":
                continue
            seen.add(kind)
            answer = client.get(path)
            if answer.status_code != 200:
                wrong[path] = answer.status_code
            if "text/html" in answer.headers["content-type"]:
                waiting += [unescape(link) for link in _LINK.findall(answer.text)]
    assert wrong == {}
    assert len(seen) > 3


def test_every_alert_leads_to_its_procedure(site: Site) -> None:
    rules = load_rules(site.settings)
    with site.visitor("operator") as client:
        listed = client.get("/procedures").text
        for name in {rule.runbook for rule in rules.values()}:
            assert f'href="/procedures/{name}"' in listed
            page = client.get(f"/procedures/{name}")
            assert page.status_code == 200
            assert page.text.count("<h2>") >= 3


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fREADME", "%2e%2e", "a" * 300])
def test_only_procedures_are_read_from_the_disk(site: Site, name: str) -> None:
    with site.visitor("operator") as client:
        assert client.get(f"/procedures/{name}").status_code == 404


def test_how_the_house_works_is_no_sellers_business(site: Site) -> None:
    with site.visitor("seller1") as client:
        for path in ("/procedures", f"/procedures/{next(iter(procedure_titles()))}", "/equipe"):
            assert client.get(path).status_code == 404

"""The circuit breaker of a seller: opened by a collapsed score, closed by files or a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.market import garbage, good
from tests.runbooks import play, runbook

from shopnow.kernel import UsageError, connect
from shopnow.pipeline import (
    change_breaker,
    decide,
    list_breakers,
    plan_breaker,
    plan_decision,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.market import Market

    from shopnow.pipeline import Breaker

pytestmark = pytest.mark.integration


def collapsed(market: Market, seller: str) -> list[int]:
    """Let a seller send three files of garbage; the guard holds each, the third opens."""
    keys = [market.receives(f"{seller}-products", *garbage(seller)) for _ in range(3)]
    market.runs()
    return keys


def breaker_of(market: Market, seller: str) -> Breaker | None:
    number = market.number(seller)
    with connect(market.settings) as conn:
        return next((b for b in list_breakers(conn) if b.seller_no == number), None)


def test_a_collapsed_score_holds_what_comes_next_and_nobody_else(market: Market) -> None:
    first = market.receives("Q01-products", *good("Q01"))
    market.runs()
    assert market.state(first) == "published"
    collapsed(market, "Q01")
    opened = breaker_of(market, "Q01")
    assert opened is not None
    assert opened.is_open
    assert opened.score is not None
    assert opened.score < 40

    fine, small = [market.receives("Q01-products", *good("Q01", n)) for n in (30, 1)]
    other = market.receives("Q02-products", *good("Q02"))
    report = market.runs()
    assert report.published == [other]
    assert set(report.held) == {fine, small}
    assert report.held[fine].startswith(
        f"coupe-circuit ouvert : score de {opened.score} sur les 3 dernières livraisons (products)"
    )
    assert [market.state(key) for key in (fine, small)] == ["held", "held"]
    events = [e for e in market.events("breaker_open") if e["seller_no"] == market.number("Q01")]
    assert [(e["type"], e["level"]) for e in events] == [("qualite", "ERROR")]
    judged = market.ask("SELECT score FROM quality.judgement WHERE delivery_key = %s", fine)
    assert judged == [{"score": 100}], "held files are judged and answered all the same"


def test_good_files_in_a_row_close_it_and_are_loaded(market: Market) -> None:
    bad = collapsed(market, "Q03")
    one = market.receives("Q03-products", *good("Q03"))
    mixed = market.receives("Q03-products", *good("Q03", 12), *garbage("Q03", 13))
    again = [market.receives("Q03-products", *good("Q03", 20 + n)) for n in range(2)]
    market.runs()
    assert [market.state(key) for key in (one, mixed, *again)] == ["held"] * 4

    third = market.receives("Q03-products", *good("Q03", 29))
    report = market.runs()
    assert report.published == [third, one, *again], "it is loaded, and those that were held"
    assert report.held == {}
    found = breaker_of(market, "Q03")
    assert found is not None
    assert not found.is_open
    assert found.decided_by == "regle"
    assert [market.state(key) for key in (*bad, mixed)] == ["held"] * 4, "these wait for a person"
    after = market.receives("Q03-products", *good("Q03", 3))
    assert market.runs().published == [after]


def test_a_person_closes_it_and_what_it_held_is_taken_in(market: Market) -> None:
    collapsed(market, "Q04")
    key = market.receives("Q04-products", *good("Q04"))
    market.runs()
    assert market.state(key) == "held"
    with market.context() as context, connect(market.settings) as conn:
        plan = plan_breaker(conn, "Q04", opens=False)
        assert plan.held[-1] == key
        assert change_breaker(context, conn, plan, "ada", "export corrigé") == len(plan.held)
        with pytest.raises(UsageError, match="meanwhile"):
            change_breaker(context, conn, plan, "bob", "twice")
        with pytest.raises(UsageError, match="closed already"):
            plan_breaker(conn, "Q04", opens=False)
        with pytest.raises(UsageError, match="the house"):
            plan_breaker(conn, "0", opens=True)
    report = market.runs()
    assert key in report.published
    found = breaker_of(market, "Q04")
    assert found is not None
    assert (found.is_open, found.decided_by, found.reason) == (False, "ada", "export corrigé")
    market.receives("Q04-products", *garbage("Q04"))
    market.runs()
    again = breaker_of(market, "Q04")
    assert again is not None
    assert not again.is_open, "what was before the closing is not counted again"


def test_only_the_feed_that_opened_it_closes_it(market: Market) -> None:
    collapsed(market, "Q09")
    keys = [market.receives("Q09-offers", f"A{n},{n}.50,3") for n in range(3)]
    assert sorted(market.runs().held) == keys, "good prices say nothing of a broken catalogue"
    found = breaker_of(market, "Q09")
    assert found is not None
    assert found.is_open


def test_what_a_person_opened_is_closed_by_any_feed_and_all_of_it_is_loaded(
    market: Market,
) -> None:
    with market.context() as context, connect(market.settings) as conn:
        plan = plan_breaker(conn, "Q10", opens=True)
        change_breaker(context, conn, plan, "ada", "le vendeur signale un export faux")
    product = market.receives("Q10-products", *good("Q10"))
    assert list(market.runs().held) == [product]
    offers = [market.receives("Q10-offers", f"A{n},{n}.50,3") for n in range(3)]
    report = market.runs()
    assert sorted(report.published) == [product, *offers]
    assert report.held == {}


def test_files_that_cannot_be_read_open_it_too(market: Market) -> None:
    for number in range(3):
        market.receives_bytes("Q05-products", bytes(range(256)) * (number + 1))
    report = market.runs()
    assert len(report.refused) == 3
    found = breaker_of(market, "Q05")
    assert found is not None
    assert found.is_open


def test_few_bad_lines_and_the_platform_open_nothing(market: Market) -> None:
    for _ in range(3):
        market.receives("Q06-products", *garbage("Q06", 3))
    for number in range(3):
        market.receives("bazar-products", *garbage("Q06", 25 + number), head=(
            "seller,sku,title,brand,category,status"
        ))  # fmt: skip
    market.runs()
    assert breaker_of(market, "Q06") is None
    assert market.ask("SELECT 1 FROM quality.breaker WHERE seller_no <= 0") == []


def test_approving_one_delivery_loads_it_while_the_breaker_stays_open(market: Market) -> None:
    collapsed(market, "Q07")
    key = market.receives("Q07-products", *good("Q07"))
    market.runs()
    with market.context() as context, connect(market.settings) as conn:
        decide(context, conn, plan_decision(conn, key, "approved"), "ada")
    assert market.runs().published == [key]
    found = breaker_of(market, "Q07")
    assert found is not None
    assert found.is_open


def test_the_runbook(market: Market, tmp_path: Path) -> None:
    collapsed(market, "Q08")
    key = market.receives("Q08-products", *good("Q08"))
    market.runs()
    played = play(
        runbook("fermer-un-coupe-circuit"), market.settings, tmp_path / "desk",
        variables={"VENDEUR": "Q08"},
    )  # fmt: skip
    told = "".join(one.stdout for one in played)
    assert "Rien n'est fait." in told
    assert "HORS BORNES" not in told
    assert market.state(key) == "published"
    found = breaker_of(market, "Q08")
    assert found is not None
    assert not found.is_open

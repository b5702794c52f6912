"""Who a seller is: merges and their undoing, recycled identifiers, goods that change hands.

S63 to S68, by the commands that people call and through the whole pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from tests.history.timeline import (
    CUISINE,
    MAISON,
    Market,
    at,
    open_market,
    product,
    sale,
    seller,
)
from tests.marketplace import NOON, Shipment, csv
from tests.runbooks import play, runbook
from tests.warehouse_state import exact

from shopnow.cli.base import run
from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration
EAN = "4006381333931"
Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def market(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Give one marketplace for all cases of this file; each has sellers of its own."""
    with open_market(test_server, tmp_path_factory.mktemp("identities")) as opened:
        yield opened


def words_for(settings: Settings, *words: str) -> list[str]:
    """The command line of `shopnow seller …` on this warehouse."""
    options = (f"database={settings.database}", "server_sync=false", "server_archive=false")
    sets = [word for option in options for word in ("--set", option)]
    return ["--home", str(settings.home), *sets, "seller", *words]


@pytest.fixture
def call(market: Market, capsys: pytest.CaptureFixture[str]) -> Call:
    """Give `shopnow seller … --json`: its facts."""

    def called(*words: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        ended = run(words_for(market.settings, *words, "--json"))
        said = capsys.readouterr()
        assert ended == code, said.err
        found: dict[str, Any] = json.loads(said.out) if code == 0 else {"error": said.err}
        return found

    return called


def sold(market: Market, relation: str) -> dict[str, Decimal]:
    """Amounts of lines by the seller they count for, in a view of order lines."""
    rows = market.ask(
        sql.SQL(
            "SELECT seller_id, sum(line_amount) AS amount FROM {}"
            " GROUP BY seller_id ORDER BY seller_id"
        ).format(sql.Identifier(*relation.split(".")))
    )
    return {row["seller_id"]: row["amount"] for row in rows}


def merged_market(market: Market, one: str, other: str) -> None:
    """Two sellers that both sold, before and after day 5."""
    market.tell(seller(one, 1, legal="111"), seller(other, 1, legal="111"))
    market.tell(
        sale(one, "P", 2, price="10"), sale(one, "P", 7, price="20"),
        sale(other, "P", 2, price="100"), sale(other, "P", 7, price="200"),
    )  # fmt: skip


def test_s63_a_merge_moves_what_is_read_as_is_and_nothing_else(market: Market, call: Call) -> None:
    merged_market(market, "X63", "Y63")
    x, y = market.number("X63"), market.number("Y63")
    before = exact(market.settings)

    plan = call("merge", "X63", "Y63", "--from", "2025-03-05")
    assert (plan["applied"], plan["merged"]["lines"], plan["remarks"]) == (False, 2, [])
    assert plan["survivor_before"] == {"EUR": "300.0000"}
    assert plan["survivor_after"] == {"EUR": "330.0000"}
    assert market.ask("SELECT * FROM security.seller_bridge WHERE seller_no = %s", x) == []

    assert call("merge", "X63", "Y63", "--from", "2025-03-05", "--apply")["applied"]

    assert exact(market.settings) == before
    was, now = sold(market, "dwh.order_line_as_was"), sold(market, "dwh.order_line_as_is")
    assert (was["X63"], was["Y63"]) == (Decimal(30), Decimal(300))
    assert now["Y63"] == Decimal(330)
    assert "X63" not in now
    assert sum(was.values()) == sum(now.values())
    rows = market.ask(
        "SELECT seller_no, sum(net_amount) AS amount FROM mart.seller_daily_sales_as_is"
        " WHERE seller_no = ANY(%s) GROUP BY seller_no", [x, y],
    )  # fmt: skip
    assert [(row["seller_no"], row["amount"]) for row in rows] == [(y, Decimal(330))]
    # Roles of Y see both, those of X their own.
    seen = "SELECT array_agg(n ORDER BY n) AS seen FROM security.sellers_seen_by(%s) AS s (n)"
    assert market.ask(seen, y) == [{"seen": sorted([x, y])}]
    assert market.ask(seen, x) == [{"seen": [x]}]
    # From that day on, not before.
    stood = "SELECT survivor_no FROM security.seller_survivors(%s) WHERE seller_no = %s"
    assert market.ask(stood, at(4), x) == [{"survivor_no": x}]
    assert market.ask(stood, at(6), x) == [{"survivor_no": y}]
    (event,) = market.ask(
        "SELECT error_code, payload FROM journal.event"
        " WHERE seller_no = %s AND source = 'registry'",
        x,
    )
    assert (event["error_code"], event["payload"]["merged_into"]) == ("seller_merged", y)
    story = call("show", "X63")
    assert [bridge["into_id"] for bridge in story["merges"]] == ["Y63"]


def test_s63_the_merged_seller_goes_on_under_its_own_number(market: Market, call: Call) -> None:
    merged_market(market, "X63N", "Y63N")
    call("merge", "X63N", "Y63N", "--from", "2025-03-05", "--apply")
    market.tell(sale("X63N", "P", 8, price="7"), seller("X63N", 6, status="closed"))
    assert len(market.lines("X63N")) == 3
    assert [version["status"] for version in market.sellers("X63N")] == ["active", "closed"]
    assert sold(market, "dwh.order_line_as_is")["Y63N"] == Decimal(337)


def test_s64_undoing_a_merge_gives_each_its_own_again(market: Market, call: Call) -> None:
    merged_market(market, "X64", "Y64")
    before = exact(market.settings)
    was = sold(market, "dwh.order_line_as_is")
    call("merge", "X64", "Y64", "--from", "2025-03-05", "--apply")
    assert sold(market, "dwh.order_line_as_is") != was

    plan = call("merge", "X64", "Y64", "--undo")
    assert plan["survivor_after"] == {"EUR": "300.0000"}
    assert sold(market, "dwh.order_line_as_is") != was

    call("merge", "X64", "Y64", "--undo", "--apply")

    assert sold(market, "dwh.order_line_as_is") == was
    assert exact(market.settings) == before
    x, y = market.number("X64"), market.number("Y64")
    (bridge,) = market.ask("SELECT * FROM security.seller_bridge WHERE seller_no = %s", x)
    assert bridge["merged_into"] == y
    assert bridge["valid_from"] < bridge["valid_to"] < at("2200-01-01")
    # What held in between is still known.
    stood = "SELECT survivor_no FROM security.seller_survivors(%s) WHERE seller_no = %s"
    assert market.ask(stood, at(6), x) == [{"survivor_no": y}]
    # It can be merged again later, not into the time in which it was.
    assert "held until" in call(
        "merge", "X64", "Y64", "--from", "2025-03-07", code=2
    )["error"]  # fmt: skip
    again = call("merge", "X64", "Y64", "--from", bridge["valid_to"].isoformat(), "--apply")
    assert again["applied"]


def test_a_merge_undone_from_its_first_day_never_held(market: Market, call: Call) -> None:
    merged_market(market, "X64E", "Y64E")
    call("merge", "X64E", "Y64E", "--from", "2025-03-05", "--apply")
    call("merge", "X64E", "Y64E", "--undo", "--from", "2025-03-05", "--apply")
    stood = "SELECT survivor_no FROM security.seller_survivors(%s) WHERE seller_no = %s"
    x = market.number("X64E")
    assert market.ask(stood, at(6), x) == [{"survivor_no": x}]
    assert call("show", "X64E")["merges"] == []
    assert call("merge", "X64E", "Y64E", "--from", "2025-03-05", "--apply")["applied"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("merge", "XR", "XR", "--from", "2025-03-05"), "same seller"),
        (("merge", "SHOPNOW", "YR", "--from", "2025-03-05"), "merged into nobody"),
        (("merge", "XR", "YRR", "--from", "2025-03-05"), "Did you mean 'YR'"),
        (("merge", "XR", "YR"), "--from is missing"),
        (("merge", "XR", "YR", "--from", "2999-01-01"), "has not come yet"),
        (("merge", "XR", "YR", "--from", "le cinq"), "is no time"),
        (("merge", "ZR", "XR", "--from", "2025-03-05"), "is merged into"),
        (("merge", "YR", "ZR", "--from", "2025-03-05"), "is itself merged"),
        (("merge", "XR", "YR", "--undo"), "is not merged into"),
        (("merge", "ZR", "YR", "--undo", "--from", "2025-03-01"), "the merge began on"),
        (("recycle", "XR", "--legal-id", "111", "--from", "2025-03-05"), "same company"),
        (("recycle", "XQ", "--legal-id", "9", "--from", "2025-03-05"), "is in force"),
        (("recycle", "XR", "--legal-id", "9", "--from", "2999-01-01"), "has not come yet"),
        (("recycle", "XR", "--legal-id", "9", "--from", "1899-01-01"), "has had this owner since"),
    ],
)
def test_what_cannot_be_is_refused_with_a_hint(
    refusals: None, call: Call, words: tuple[str, ...], said: str
) -> None:
    assert said in call(*words, code=2)["error"]


@pytest.fixture(scope="module")
def refusals(market: Market) -> None:
    """Make sellers for refusals: ZR is merged into YR already."""
    merged_market(market, "XR", "YR")
    market.tell(seller("ZR", 1))
    words = words_for(market.settings, "merge", "ZR", "YR", "--from", "2025-03-05", "--apply")
    assert run(words) == 0


def test_s65_goods_that_change_hands_are_another_product(market: Market) -> None:
    """The seller's own full list no longer names it; the other seller's list does."""
    market.tell(seller("S1", 1), seller("S2", 1))
    own = "sku,title,status,updated_at"
    keeps = [f"K{n},Objet,active,2025-03-01T08:00:00Z" for n in range(5)]
    full(market, "s1-products", 1, csv(own, *keeps, "G,Lampe,active,2025-03-01T08:00:00Z"))
    market.tell(sale("S1", "G", 3))
    full(market, "s1-products", 4, csv(own, *keeps))
    full(market, "s2-products", 4, csv(own, "G,Lampe,active,2025-03-04T08:00:00Z"))
    market.tell(sale("S2", "G", 5))

    first, withdrawn = market.products("S1", "G")
    assert not first["is_deleted"]
    assert withdrawn["is_deleted"]
    assert withdrawn["valid_from"] == at(4)
    (other,) = market.products("S2", "G")
    assert other["product_key"] not in (first["product_key"], withdrawn["product_key"])
    assert [line["product_key"] for line in market.lines("S1")] == [first["product_key"]]
    assert [line["product_key"] for line in market.lines("S2")] == [other["product_key"]]


def test_s66_the_same_sku_of_two_sellers_is_two_products(market: Market) -> None:
    market.tell(product("A66", "P", 1, MAISON, ean=EAN), product("B66", "P", 1, CUISINE, ean=EAN))
    (one,), (other,) = market.products("A66", "P"), market.products("B66", "P")
    assert one["gtin"] == other["gtin"] == EAN
    assert (one["seller_no"], one["product_key"]) != (other["seller_no"], other["product_key"])
    market.tell(product("A66", "P", 3, CUISINE, ean=EAN))
    assert [len(market.products(code, "P")) for code in ("A66", "B66")] == [2, 1]


def test_s67_a_recycled_identifier_is_another_seller_from_then_on(
    market: Market, call: Call
) -> None:
    market.tell(seller("R67", 1, legal="OLD"), product("R67", "P", 1, MAISON))
    market.tell(sale("R67", "P", 2), seller("R67", 4, status="closed", legal="OLD"))
    old = market.number("R67")
    plan = call("recycle", "R67", "--legal-id", "NEW", "--from", "2025-03-06")
    assert (plan["seller_no"], plan["applied"], plan["lines_after"]) == (None, False, 0)
    assert market.number("R67") == old

    done = call("recycle", "R67", "--legal-id", "NEW", "--from", "2025-03-06", "--apply")

    new = done["seller_no"]
    assert new == market.number("R67") != old
    reserved = market.ask(
        "SELECT product_id FROM dwh.dim_product WHERE seller_no = %s ORDER BY product_id", new
    )
    assert [row["product_id"] for row in reserved] == ["#n/a", "#unknown"]
    (version,) = market.sellers("R67")
    assert (version["legal_id"], version["seller_id"]) == ("NEW", "R67")
    assert (version["is_inferred"], version["delivery_key"]) == (False, 0)

    # What is dated before belongs to the old one, whenever it comes; what is dated later does not.
    market.tell(sale("R67", "P", 3), sale("R67", "P", 8), product("R67", "P", 7, CUISINE))
    market.tell(seller("R67", 7, legal="NEW", commission="9"))
    lines = {row["seller_no"]: row["days"] for row in market.ask(
        "SELECT seller_no, array_agg(extract(day FROM order_on)::integer ORDER BY order_on) AS days"
        " FROM dwh.fact_order WHERE seller_no = ANY(%s) GROUP BY 1", [old, new],
    )}  # fmt: skip
    assert lines == {old: [2, 3], new: [8]}
    assert [product["category_id"] for product in market.products("R67", "P")] == ["maison-cuisine"]
    olds = market.ask("SELECT * FROM dwh.dim_seller WHERE seller_no = %s ORDER BY 1, 2", old)
    assert {version["legal_id"] for version in olds} == {"OLD"}
    assert {version["legal_id"] for version in market.sellers("R67")} == {"NEW"}
    (event,) = market.ask(
        "SELECT payload FROM journal.event WHERE error_code = 'seller_recycled' AND seller_no = %s",
        new,
    )
    assert (event["payload"]["old_seller_no"], event["payload"]["legal_id"]) == (old, "NEW")
    # The identifier names two sellers by now: a person says which number is meant.
    assert "several sellers" in call("show", "R67", code=2)["error"]
    assert call("show", str(new))["current"]["legal_id"] == "NEW"


def test_s79_records_held_for_another_company_are_loaded_for_it(market: Market, call: Call) -> None:
    market.tell(seller("R79", 1, legal="OLD79"))
    market.tell(seller("R79", 7, legal="NEW79", commission="9"))
    counts = "SELECT accepted, held FROM staging.delivery ORDER BY delivery_key DESC LIMIT 1"
    assert market.ask(counts) == [{"accepted": 0, "held": 1}]
    old = market.number("R79")
    assert call("recycle", "R79", "--legal-id", "NEW79", "--from", "2025-03-06")["held"] == 1

    call("recycle", "R79", "--legal-id", "NEW79", "--from", "2025-03-06", "--apply")

    assert market.ask(counts) == [{"accepted": 1, "held": 0}]
    opened, told = market.sellers("R79")
    assert (opened["seller_no"], opened["commission_pct"]) == (market.number("R79"), None)
    assert (told["legal_id"], told["commission_pct"], told["status"]) == ("NEW79", 9, "active")
    assert told["delivery_key"] > 0
    (kept,) = market.ask("SELECT * FROM dwh.dim_seller WHERE seller_no = %s", old)
    assert (kept["legal_id"], kept["commission_pct"]) == ("OLD79", 15)
    for table in ("statement_held", "seller_row"):
        whole = sql.SQL("SELECT * FROM {}").format(sql.Identifier("staging", table))
        assert market.ask(whole) == []


def test_recycling_says_what_stays_with_the_old_number(market: Market, call: Call) -> None:
    market.tell(seller("R67W", 1, legal="OLDW"), seller("R67Z", 1, legal="NEWW"))
    market.tell(sale("R67W", "P", 2), sale("R67W", "P", 8), seller("R67W", 7, legal="OLDW"))
    plan = call("recycle", "R67W", "--legal-id", "NEWW", "--from", "2025-03-06")
    assert (plan["lines_after"], plan["statements_after"]) == (1, 1)
    assert plan["same_company"] == market.number("R67Z")


def test_s68_a_suspended_seller_has_one_version_more_and_its_products_none(market: Market) -> None:
    market.tell(seller("S68", 1), *(product("S68", f"P{n}", 1, MAISON) for n in range(3)))
    market.tell(seller("S68", 5, status="suspended"))
    assert [version["status"] for version in market.sellers("S68")] == ["active", "suspended"]
    assert [len(market.products("S68", f"P{n}")) for n in range(3)] == [1, 1, 1]


def test_people_read_the_plan_in_french(market: Market, capsys: pytest.CaptureFixture[str]) -> None:
    merged_market(market, "XF", "YF")
    market.tell(seller("ZF", 1, legal="222"))
    assert run(words_for(market.settings, "merge", "XF", "ZF", "--from", "2025-03-05")) == 0
    plan = capsys.readouterr().out
    assert "Fusion prévue : XF Maison XF" in plan
    assert "Leurs identifiants légaux diffèrent" in plan
    assert "--from 2025-03-05 --apply" in plan
    words = ("recycle", "XF", "--legal-id", "333", "--from", "2025-03-05", "--apply")
    assert run(words_for(market.settings, *words)) == 0
    done = capsys.readouterr().out
    assert "Changement de main appliqué et journalisé : identifiant XF" in done
    assert "1 ligne de commande datée d'après cette date" in " ".join(done.split())


def test_the_runbook_does_what_it_says(market: Market, tmp_path: Path) -> None:
    merged_market(market, "XB", "YB")
    market.tell(seller("RB", 1, legal="OLDB"))
    variables = {"X": "XB", "Y": "YB", "RECYCLE": "RB", "LEGAL": "NEWB", "DATE": "2025-03-05"}
    page = runbook("fusionner-ou-recycler-un-vendeur")
    played = play(page, market.settings, tmp_path / "work", variables=variables)
    said = {block.block.headings[-1]: block.stdout for block in played}
    assert "Fusion appliquée et journalisée" in said["Fusionner"]
    assert "Changement de main appliqué et journalisé" in said["Changer de main"]
    assert "fusionné dans YB" in said["Vérifier"]
    assert "L'histoire est saine" in said["Vérifier"]
    assert "Fin de la fusion appliquée et journalisée" in said["Revenir en arrière"]


def full(market: Market, source: str, day: int, content: bytes) -> None:
    """A seller's whole list, true from that day; what it no longer names is withdrawn."""
    shipment = Shipment(source, f"{source}-{day}.csv", content)
    path = market.outbox / shipment.name
    path.write_bytes(content)
    with Context.open(market.settings, FixedClock(NOON)) as context:
        receive(context, context.source(source), [path], mode="full", effective_at=at(day))
        report = Conductor(context).run()
    assert len(report.published) == 1, report


def test_the_loader_alone_writes_the_registry(market: Market) -> None:
    with connect(market.settings, "shopnow_etl") as conn:
        rights = conn.execute(
            "SELECT r.rolname FROM pg_roles AS r WHERE r.rolname LIKE 'shopnow%%'"
            " AND has_table_privilege(r.oid, 'security.seller_bridge', 'INSERT') ORDER BY 1"
        ).fetchall()
    assert [name for (name,) in rights] == ["shopnow_etl", "shopnow_owner"]

"""Cases about deliveries and facts, through the whole pipeline: S14 to S31, S59 to S79.

Facts follow changed histories in the same run (their job has tests of its own, tests/history/
test_retie.py); alerts (S24, the alert of S71), merges and recycled identifiers (S61 to S65, S67),
erasure (S75) and retention (S76) belong to other issues or other files of this folder.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.history.shop import Shop, on

from shopnow.kernel import connect
from shopnow.pipeline import announced_by, cancel_announced, decide, plan_decision, receive

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# Sellers of the bazar's first day.
GOOD = "S1,{0},Title {0},active"


@pytest.fixture
def shop(first_day: Settings, tmp_path: Path) -> Shop:
    return Shop(first_day, tmp_path / "out")


def many(count: int) -> list[str]:
    return [GOOD.format(f"M{n:03d}") for n in range(count)]


def test_s14_exact_duplicates_of_a_delivery(shop: Shop) -> None:
    line = "S1,X1,Vase,active,,," + on(1)
    key = shop.takes("news", line, line)
    counts = shop.counts(key)
    assert (counts["accepted"], counts["duplicate"], counts["rejected"]) == (1, 1, 0)


def test_s15_one_key_twice_with_different_values(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), day=1)
    key = shop.takes("list", GOOD.format("X1"), "S1,X2,Vase,active", "S1,X2,Pot,paused", day=2)
    rejects = shop.ask(
        "SELECT line_no, rule_codes FROM quality.reject WHERE delivery_key = %s ORDER BY line_no",
        key,
    )
    assert rejects == [
        {"line_no": 3, "rule_codes": ["conflicting_duplicate"]},
        {"line_no": 4, "rule_codes": ["conflicting_duplicate"]},
    ]
    assert shop.product("S1", "X2") == ""


def test_s15_a_known_key_is_neither_withdrawn_nor_changed(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), GOOD.format("X2"), day=1)
    shop.takes("list", GOOD.format("X1"), "S1,X2,Vase,active", "S1,X2,Pot,paused", day=2)
    assert shop.product("S1", "X2") == "active[1,∞)"


def test_s16_replay_of_the_newest_delivery(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), day=1)
    again = shop.receives("list", GOOD.format("X1"))
    assert again.verdict == "duplicate"
    assert again.delivery_key is None
    assert "déjà reçu" in again.message


def test_s17_bytes_of_an_old_delivery_without_a_time(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), day=1)
    shop.takes("list", "S1,X1,Title X1,paused", day=2)
    held = shop.receives("list", GOOD.format("X1"))
    assert held.verdict == "held"
    assert "un renvoi, ou un retour à cet état ?" in held.message
    assert shop.runs().published == []
    assert shop.product("S1", "X1") == "active[1,2) paused[2,∞)"
    # With a declared time it is a statement like any other.
    shop.takes("list", GOOD.format("X1"), day=3)
    assert shop.product("S1", "X1") == "active[1,2) paused[2,3) active[3,∞)"


def test_s17_the_answer_is_a_return_to_that_state(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), day=1)
    shop.takes("list", "S1,X1,Title X1,paused", day=2)
    key = shop.receives("list", GOOD.format("X1")).delivery_key
    assert key is not None
    answers(shop, key, "approved")
    assert shop.product("S1", "X1") == "active[1,2) paused[2,20) active[20,∞)"


def test_s20_s21_a_fact_for_an_unknown_seller_comes_first(shop: Shop) -> None:
    shop.takes("sales", f"o1,k1,NEW,P1,1,10,{on(6)}")
    assert shop.seller("NEW") == "inferred[-∞,∞)"
    (key,) = shop.ask("SELECT seller_key FROM dwh.fact_order WHERE order_id = 'sales:o1'")
    shop.takes("people", f"NEW,Newcomer,,active,10,{on(3)}")
    # Filled in place: the same surrogate, no fact moves.
    assert shop.seller("NEW") == "active[3,∞)"
    (now,) = shop.ask(
        "SELECT seller_key, is_inferred FROM dwh.dim_seller WHERE seller_no = %s",
        shop.number("NEW"),
    )
    assert now == {"seller_key": key["seller_key"], "is_inferred": False}
    reason = shop.one(
        "SELECT reason FROM history.seller_superseded WHERE seller_no = %s", shop.number("NEW")
    )
    assert reason == "inferred_upgrade"


def test_s25_unknown_house_and_not_applicable_are_three_members(shop: Shop) -> None:
    found = shop.ask("SELECT seller_no, seller_id FROM dwh.dim_seller WHERE seller_no <= 0")
    assert {row["seller_no"]: row["seller_id"] for row in found} == {
        0: "SHOPNOW", -1: "#unknown", -2: "#n/a",
    }  # fmt: skip
    shop.takes("sales", f"o1,,,H1,1,10,{on(6)}")
    fact = shop.ask("SELECT seller_no, customer_no FROM dwh.fact_order WHERE order_id = 'sales:o1'")
    assert fact == [{"seller_no": 0, "customer_no": -1}]


def bound(shop: Shop, order: str) -> str:
    """The version that an order line is bound to, by its status."""
    return str(
        shop.one(
            "SELECT d.status FROM dwh.fact_order f JOIN dwh.dim_seller d"
            " USING (seller_no, seller_key) WHERE f.order_id = %s",
            f"sales:{order}",
        )
    )


def test_s26_a_late_fact_binds_as_of_its_own_time(shop: Shop) -> None:
    shop.takes("people", f"N1,One,,active,10,{on(1)}")
    shop.takes("people", f"N1,One,,suspended,10,{on(5)}")
    shop.takes("sales", f"late,k1,N1,P1,1,10,{on(2)}", f"new,k1,N1,P1,1,10,{on(6)}")
    assert (bound(shop, "late"), bound(shop, "new")) == ("active", "suspended")


@pytest.mark.parametrize("first", ["fact", "seller"])
def test_s27_a_fact_before_the_first_version(shop: Shop, first: str) -> None:
    steps = {
        "fact": lambda: shop.takes("sales", f"early,k1,N1,P1,1,10,{on(2)}"),
        "seller": lambda: shop.takes("people", f"N1,One,,active,10,{on(5)}"),
    }
    for name in sorted(steps, key=lambda name: name != first):
        steps[name]()
    assert shop.seller("N1") == "active[5,∞)"
    assert bound(shop, "early") == "active"


def test_s07_s08_s10_facts_follow_a_late_statement(shop: Shop) -> None:
    shop.takes("people", f"N1,One,,active,10,{on(2)}")
    shop.takes("people", f"N1,One,,closed,10,{on(6)}")
    orders = {f"d{day}": day for day in (1, 3, 5, 7)}
    shop.takes("sales", *(f"{name},k1,N1,P1,1,10,{on(day)}" for name, day in orders.items()))
    assert [bound(shop, name) for name in orders] == ["active", "active", "active", "closed"]
    shop.takes("people", f"N1,One,,suspended,10,{on(4)}")
    assert shop.seller("N1") == "active[2,4) suspended[4,6) closed[6,∞)"
    assert [bound(shop, name) for name in orders] == ["active", "active", "suspended", "closed"]
    shop.takes("people", f"N1,One,,pending,10,{on(0)}")
    assert bound(shop, "d1") == "pending"
    shop.takes("people", f"N1,One,,closed,10,{on(4.5)}")
    assert bound(shop, "d5") == "closed"
    journaled = shop.one("SELECT sum(facts)::int FROM history.retie")
    assert journaled == 3


def test_s31_an_empty_full_delivery_is_held(shop: Shop) -> None:
    shop.takes("list", *many(25), day=1)
    receipt = shop.receives("list", day=3)
    report = shop.runs()
    key = receipt.delivery_key
    assert key is not None
    assert list(report.held) == [key]
    assert "sans 25 des 25 produits" in report.held[key]
    assert shop.counts(key)["state"] == "held"
    assert shop.product("S1", "M000") == "active[1,∞)"
    event = shop.ask("SELECT error_code FROM journal.event WHERE delivery_key = %s", key)
    assert event == [{"error_code": "delivery_held"}]


def test_s31_approved_at_its_own_time(shop: Shop) -> None:
    shop.takes("list", *many(25), day=1)
    key = shop.receives("list", GOOD.format("M000"), day=3).delivery_key
    assert key is not None
    shop.runs()
    held = shop.counts(key)
    assert (held["records"], held["held"], held["rejected"]) == (1, 1, 0)
    # Meanwhile the source goes on.
    shop.takes("list", *many(25), day=5)
    answers(shop, key, "approved")
    assert shop.counts(key)["state"] == "published"
    assert shop.product("S1", "M000") == "active[1,∞)"
    assert shop.product("S1", "M001") == "active[1,3) deleted[3,5) active[5,∞)"


def test_s31_refused(shop: Shop) -> None:
    shop.takes("list", *many(25), day=1)
    key = shop.receives("list", GOOD.format("M000"), "S1,,no key,active", day=3).delivery_key
    assert key is not None
    shop.runs()
    answers(shop, key, "refused")
    counts = shop.counts(key)
    assert (counts["state"], counts["rejected"], counts["held"]) == ("refused", 2, 0)
    codes = shop.ask(
        "SELECT rule_codes FROM quality.reject WHERE delivery_key = %s ORDER BY line_no", key
    )
    assert [row["rule_codes"] for row in codes] == [["delivery_refused"], ["missing_value"]]
    assert shop.product("S1", "M001") == "active[1,∞)"
    assert shop.one("SELECT count(*)::int FROM history.full_delivery") == 1


def test_s31_below_the_least_number_of_keys(shop: Shop) -> None:
    shop.takes("list", *many(19), day=1)
    shop.takes("list", day=3)
    assert shop.product("S1", "M000") == "active[1,3) deleted[3,∞)"


def test_a_delivery_most_of_whose_records_are_bad_is_held(shop: Shop) -> None:
    key = shop.receives("list", *["S1,,no key,active"] * 30, *many(10), day=1).delivery_key
    report = shop.runs()
    assert list(report.held) == [key]
    assert "30 enregistrements rejetés sur 40" in report.held[key or 0]


def test_a_reject_without_a_key_withdraws_nothing(shop: Shop) -> None:
    shop.takes("list", GOOD.format("X1"), GOOD.format("X2"), day=1)
    key = shop.takes("list", GOOD.format("X1"), "S1,,which one?,active", day=2)
    assert shop.product("S1", "X2") == "active[1,∞)"
    codes = shop.ask("SELECT rule_code FROM quality.warning WHERE delivery_key = %s", key)
    assert {"rule_code": "absence_unproven"} in codes


def test_a_rejected_key_is_not_withdrawn_while_others_are(shop: Shop) -> None:
    shop.takes("list", *map(GOOD.format, ("X1", "X2", "X3")), day=1)
    shop.takes("list", GOOD.format("X1"), "S1,X2,bad word,vivant", day=2)
    assert shop.product("S1", "X2") == "active[1,∞)"
    assert shop.product("S1", "X3") == "active[1,2) deleted[2,∞)"


def test_absent_offers_are_available_no_longer(shop: Shop) -> None:
    shop.takes("prices", "S1,X1,10,EUR,5", "S1,X2,20,EUR,5", day=1)
    shop.takes("prices", "S1,X1,10,EUR,5", day=2)
    found = shop.ask(
        "SELECT product_id, is_available FROM dwh.fact_offer WHERE product_id IN ('X1', 'X2')"
        " ORDER BY product_id, observed_at"
    )
    assert [(row["product_id"], row["is_available"] is not False) for row in found] == [
        ("X1", True), ("X2", True), ("X2", False),
    ]  # fmt: skip


def test_s28_s29_a_deletion_by_record(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    key = shop.takes("news", f"S1,X1,,,supprimé,,{on(6)}")
    assert shop.counts(key)["accepted"] == 1
    assert shop.product("S1", "X1") == "active[1,6) deleted[6,∞)"
    shop.takes("news", f"S1,X1,Vase,active,,,{on(8)}")
    assert shop.product("S1", "X1") == "active[1,6) deleted[6,8) active[8,∞)"


def test_s47_two_spellings_of_a_seller(shop: Shop) -> None:
    shop.takes("people", f"SELL-1,One,,active,10,{on(1)}")
    key = shop.takes("people", f"sell-1,Un,,active,10,{on(2)}")
    assert shop.number("SELL-1") != shop.number("sell-1")
    codes = shop.ask("SELECT rule_code FROM quality.warning WHERE delivery_key = %s", key)
    assert {"rule_code": "near_duplicate"} in codes


def test_s71_a_column_that_the_file_no_longer_brings(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    path = shop.folder / "short.csv"
    path.write_text(f"seller,sku,title,at\nS1,X1,Vase,{on(3)}\n", "utf-8")
    with shop.context() as context:
        key = receive(context, context.source("news"), [path]).delivery_key
    assert shop.runs().published == [key]
    assert shop.product("S1", "X1") == "active[1,∞)"
    warned = shop.ask(
        "SELECT column_name FROM quality.warning WHERE delivery_key = %s"
        " AND rule_code = 'schema_drift'",
        key,
    )
    assert warned == [{"column_name": "status"}]


def test_s24_an_inferred_member_that_is_never_resolved_stays(shop: Shop) -> None:
    # The alert after seven days and the line of the seller's report belong to watching.
    shop.takes("sales", f"o1,k1,NEW,P1,1,10,{on(6)}")
    shop.today = 40
    shop.takes("news", f"S1,X1,Vase,active,,,{on(30)}")
    assert shop.seller("NEW") == "inferred[-∞,∞)"
    assert shop.product("NEW", "P1") == "inferred[-∞,∞)"


def test_s59_announced_applied_and_cancelled(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    shop.takes("news", f"S1,X1,Vase,paused,,,{on(25)}")
    assert shop.product("S1", "X1") == "active[1,∞)"
    shop.today = 24.99
    assert shop.runs().due == 0
    shop.today = 25.01
    assert shop.runs().due == 1
    assert shop.product("S1", "X1") == "active[1,25) paused[25,∞)"


def test_s59_cancelled_before_its_time(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    key = shop.takes("news", f"S1,X1,Vase,paused,,,{on(25)}")
    with shop.context() as context, connect(shop.settings) as conn:
        assert announced_by(context, conn, key) == 1
        assert cancel_announced(context, conn, key) == 1
    shop.today = 26
    assert shop.runs().due == 0
    assert shop.product("S1", "X1") == "active[1,∞)"


def test_s66_one_sku_at_two_sellers(shop: Shop) -> None:
    shop.takes("news", f"S1,SAME,Vase,active,,,{on(1)}", f"S2,SAME,Vase,paused,,,{on(1)}")
    assert shop.product("S1", "SAME") == "active[1,∞)"
    assert shop.product("S2", "SAME") == "paused[1,∞)"


def test_s68_a_suspended_seller_versions_no_product(shop: Shop) -> None:
    shop.takes("people", f"N1,One,,active,10,{on(1)}")
    shop.takes("news", f"N1,X1,Vase,active,,,{on(1)}")
    shop.takes("people", f"N1,One,,suspended,10,{on(5)}")
    assert shop.seller("N1") == "active[1,5) suspended[5,∞)"
    assert shop.product("N1", "X1") == "active[1,∞)"


def test_s77_the_year_9999_is_an_open_end(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,9999-12-31,{on(1)}")
    assert shop.product("S1", "X1") == "active[1,∞)"
    shop.takes("news", f"S1,X2,Vase,active,,{on(4)},{on(1)}")
    assert shop.product("S1", "X2") == "active[1,4) deleted[4,∞)"


def test_s78_stock_is_a_fact(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    before = shop.product("S1", "X1")
    for number in range(4):
        shop.takes("prices", f"S1,X1,10,EUR,{number}", day=2 + number / 100, mode="delta")
    assert shop.product("S1", "X1") == before
    facts = "SELECT count(*)::int FROM dwh.fact_offer WHERE product_id = 'X1'"
    assert shop.one(facts) == 4


def test_s79_another_company_is_held_and_its_sender_told(shop: Shop) -> None:
    shop.takes("people", f"N1,One,111111118,active,10,{on(1)}")
    key = shop.takes("people", f"N1,Other,222222226,active,12,{on(5)}")
    counts = shop.counts(key)
    assert (counts["records"], counts["held"], counts["accepted"]) == (1, 1, 0)
    assert shop.seller("N1") == "active[1,∞)"
    codes = shop.ask("SELECT rule_code FROM quality.warning WHERE delivery_key = %s", key)
    assert {"rule_code": "another_company"} in codes


def test_s13_the_sender_is_warned(shop: Shop) -> None:
    shop.takes("news", f"S1,X1,Vase,active,,,{on(1)}")
    key = shop.takes("news", f"S1,X1,Pot,paused,,,{on(1)}")
    codes = shop.ask("SELECT rule_code FROM quality.warning WHERE delivery_key = %s", key)
    assert {"rule_code": "ambiguous_order"} in codes


def answers(shop: Shop, key: int, decision: str) -> None:
    """Decide about a held delivery, and run."""
    with shop.context() as context, connect(shop.settings) as conn:
        plan = plan_decision(conn, key, decision)  # type: ignore[arg-type]
        assert plan.waiting == shop.counts(key)["held"]
        decide(context, conn, plan, "tests")
    shop.runs()


@pytest.mark.parametrize("first", ["facts", "seller"])
def test_s22_strict_facts_go_by_time(shop: Shop, tmp_path: Path, first: str) -> None:
    shop.settings = replace(shop.settings, contracts_dir=strict_sellers(shop, tmp_path))
    steps = {
        "facts": lambda: shop.takes(
            "sales", f"early,k1,N1,P1,1,10,{on(2)}", f"later,k1,N1,P1,1,10,{on(7)}"
        ),
        "seller": lambda: shop.takes("people", f"N1,One,,active,10,{on(5)}"),
    }
    for name in sorted(steps, key=lambda name: name != first):
        steps[name]()
    assert shop.seller("N1") == "inferred[-∞,5) active[5,∞)"
    assert [bound(shop, order) for order in ("early", "later")] == ["None", "active"]


def strict_sellers(shop: Shop, folder: Path) -> Path:
    """The contracts, with sellers whose inferred members are strict."""
    target = folder / "contracts"
    shutil.copytree(shop.settings.contracts_dir, target)
    contract = target / "sellers.yaml"
    text = contract.read_text("utf-8").rstrip("\n")
    contract.write_text(f"{text}\n- property: inferredMembers\n  value: strict\n", "utf-8")
    return target

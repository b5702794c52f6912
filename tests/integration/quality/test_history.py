"""The quality history keeps what was said: the loader can neither change nor remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.market import garbage, good

from shopnow.kernel import connect
from shopnow.pipeline import decide, plan_decision

if TYPE_CHECKING:
    from tests.market import Market

pytestmark = pytest.mark.integration
# What may change in a row, and why: a reject is closed, an erasure reaches what was quoted.
MAY_CHANGE = {
    "reject": {"state", "line_sealed"},
    "cleaning": {"before", "after"},
    "cleaning_superseded": {"before", "after"},
    "category_alias": {"removed_at", "removed_by"},
}
# A summary of what the last judgement translated: it is made anew with it.
MADE_ANEW = {"translation"}


def columns(market: Market) -> list[tuple[str, str]]:
    """Tables of the schema with their columns, from the catalogue."""
    rows = market.ask(
        "SELECT c.relname AS table, a.attname AS column FROM pg_class AS c"
        " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'quality'::regnamespace AND c.relkind IN ('r', 'p')"
    )
    return [(row["table"], row["column"]) for row in rows]


def test_the_loader_changes_and_removes_nothing(market: Market) -> None:
    key = market.receives("Q01-products", *good("Q01"), *garbage("Q01", 3))
    market.runs()
    assert market.state(key) == "published"
    found = columns(market)
    assert {"judgement", "profile", "layout", "breaker", "reject"} <= {table for table, _ in found}
    with connect(market.settings) as conn:
        for table in {table for table, _ in found} - MADE_ANEW:
            for statement in ("DELETE FROM {}", "TRUNCATE {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    conn.execute(sql.SQL(statement).format(sql.Identifier("quality", table)))
        for table, column in found:
            if column in MAY_CHANGE.get(table, set()):
                continue
            where = sql.Identifier("quality", table), sql.Identifier(column)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(sql.SQL("UPDATE {} SET {} = DEFAULT").format(*where))


def test_verdicts_of_a_published_delivery_never_move(market: Market) -> None:
    key = market.receives("Q02-products", *good("Q02"), *garbage("Q02", 3))
    market.runs()
    (row,) = market.ask("SELECT quality.judge_anew(%s, %s) AS moved", key, market.now)
    assert row == {"moved": 0}
    assert len(market.ask("SELECT 1 FROM quality.reject WHERE delivery_key = %s", key)) == 3


def test_a_delivery_that_is_judged_anew_keeps_what_was_said_before(market: Market) -> None:
    key = market.receives("Q03-products", *good("Q03", 5, title=" Vase "), *garbage("Q03", 30))
    assert list(market.runs().held) == [key]
    first = market.ask(
        "SELECT line_no, record_no, rule_codes FROM quality.reject WHERE delivery_key = %s"
        " ORDER BY record_no", key,
    )  # fmt: skip
    cleaned = market.ask("SELECT count(*) FROM quality.cleaning WHERE delivery_key = %s", key)
    assert len(first) == 30
    with market.context() as context, connect(market.settings) as conn:
        decide(context, conn, plan_decision(conn, key, "approved"), "ada")
    assert market.runs().published == [key]

    kept = market.ask(
        "SELECT line_no, record_no, rule_codes FROM quality.reject_superseded"
        " WHERE delivery_key = %s ORDER BY record_no", key,
    )  # fmt: skip
    assert kept == first
    count = "SELECT count(*) FROM quality.cleaning_superseded WHERE delivery_key = %s"
    assert market.ask(count, key) == cleaned
    assert cleaned[0]["count"] > 0
    judged = market.ask(
        "SELECT run_id, rejected FROM quality.judgement WHERE delivery_key = %s ORDER BY run_id",
        key,
    )
    assert [row["rejected"] for row in judged] == [30, 30]
    superseded = market.ask(
        "SELECT DISTINCT run_id FROM quality.reject_superseded WHERE delivery_key = %s", key
    )
    assert superseded == [{"run_id": judged[0]["run_id"]}]
    runs = market.ask(
        "SELECT DISTINCT run_id FROM quality.rule_result WHERE delivery_key = %s ORDER BY 1", key
    )
    assert [row["run_id"] for row in runs] == [row["run_id"] for row in judged]


def test_what_a_person_refuses_is_no_judgement_of_what_was_sent(market: Market) -> None:
    key = market.receives("Q04-products", *good("Q04", 40), *garbage("Q04", 45))
    assert list(market.runs().held) == [key]
    with market.context() as context, connect(market.settings) as conn:
        decide(context, conn, plan_decision(conn, key, "refused"), "ada")
    assert key in market.runs().refused
    judged = market.ask(
        "SELECT records, rejected FROM quality.judgement WHERE delivery_key = %s", key
    )
    assert judged == [{"records": 85, "rejected": 45}]


def test_the_trend_of_a_rule(market: Market) -> None:
    for day, bad in ((0, 1), (1, 3)):
        market.day = day
        market.receives("Q05-products", *good("Q05", 17), *garbage("Q05", bad))
        market.receives("Q05-products", *good("Q05", 2, title=" Vase "))
    market.runs()
    trend = market.ask(
        "SELECT date_on::text, rule_code, deliveries, failed, failed_pct::float"
        " FROM quality.rule_trend WHERE seller_no = %s AND rule_code IN"
        " ('missing_value', 'whitespace') ORDER BY 1, 2", market.number("Q05"),
    )  # fmt: skip
    assert [tuple(row.values()) for row in trend] == [
        ("2025-06-02", "missing_value", 1, 1, 5.0),
        ("2025-06-02", "whitespace", 1, 2, 10.0),
        ("2025-06-03", "missing_value", 1, 3, round(300 / 22, 4)),
        ("2025-06-03", "whitespace", 1, 2, round(200 / 22, 4)),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_another_sellers_identifier_is_rejected_and_noted(market: Market, count: int) -> None:
    """Alone, and among small deliveries that are taken in together."""
    seller = f"Q0{5 + count}"
    keys = [
        market.receives(
            f"{seller}-products", *good(seller, 4),
            *good(("Q12", " q12", "0")[number], 2, sku="F"),
        )
        for number in range(count)
    ]  # fmt: skip
    heard: list[str] = []
    market.runs(heard.append)
    assert any("petites livraisons" in line for line in heard) is (count > 1)
    rejected = market.ask(
        "SELECT delivery_key, count(*) FROM quality.reject WHERE delivery_key = ANY(%s)"
        " AND rule_codes @> '{foreign_seller}' GROUP BY 1 ORDER BY 1", keys,
    )  # fmt: skip
    assert [tuple(row.values()) for row in rejected] == [(key, 2) for key in keys]
    events = [e for e in market.events("foreign_seller") if e["delivery_key"] in keys]
    assert [(e["delivery_key"], e["type"], e["level"], e["payload"]) for e in events] == [
        (key, "securite", "WARNING", {"records": 2}) for key in keys
    ]
    assert {e["seller_no"] for e in events} == {market.number(seller)}
    assert market.ask("SELECT 1 FROM dwh.dim_product WHERE product_id LIKE 'F%%'") == []
    others = market.ask("SELECT count(*) FROM security.seller_identifier WHERE seller_id = ' q12'")
    assert others == [{"count": 0}], "a rejected record gives nobody a number"

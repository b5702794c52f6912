"""A first load of many order lines fills its quarters apart; they end as quarters made before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.history import shop as cases
from tests.history.shop import Shop, on
from tests.warehouses import own_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

# What `facts.partitions` takes for many.
MANY = 100_000
# Days of the cases: the second quarter of 2025, then the third, then the fourth.
SECOND, THIRD, FOURTH = 10, 100, 190
SOURCE = """
name: lines
sender: platform
system: bazar
feed: orders
format: csv
order_namespace: lines
records:
  item:
    fields: {order_id: id, line_no: line, customer_id: customer, seller_id: seller, product_id: sku,
             quantity: qty, unit_price: price, currency: {const: EUR}, line_status: {const: paid},
             ordered_at: at, said_at: at}
"""
HEAD = "id,line,customer,seller,sku,qty,price,at"
# A quarter's columns, constraints, indexes and rights, without its name.
SHAPE = """
    WITH part AS (
        SELECT oid, relname, relacl::text AS rights, pg_get_userbyid(relowner) AS owner,
            relrowsecurity, relispartition
        FROM pg_class WHERE oid = %s::regclass
    )
    SELECT 'table' AS kind, concat_ws(' ', owner, rights, relrowsecurity, relispartition) AS told
    FROM part
    UNION ALL
    SELECT 'column', concat_ws(' ', attnum, attname, atttypid::regtype, atttypmod, attnotnull,
        attislocal, attinhcount, attcollation)
    FROM part INNER JOIN pg_attribute ON attrelid = oid AND attnum > 0
    UNION ALL
    SELECT 'constraint', concat_ws(' ', contype, conenforced, convalidated, conislocal,
        coninhcount, replace(pg_get_constraintdef(c.oid), relname, ''))
    FROM part INNER JOIN pg_constraint AS c ON conrelid = part.oid
    UNION ALL
    SELECT 'index', concat_ws(' ', indisunique, indisprimary, indisvalid,
        replace(pg_get_indexdef(indexrelid), relname, ''),
        (SELECT count(*) FROM pg_inherits WHERE inhrelid = indexrelid))
    FROM part INNER JOIN pg_index ON indrelid = part.oid
    ORDER BY 1, 2
"""


def sold(first: int, lines: int, day: float) -> list[str]:
    """Lines of orders of two lines each, of three sellers, all on one day."""
    return [
        f"o{first + n // 2},{n % 2},c{n % 97},s{n % 3},p{n % 5_000},1,2.50,{on(day + n // 2 % 2)}"
        for n in range(lines)
    ]


@pytest.fixture(scope="module")
def shop(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose first load spans two quarters; the next is small and opens another."""
    folder = tmp_path_factory.mktemp("first-load")
    with own_warehouse(test_server, folder / "home", "firstload") as settings:
        shop = Shop(settings, folder / "files", today=200)
        (settings.home / "sources" / "platform" / "lines.yaml").write_text(SOURCE, "utf-8")
        cases.HEADS["lines"] = HEAD
        shop.takes("lines", *sold(0, MANY, SECOND), *sold(MANY, 2_000, THIRD))
        shop.takes("lines", *sold(2 * MANY, 10, FOURTH))
        yield shop


def test_every_line_stands_in_its_quarter(shop: Shop) -> None:
    counts = {
        row["part"]: (row["lines"], row["amount"])
        for row in shop.ask(
            "SELECT tableoid::regclass::text AS part, count(*) AS lines, sum(line_amount) AS amount"
            " FROM dwh.fact_order GROUP BY 1"
        )
    }
    assert counts == {
        "dwh.fact_order_2025q2": (MANY, MANY * 2.5),
        "dwh.fact_order_2025q3": (2_000, 5_000),
        "dwh.fact_order_2025q4": (10, 25),
    }
    headers = shop.one("SELECT count(*) FROM dwh.fact_order_header WHERE computed_total = 5")
    assert headers == (MANY + 2_000 + 10) / 2


@pytest.mark.parametrize("fact", ["fact_order", "fact_order_header"])
def test_a_quarter_made_apart_is_like_one_made_before(shop: Shop, fact: str) -> None:
    apart = shop.ask(SHAPE, f"dwh.{fact}_2025q2")
    assert apart
    assert apart == shop.ask(SHAPE, f"dwh.{fact}_2025q4")
    assert apart == shop.ask(SHAPE, f"dwh.{fact}_2025q3")


def test_only_a_quarter_of_many_lines_is_made_apart(shop: Shop) -> None:
    # Payments have no quarter apart: theirs is made before the load, after that of lines if it is
    # made there too.
    later = "SELECT %s::regclass::oid > %s::regclass::oid"
    assert shop.one(later, "dwh.fact_order_2025q2", "dwh.fact_payment_2025q2")
    assert not shop.one(later, "dwh.fact_order_2025q4", "dwh.fact_payment_2025q4")
    assert shop.ask("SELECT relname FROM pg_class WHERE relname LIKE 'fact%%apart'") == []


def test_the_same_lines_again_change_nothing(shop: Shop) -> None:
    before = shop.one("SELECT sum(hashtextextended(f::text, 0)) FROM dwh.fact_order AS f")
    shop.takes("lines", *reversed(sold(0, MANY, SECOND)))
    after = shop.one("SELECT sum(hashtextextended(f::text, 0)) FROM dwh.fact_order AS f")
    assert before == after

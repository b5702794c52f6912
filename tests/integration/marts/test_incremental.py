"""A refresh of what was touched ends as a full rebuild does, whatever the load changed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from psycopg import sql

from shopnow.kernel import Settings, TerminalError, connect
from shopnow.marts import Mart, create_touched, load_marts, publish, refresh_all, refresh_touched

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

pytestmark = pytest.mark.integration

RUN_AT = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
SELLERS = (0, -1, -2)
Put = Callable[..., None]
Row = tuple[object, ...]


@dataclass
class Load:
    """Random changes of facts, each of which says what it touched."""

    chance: random.Random
    connection: Connection[TupleRow]
    put: Put
    counter: int = 0
    touched: dict[str, set[Row]] = field(default_factory=dict)

    def touch(self, table: str, *row: object) -> None:
        self.touched.setdefault(table, set()).add(row)

    def number(self) -> int:
        self.counter += 1
        return self.counter

    def day(self) -> date:
        return date(2025, 12, 25) + timedelta(days=self.chance.randrange(75))

    def moment(self) -> datetime:
        start = datetime(2025, 12, 25, 12, tzinfo=UTC)
        return start + timedelta(minutes=self.chance.randrange(75 * 24 * 60))

    def add_line(self) -> None:
        seller_no, on = self.chance.choice(SELLERS), self.day()
        quantity = self.chance.choice((-1, 1, 1, 2))
        self.put(
            "dwh.fact_order",
            seller_no=seller_no,
            order_id=f"t:{self.chance.randrange(12)}",
            line_no=self.number(),
            order_on=on,
            product_key=self.chance.choice((1, 2, 3)) + 10 * SELLERS.index(seller_no),
            customer_no=self.chance.choice((-1, 7, 8)),
            quantity=quantity,
            line_amount=10 * quantity,
            currency=self.chance.choice(("EUR", "EUR", "BRL")),
        )
        self.touch("touched_sales", seller_no, on)

    def move_line(self) -> None:
        row = self.connection.execute(
            "SELECT seller_no, order_id, line_no, order_on FROM dwh.fact_order"
            " ORDER BY line_no OFFSET %s LIMIT 1",
            [self.chance.randrange(1, 4)],
        ).fetchone()
        if row is None:
            return
        seller_no, _, line_no, before = row
        after = self.day()
        self.connection.execute(
            "UPDATE dwh.fact_order SET order_on = %s WHERE line_no = %s", [after, line_no]
        )
        self.touch("touched_sales", seller_no, before)
        self.touch("touched_sales", seller_no, after)

    def add_click(self) -> None:
        seller_no, on = self.chance.choice(SELLERS), self.day()
        self.put(
            "dwh.fact_clickstream",
            seller_no=seller_no,
            event_key=UUID(int=self.number()),
            event_on=on,
            event_type=self.chance.choice(("view_page", "add_to_cart", "checkout_start")),
            product_id=self.chance.choice((None, "P1", "P2", "P3")),
            user_ref=self.chance.choice((None, "u1", "u2")),
        )
        self.touch("touched_traffic", seller_no, on)

    def add_offer(self) -> None:
        at = self.moment()
        seller_no, product_id = self.chance.choice(SELLERS), self.chance.choice(("P1", "P2"))
        self.put(
            "dwh.fact_offer",
            seller_no=seller_no,
            product_id=product_id,
            observed_at=at,
            stock_quantity=self.number(),
        )
        self.touch_offer(seller_no, product_id, at)

    def drop_offer(self) -> None:
        row = self.connection.execute(
            "DELETE FROM dwh.fact_offer WHERE stock_quantity = %s"
            " RETURNING seller_no, product_id, observed_at",
            [self.chance.randrange(1, self.counter + 2)],
        ).fetchone()
        if row is not None:
            self.touch_offer(*row)

    def touch_offer(self, seller_no: int, product_id: str, at: datetime) -> None:
        row = self.connection.execute(
            "SELECT (%s::timestamptz AT TIME ZONE %s)::date", [at, ZONE]
        ).fetchone()
        assert row is not None
        self.touch("touched_offers", seller_no, product_id, row[0])

    def add_delivery(self) -> None:
        at = datetime(2026, 1, self.chance.randrange(1, 4), 12, tzinfo=UTC)
        feed = self.chance.choice(("orders", "offers"))
        self.put("staging.delivery", sha256=str(self.number()).encode(), received_at=at, feed=feed)
        self.touch("touched_deliveries", 0, at.date(), feed)

    def rename_product(self) -> None:
        seller_no, product_id = self.chance.choice(SELLERS), self.chance.choice(("P1", "P2"))
        self.connection.execute(
            "UPDATE dwh.dim_product SET title = %s WHERE seller_no = %s AND product_id = %s",
            [f"Titre {self.number()}", seller_no, product_id],
        )
        self.touch("touched_products", seller_no, product_id)

    def change_something(self) -> None:
        kinds = (
            *(self.add_line,) * 4,
            self.move_line,
            *(self.add_click,) * 2,
            *(self.add_offer,) * 2,
            self.drop_offer,
            self.add_delivery,
            self.rename_product,
        )
        self.chance.choice(kinds)()

    def say_touched(self) -> None:
        create_touched(self.connection)
        for table, rows in self.touched.items():
            target = sql.Identifier(table)
            self.connection.execute(sql.SQL("DELETE FROM {}").format(target))
            width = len(next(iter(rows)))
            places = sql.SQL(", ").join([sql.Placeholder()] * width)
            self.connection.cursor().executemany(
                sql.SQL("INSERT INTO {} VALUES ({})").format(target, places), list(rows)
            )


def contents(connection: Connection[TupleRow], marts: tuple[Mart, ...]) -> dict[str, list[Row]]:
    """Return the rows of all marts without the two columns that say who wrote them."""
    found = {}
    for mart in marts:
        query = sql.SQL("SELECT to_jsonb(m) - 'batch_no' - 'refreshed_at' FROM {} AS m ORDER BY 1")
        rows = connection.execute(query.format(sql.Identifier("mart", mart.name)))
        found[mart.name] = rows.fetchall()
    return found


def with_products(put: Put) -> None:
    for place, seller_no in enumerate(SELLERS):
        for number in (1, 2, 3):
            put(
                "dwh.dim_product",
                seller_no=seller_no,
                product_id=f"P{number}",
                product_key=number + 10 * place,
            )


@pytest.mark.parametrize("seed", range(6))
def test_refreshing_what_was_touched_equals_building_anew(
    loaded: Connection[TupleRow], put: Put, warehouse: Settings, seed: int
) -> None:
    marts = load_marts(warehouse)
    load = Load(random.Random(seed), loaded, put)  # noqa: S311  # repeatable, not secret
    with_products(put)
    for batch_no in range(1, 5):
        load.touched.clear()
        for _ in range(40):
            load.change_something()
        load.say_touched()
        refresh_touched(loaded, marts, run_at=RUN_AT, batch_no=batch_no, zone=ZONE)
        loaded.commit()
    incremental = contents(loaded, marts)
    refresh_all(loaded, marts, run_at=RUN_AT, batch_no=9, zone=ZONE)
    assert incremental == contents(loaded, marts)
    assert all(incremental.values())


def test_marts_that_nothing_touched_are_left_alone(
    loaded: Connection[TupleRow], put: Put, warehouse: Settings
) -> None:
    put("dwh.fact_clickstream", event_key=UUID(int=1))
    create_touched(loaded)
    loaded.execute("INSERT INTO touched_traffic VALUES (0, '2026-01-05')")
    results = refresh_touched(loaded, load_marts(warehouse), run_at=RUN_AT, batch_no=1, zone=ZONE)
    assert {r.name: r.inserted for r in results} == {
        "product_performance": 1,
        "seller_daily_traffic": 1,
    }


def test_rows_of_other_days_and_sellers_are_not_rewritten(
    loaded: Connection[TupleRow], put: Put, warehouse: Settings
) -> None:
    marts = load_marts(warehouse)
    put("dwh.fact_order", seller_no=0)
    put("dwh.fact_order", seller_no=-1)
    put("dwh.fact_order", seller_no=0, order_on=date(2026, 1, 6))
    refresh_all(loaded, marts, run_at=RUN_AT, batch_no=1, zone=ZONE)
    loaded.execute("DELETE FROM touched_sales WHERE seller_no <> 0 OR date_on <> '2026-01-05'")
    refresh_touched(loaded, marts, run_at=RUN_AT, batch_no=2, zone=ZONE)
    rows = loaded.execute(
        "SELECT seller_no, date_on, batch_no FROM mart.seller_daily_sales ORDER BY 1, 2"
    ).fetchall()
    assert rows == [
        (-1, date(2026, 1, 5), 1),
        (0, date(2026, 1, 5), 2),
        (0, date(2026, 1, 6), 1),
    ]


def test_outside_a_transaction_nothing_is_refreshed(warehouse: Settings) -> None:
    with connect(warehouse) as connection, pytest.raises(TerminalError, match="transaction"):
        refresh_touched(connection, (), run_at=RUN_AT, batch_no=1, zone=ZONE)


def test_a_watermark_never_goes_back(loaded: Connection[TupleRow]) -> None:
    assert publish(loaded, [("orders", 0), ("orders", 0), ("offers", 0)], 5, RUN_AT) == 2
    assert publish(loaded, [("orders", 0)], 4, RUN_AT) == 0
    assert publish(loaded, [], 6, RUN_AT) == 0
    rows = loaded.execute("SELECT feed, batch_no FROM journal.published ORDER BY feed").fetchall()
    assert rows == [("offers", 5), ("orders", 5)]

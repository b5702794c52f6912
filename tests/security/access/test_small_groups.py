"""What analysts read, subtracted: no pair of marts leaves fewer than five customers.

The truth is taken from the facts, line by line, and the cells from what an analyst sees: of every
two published cells, the one that lies within the other leaves nobody or at least five people.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.security.access.conftest import CLOCK, own_warehouse

from shopnow.kernel import Settings, connect
from shopnow.marts import refresh_analyst

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.integration, pytest.mark.security]
SALES = ("analyst_sales_by_seller", "analyst_sales_by_product", "analyst_sales_by_day")
Line = tuple[int, str, int, int]  # seller, product, day, customer
LINE = (
    "INSERT INTO dwh.fact_order (seller_no, order_id, line_no, order_on, seller_key, product_key,"
    " customer_key, customer_no, ordered_at, quantity, unit_price, line_amount, freight_amount,"
    " commission_amount, currency, order_ref, said_at, source_rank, content_hash, batch_no,"
    " delivery_key, record_no, source_line)"
    " SELECT %(seller)s, 'o' || %(n)s, 1, DATE '2025-01-01' + %(day)s, %(seller)s, p.product_key,"
    " -1, %(customer)s, '2025-01-02', 1, %(amount)s, %(amount)s, 0, 0, 'EUR', 'r' || %(n)s,"
    " '2025-01-02', 0, %(n)s, 1, 1, %(n)s, %(n)s FROM dwh.dim_product AS p"
    " WHERE p.seller_no = %(seller)s AND p.product_id = %(product)s"
)


def sales(seed: int) -> list[Line]:
    """A month of sales: few large sellers, many tiny ones, quiet days, products of one buyer."""
    rng = random.Random(seed)  # noqa: S311  # sales of a test, not secrets
    lines: list[Line] = []
    for seller in range(1, 9):
        for _ in range(rng.choice([1, 2, 3, 6, 20, 60])):
            days = 3 if seller % 3 == 0 else 24
            lines.append((
                seller, f"P{min(rng.randrange(1, 6), rng.randrange(1, 6))}",
                rng.randrange(days), rng.randrange(1, 40),
            ))  # fmt: skip
    # A seller whose whole month is one day, on which one other customer bought something else.
    lines += [(9, "P1", 25, customer) for customer in range(1, 7)] + [(1, "P2", 25, 30 + seed)]
    # A day on which one product alone was sold, and that product once more on another day.
    lines += [(10, "P1", 27, customer) for customer in range(1, 6)] + [(10, "P1", 26, 30 + seed)]
    lines += [(10, "P2", 26, customer) for customer in range(10, 17)]
    return lines


@pytest.fixture(scope="module", params=[1, 2, 3, 4])
def shop(
    request: pytest.FixtureRequest,
    test_server: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Settings, list[Line]]]:
    lines = sales(request.param)
    for settings in own_warehouse(test_server, tmp_path_factory.mktemp("groups")):
        with connect(settings, "shopnow_owner") as conn, conn.transaction():
            conn.execute(
                "INSERT INTO dwh.dim_product (seller_no, product_id, valid_from, valid_to,"
                " is_current, version, known_from, delivery_key, record_no, source_line)"
                " SELECT s, 'P' || p, '2025-01-01', '9999-12-31 00:00+00', TRUE, 1, '2025-01-01',"
                " 1, p, p FROM generate_series(1, 10) AS s, generate_series(1, 5) AS p"
            )
            conn.execute(
                "CREATE TABLE dwh.fact_order_2025q1 PARTITION OF dwh.fact_order"
                " FOR VALUES FROM ('2025-01-01') TO ('2025-04-01')"
            )
            conn.execute(
                "INSERT INTO mart.marketplace_daily VALUES ('2025-01-05', 'EUR', 1, 1, 1, 1, 0, 1,"
                " 0, 1, 0, 0, 1, 1, '2025-02-01')"
            )
            with conn.pipeline():
                for n, (seller, product, day, customer) in enumerate(lines, 1):
                    # Each amount a power of two modulo a prime: no two sums are alike by chance.
                    values = {
                        "n": n, "seller": seller, "product": product, "day": day,
                        "customer": customer, "amount": pow(2, n, 99_991),
                    }  # fmt: skip
                    conn.execute(LINE, values)
        refresh_analyst(settings, CLOCK)
        yield settings, lines


def cells_of(settings: Settings, lines: list[Line]) -> dict[str, dict[object, set[int]]]:
    """The published cells of each mart as sets of line numbers, by what an analyst reads."""
    with connect(settings, "shopnow_analyst") as conn:
        sellers = {s for (s,) in conn.execute("SELECT seller_no FROM mart.analyst_sales_by_seller")}
        products = set(
            conn.execute("SELECT seller_no, product_id FROM mart.analyst_sales_by_product")
        )
        days = {
            day and day.day - 1
            for (day,) in conn.execute("SELECT date_on FROM mart.analyst_sales_by_day")
        }
    found: dict[str, dict[object, set[int]]] = {name: defaultdict(set) for name in SALES}
    for n, (seller, product, day, _) in enumerate(lines):
        told = seller if seller in sellers else None
        found[SALES[0]][told].add(n)
        goods = (told, product if (told, product) in products else None)
        found[SALES[1]][goods].add(n)
        found[SALES[2]][day if day in days else None].add(n)
    return found


def test_no_pair_of_cells_leaves_a_small_group(shop: tuple[Settings, list[Line]]) -> None:
    settings, lines = shop
    cells = [cell for mart in cells_of(settings, lines).values() for cell in mart.values()]
    assert len(cells) > 5, "something is published"
    for one in cells:
        assert len({lines[n][3] for n in one}) >= 5
    for larger, smaller in itertools.permutations(cells, 2):
        if smaller < larger:
            left = {lines[n][3] for n in larger - smaller}
            assert len(left) >= 5, f"{len(left)} customers are left over"


def test_pairs_that_share_a_measure_add_up_to_the_same(
    shop: tuple[Settings, list[Line]],
) -> None:
    """Nothing is lost by folding, and no total says more than another."""
    settings, lines = shop
    measures = ("lines", "units", "gross_amount", "net_amount", "freight_amount")
    totals = []
    with connect(settings, "shopnow_analyst") as conn:
        for mart in SALES:
            statement = sql.SQL("SELECT {} FROM {}").format(
                sql.SQL(", ").join(
                    sql.SQL("sum({})").format(sql.Identifier(measure)) for measure in measures
                ),
                sql.Identifier("mart", mart),
            )
            totals.append(conn.execute(statement).fetchone())
    assert totals[0] == totals[1] == totals[2]
    assert totals[0] is not None
    assert totals[0][0] == len(lines)


def test_the_cells_hold_the_lines_that_they_say(shop: tuple[Settings, list[Line]]) -> None:
    settings, lines = shop
    expected = cells_of(settings, lines)
    with connect(settings, "shopnow_analyst") as conn:
        rows = conn.execute(
            "SELECT seller_no, product_id, net_amount, buyers FROM mart.analyst_sales_by_product"
        ).fetchall()
    for seller, product, amount, buyers in rows:
        cell = expected[SALES[1]][seller, product]
        assert amount == sum(pow(2, n + 1, 99_991) for n in cell)
        assert buyers == len({lines[n][3] for n in cell})


def test_an_analyst_reads_no_mart_that_tells_of_few(shop: tuple[Settings, list[Line]]) -> None:
    settings, _ = shop
    with connect(settings, "shopnow_analyst") as conn:
        for mart in (
            "marketplace_daily",
            "seller_daily_sales",
            "product_performance",
            "seller_daily_traffic",
            "seller_daily_sales_as_is",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                conn.execute(sql.SQL("SELECT 1 FROM {}").format(sql.Identifier("mart", mart)))


def test_a_second_refresh_has_nothing_to_do(shop: tuple[Settings, list[Line]]) -> None:
    settings, _ = shop
    assert refresh_analyst(settings, CLOCK).months == 0

"""What a statement goes through follows the rows it is about, not one set of them times another.

The figure is what its joins and filters threw away, which neither the machine nor its load change.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import ClientCursor, Connection, sql

from shopnow.facts.retie import SQL as RETIE
from shopnow.kernel import Settings, connect
from shopnow.marts import create_touched
from shopnow.marts.analyst import SMALLEST
from shopnow.marts.analyst import SQL as ANALYST

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

pytestmark = pytest.mark.integration
PRODUCTS, CLICKS, LINES = 200, 20_000, 20_000
_CLICKS = """
INSERT INTO dwh.fact_clickstream (
    seller_no, event_key, event_on, event_at, session_ref, customer_no, event_type, product_key,
    product_id, content_hash, batch_no, delivery_key, record_no, source_line
)
SELECT CASE WHEN n %% 100 = 0 THEN n / 100 %% 40 + 1 ELSE 1 END, gen_random_uuid(),
    day.at::date, day.at, 's', -2, 'view_page',
    (SELECT min(held.product_key) FROM dwh.dim_product AS held
        WHERE held.seller_no = 1 AND held.product_id = named.id),
    named.id, 1, 1, 1, n, n
FROM generate_series(1, %(clicks)s) AS n
CROSS JOIN LATERAL (SELECT 'P' || n %% %(products)s AS id) AS named
CROSS JOIN LATERAL (SELECT '2026-01-02 12:00+00'::timestamptz + (n %% 28) * interval '1 day' AS at)
    AS day
"""
_VERSIONS = """
INSERT INTO dwh.dim_product (
    seller_no, product_id, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
SELECT seller, 'P' || n, v.valid_from, v.valid_to, v.valid_to = '9999-12-31 00:00+00', v.version,
    '2026-01-01+00', 1, 1, 1
FROM generate_series(0, %(products)s - 1) AS n
CROSS JOIN generate_series(1, 40) AS seller
CROSS JOIN (
    VALUES (1, '2025-01-01+00'::timestamptz, '2026-01-15+00'::timestamptz),
        (2, '2026-01-15+00', '9999-12-31 00:00+00')
) AS v (version, valid_from, valid_to)
"""
# Of the seller of nearly all clicks, which the planner cannot know of a join.
_BOUND = """
CREATE TEMPORARY TABLE retie_bound AS
SELECT 'product' AS dimension, held.seller_no, held.product_id AS natural_key,
    held.product_key AS surrogate
FROM dwh.dim_product AS held WHERE held.seller_no = 1 AND held.product_id LIKE 'P19_';
CREATE TEMPORARY TABLE retie_range AS
SELECT DISTINCT bound.dimension, bound.seller_no, bound.natural_key, NULL::bigint AS customer_no,
    '-infinity'::timestamptz AS changed_from, 'infinity'::timestamptz AS changed_to
FROM retie_bound AS bound;
ANALYZE retie_bound, retie_range
"""
_LINES = """
CREATE TEMPORARY TABLE fold_line AS
SELECT '2026-01-01'::date AS month, 'EUR' AS currency, 1 AS seller_no,
    'P' || n %% 1000 AS product_id, '2026-01-02'::date AS date_on,
    n %% CASE WHEN n %% 1000 < 500 THEN 3 ELSE 997 END AS customer_no
FROM generate_series(1, %(lines)s) AS n;
CREATE TEMPORARY TABLE fold_seller AS
SELECT '2026-01-01'::date AS month, 'EUR' AS currency, 1 AS seller_no, TRUE AS is_kept
"""


def test_clicks_that_follow_their_products_are_gone_through_once(warehouse: Settings) -> None:
    values = {"products": PRODUCTS, "clicks": CLICKS}
    with connect(warehouse, "shopnow_owner") as owner, connect(warehouse) as connection:
        owner.execute(
            "CREATE TABLE dwh.fact_clickstream_2026m01 PARTITION OF dwh.fact_clickstream"
            " FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')"
        )
        connection.execute(_VERSIONS, values)
        connection.execute(_CLICKS, values)
        owner.execute("ANALYZE dwh.fact_clickstream_2026m01, dwh.dim_product")
        with connection.transaction():
            create_touched(connection)
            connection.execute(_BOUND)
            for name in ("retie_moved", "retie_pair_product", "retie_pair_analyze"):
                connection.execute(RETIE[name])
            month = {"first_on": date(2026, 1, 1), "next_on": date(2026, 2, 1), "sellers": [1]}
            thrown_away = _thrown_away(connection, RETIE["retie_clicks_product"], month)
            moved = connection.execute("SELECT sum(facts) FROM retie_moved").fetchone()

    assert moved is not None
    # Those of the second half of January, of the products that changed.
    assert CLICKS / 60 < moved[0] < CLICKS / 20
    assert thrown_away <= 2 * CLICKS


def test_the_products_of_a_month_are_folded_by_going_through_its_lines_once(
    warehouse: Settings,
) -> None:
    with connect(warehouse) as connection:
        connection.execute(_filled(connection, _LINES, {"lines": LINES}))
        for name in ("fold_line", "fold_seller"):
            connection.execute(ANALYST.compose("fold_analyze", table=sql.Identifier(name)))
        values = {"smallest": SMALLEST}
        thrown_away = _thrown_away(connection, ANALYST["fold_product"], values)

    assert thrown_away <= 2 * LINES


def _thrown_away(connection: Connection[TupleRow], text: str, values: dict[str, Any]) -> int:
    """Rows that joins and filters of a statement read and did not keep; the statement is run."""
    explain = "EXPLAIN (ANALYZE, FORMAT JSON) "
    with ClientCursor(connection) as cursor:
        row = cursor.execute(sql.SQL(explain + text), values).fetchone()
    assert row is not None
    return sum(
        int(node.get(name, 0) * node["Actual Loops"])
        for node in _nodes(row[0][0]["Plan"])
        for name in ("Rows Removed by Join Filter", "Rows Removed by Filter")
    )


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]


def _filled(connection: Connection[TupleRow], text: str, values: dict[str, Any]) -> bytes:
    return ClientCursor(connection).mogrify(text, values).encode()

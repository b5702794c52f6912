"""What any SQL login still learns, measured: times, estimates of the planner, sizes, names.

ADR 0023 states this residue and who therefore gets the pages instead of SQL; here are its figures.
"""

from __future__ import annotations

import os
import random
import time
from itertools import product
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import pytest
from psycopg import sql
from tests.security.leaks.world import MINE, THEIRS

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock, connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from tests.security.leaks.world import World

pytestmark = [pytest.mark.integration, pytest.mark.security]
EVIDENCE = Path(__file__).parents[3] / "build" / "evidence" / "residue-of-sql-logins.json"

ROWS: Final = 20_000
ASKED: Final = 400
# By seller, so that both have as many; every tenth of B's lines is of one product.
_PRODUCTS: Final = """
INSERT INTO dwh.dim_product (seller_no, product_id, title, valid_from, valid_to, is_current,
    version, known_from, delivery_key, record_no, source_line)
SELECT seller_no, 'R-' || seller_no || '-' || n, 'x', '2020-01-01', '9999-12-31 00:00+00', TRUE,
    1, '2020-01-01', 1, 1, n
FROM unnest(%s::integer[]) AS seller_no, generate_series(1, %s) AS n
"""
_LINES: Final = """
INSERT INTO dwh.fact_order (seller_no, order_id, line_no, order_on, seller_key, product_key,
    customer_key, customer_no, ordered_at, quantity, unit_price, line_amount, freight_amount,
    commission_amount, currency, line_status, order_ref, buyer_ref, is_late, said_at, source_rank,
    said_sequence, content_hash, batch_no, delivery_key, record_no, source_line)
SELECT seller_no, 'R' || n, n, DATE '2024-01-01' + n %% 300, 1,
    CASE n %% 10 WHEN 0 THEN 1 ELSE n END, -1, -1, '2024-01-01', 1, 1, 1, 0, 0,
    CASE seller_no WHEN 102 THEN 'SEK' ELSE 'EUR' END,
    'delivered', md5(seller_no || '-' || n),
    md5(seller_no || '-' || n %% 50), FALSE, '2024-01-01', 0, 0,
    n, 1, 1, 1, n
FROM unnest(%s::integer[]) AS seller_no, generate_series(1, %s) AS n
"""


def _seconds(connection: psycopg.Connection, query: str, value: object) -> float:
    begun = time.perf_counter()
    assert connection.execute(query, [value], prepare=True).fetchone() == (0,)
    return time.perf_counter() - begun


def _apart(present: Sequence[float], missing: Sequence[float]) -> float:
    """Return how often a key that exists takes longer than one that does not: 0.5 tells nothing."""
    longer = sum((a > b) + 0.5 * (a == b) for a, b in product(present, missing))
    return longer / (len(present) * len(missing))


def _timed(
    connection: psycopg.Connection, query: str, present: list[Any], missing: list[Any]
) -> tuple[float, float, float]:
    """Return medians in microseconds, and how far apart the two are; asked in a random order."""
    asked = [(value, True) for value in present] + [(value, False) for value in missing]
    random.Random(7).shuffle(asked)  # noqa: S311  # an order, no secret
    for value, _ in asked[:50]:
        _seconds(connection, query, value)
    times: dict[bool, list[float]] = {True: [], False: []}
    for value, exists in asked:
        times[exists].append(_seconds(connection, query, value))
    apart = _apart(times[True], times[False])
    return median(times[True]) * 1e6, median(times[False]) * 1e6, apart


def _estimate(connection: psycopg.Connection, condition: sql.Composable) -> float:
    asked = sql.SQL("EXPLAIN (FORMAT JSON) SELECT 1 FROM dwh.fact_order WHERE {}")
    row = connection.execute(asked.format(condition)).fetchone()
    assert row is not None
    return float(row[0][0]["Plan"]["Plan Rows"])


def test_times_tell_nothing_and_the_rest_is_what_the_decision_says(world: World) -> None:
    figures: list[Measured] = []
    sellers = [MINE, THEIRS]
    with connect(world.settings, None) as connection, connection.transaction(force_rollback=True):
        connection.execute(_PRODUCTS, [sellers, ROWS])
        connection.execute(_LINES, [sellers, ROWS])
        connection.execute("ANALYZE dwh.dim_product, dwh.fact_order")
        refs = "SELECT order_ref FROM dwh.fact_order WHERE seller_no = %s ORDER BY line_no LIMIT %s"
        theirs = [row[0] for row in connection.execute(refs, [THEIRS, ASKED])]
        connection.execute(
            sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(sql.Identifier(world.attacker))
        )
        for name, query, present, missing in (
            (
                "product_id",
                "SELECT count(*) FROM seller.my_products WHERE product_id = %s",
                [f"R-{THEIRS}-{n}" for n in range(1, ASKED + 1)],
                [f"R-999-{n}" for n in range(1, ASKED + 1)],
            ),
            (
                "order_ref",
                (
                    "SELECT count(*) FROM dwh.fact_order WHERE order_on < '2024-01-03'"
                    " AND order_ref = %s"
                ),
                theirs,
                [os.urandom(16).hex() for _ in range(ASKED)],
            ),
        ):
            there, absent, apart = _timed(connection, query, present, missing)
            assert 0.4 < apart < 0.6, name
            figures += [
                Measured(f"{name} existing", there, "µs", f"{name} d'un autre : existe"),
                Measured(f"{name} missing", absent, "µs", f"{name} : n'existe pas"),
                Measured(f"{name} told apart", apart, "probabilité",
                         f"{name} : probabilité de distinguer par le temps (0,5 = hasard)"),
            ]  # fmt: skip
        figures += _estimates(connection)
        figures += _sizes(connection)
    write_evidence(
        EVIDENCE,
        criterion="CAS-4",
        command="pytest tests/security/leaks/test_residue.py",
        figures=figures,
        measured_at=SystemClock().now(),
        conditions={
            "processors": str(os.cpu_count()),
            "rows_a_seller": str(ROWS),
            "keys_asked": str(2 * ASKED),
            "machine": "shared with other work",
        },
    )


def _estimates(connection: psycopg.Connection) -> list[Measured]:
    """What plans say: of all sellers together, without one value of theirs."""
    common = _estimate(connection, sql.SQL("currency = 'SEK'"))
    absent = _estimate(connection, sql.SQL("currency = 'XXX'"))
    theirs = _estimate(connection, sql.SQL("seller_no = {}").format(THEIRS))
    # A value that only B has is guessed as frequent: its existence shows, its rows do not; and how
    # many lines B has shows about as exactly as the planner knows it.
    assert 0.5 * ROWS < theirs < 2 * ROWS
    assert common > 10 * absent
    assert connection.execute("SELECT count(*) FROM pg_stats WHERE schemaname = 'dwh'"
                              " AND tablename = 'fact_order'").fetchone() == (0,)  # fmt: skip
    return [
        Measured("estimate of the lines of B", theirs, "lignes",
                 f"estimation du nombre de lignes de l'autre vendeur (vrai : {ROWS})"),
        Measured("estimate of a value only B has", common, "lignes",
                 "estimation pour une valeur que seul l'autre a"),
        Measured("estimate of a value nobody has", absent, "lignes",
                 "estimation pour une valeur que personne n'a"),
    ]  # fmt: skip


def _sizes(connection: psycopg.Connection) -> list[Measured]:
    """Sizes of tables are everybody's; names of roles too, so they say nothing."""
    rows = connection.execute(
        "SELECT sum(reltuples) FROM pg_class WHERE relname ~ '^fact_order' AND relkind = 'r'"
    ).fetchone()
    assert rows is not None
    assert rows[0] >= 2 * ROWS
    told = connection.execute(
        "SELECT rolname || coalesce(shobj_description(oid, 'pg_authid'), '') FROM pg_roles"
    ).fetchall()
    return [
        Measured("rows of all sellers together", float(rows[0]), "lignes",
                 "lignes de tous les vendeurs ensemble, lisibles dans pg_class"),
        Measured("names of roles", len(told), "noms", "noms de rôles lisibles (opaques)"),
    ]  # fmt: skip

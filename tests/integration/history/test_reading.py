"""Reading history: as it was, as it is, as it was believed to be, by key and as a whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from tests.integration.history.conftest import DELIVERIES, FIRST

from shopnow.dimensions import dimensions_of
from shopnow.kernel import connect
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.history.conftest import Chain, Chronicle

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# Every day that statements speak of, and every half hour in which deliveries came.
TIMES = [datetime(2025, 2, 1, tzinfo=UTC) + timedelta(hours=24 * n) for n in range(22)]
TIMES += [FIRST + timedelta(minutes=30 * n) for n in range(2 * DELIVERIES)]
LAST_YEAR = 9999
READERS = ("seller", "product", "customer")
_COLUMNS = {
    "seller": "seller_no, valid_from, valid_to, is_deleted, country, city, status, commission_pct",
    "product": "seller_no, product_id, valid_from, valid_to, is_deleted, category_id, status",
}


@pytest.fixture(scope="module")
def reader(chronicle: Chronicle) -> Iterator[psycopg.Connection]:
    with connect(chronicle.settings) as conn:
        yield conn


def _valid_at(chain: Chain, at: datetime, key_columns: int) -> Chain:
    return [row for row in chain if row[key_columns] <= at < row[key_columns + 1]]


@pytest.mark.parametrize(("name", "keys"), [("seller", 1), ("product", 2)])
def test_as_was_is_the_version_of_that_time(
    chronicle: Chronicle, reader: psycopg.Connection, name: str, keys: int
) -> None:
    chain = chronicle.chain(name)
    whole = sql.SQL("SELECT {} FROM {}(%(at)s) WHERE {}_key > 0 ORDER BY 1, 2").format(
        sql.SQL(_COLUMNS[name]), sql.Identifier("dwh", f"{name}_as_was"), sql.SQL(name)
    )
    for at in TIMES:
        assert reader.execute(whole, {"at": at}).fetchall() == _valid_at(chain, at, keys)
    assert len(chain) > DELIVERIES
    if name == "product":
        assert {row[4] for row in chain} == {False, True}, "products went and came back"


@pytest.mark.parametrize(("name", "keys"), [("seller", 1), ("product", 2)])
def test_as_known_on_is_what_stood_in_the_dimension_then(
    chronicle: Chronicle, reader: psycopg.Connection, name: str, keys: int
) -> None:
    whole = sql.SQL("SELECT {} FROM {}(%(at)s, %(on)s) WHERE {}_key > 0 ORDER BY 1, 2").format(
        sql.SQL(_COLUMNS[name]), sql.Identifier("dwh", f"{name}_as_known_on"), sql.SQL(name)
    )
    superseded = 0
    for known_on, beliefs in chronicle.beliefs.items():
        for at in TIMES:
            expected = _valid_at(beliefs[name], at, keys)
            for moment in (known_on, known_on + timedelta(minutes=59)):
                found = reader.execute(whole, {"at": at, "on": moment}).fetchall()
                assert found == expected, (known_on, at)
            superseded += expected != _valid_at(chronicle.chain(name), at, keys)
    assert superseded > len(TIMES), "the history was rewritten often enough to tell"


def test_nothing_was_known_before_the_first_delivery(reader: psycopg.Connection) -> None:
    before = FIRST - timedelta(minutes=1)
    rows = reader.execute(
        "SELECT seller_no FROM dwh.seller_as_known_on(%s, %s) WHERE seller_no > 0",
        [TIMES[-1], before],
    ).fetchall()
    assert rows == []


@pytest.mark.parametrize("name", ["seller", "product"])
def test_by_key_is_the_same_row_as_in_the_whole(reader: psycopg.Connection, name: str) -> None:
    key = {"seller": ("seller_no",), "product": ("seller_no", "product_id")}[name]
    for at in TIMES[::7]:
        for function, names in (("as_was", ("at",)), ("as_known_on", ("at", "on"))):
            told = sql.SQL(", ").join(map(sql.Placeholder, names))
            question = sql.SQL(
                "SELECT count(*), count(*) FILTER (WHERE one IS NOT DISTINCT FROM k)"
                " FROM {function}({told}) AS k"
                " LEFT JOIN LATERAL {function}({key}, {told}) AS one ON TRUE"
            ).format(
                function=sql.Identifier("dwh", f"{name}_{function}"),
                key=sql.SQL(", ").join(sql.Identifier("k", column) for column in key),
                told=told,
            )
            values = {"at": at, "on": FIRST + timedelta(hours=4)}
            rows = reader.execute(question, values).fetchone()
            assert rows is not None
            assert rows[0] == rows[1] > 0


def test_types_1_and_3_show_today_whatever_was_known(reader: psycopg.Connection) -> None:
    rows = reader.execute(
        "SELECT k.seller_name = now.seller_name AND k.category = now.category"
        " AND k.previous_category IS NOT DISTINCT FROM now.previous_category"
        " FROM dwh.seller_as_known_on(%s, %s) AS k"
        " CROSS JOIN LATERAL dwh.seller_as_is(k.seller_no) AS now WHERE k.seller_no > 0",
        [TIMES[-1], FIRST],
    ).fetchall()
    assert rows
    assert all(same for (same,) in rows)


def test_as_is_is_the_current_version(chronicle: Chronicle, reader: psycopg.Connection) -> None:
    chain = chronicle.chain("product")
    # Withdrawn members stand in the dimension, but not in what is shown by default.
    current = [row[:2] for row in chain if row[3].year == LAST_YEAR and not row[4]]
    rows = reader.execute(
        "SELECT seller_no, product_id FROM dwh.product_as_is WHERE product_key > 0 ORDER BY 1, 2"
    ).fetchall()
    assert rows == current
    one = reader.execute(
        "SELECT count(*) FROM dwh.product_as_is AS p"
        " CROSS JOIN LATERAL dwh.product_as_is(p.seller_no, p.product_id) AS k"
        " WHERE k.product_key = p.product_key AND k.is_current"
    ).fetchone()
    everything = reader.execute("SELECT count(*) FROM dwh.product_as_is").fetchone()
    assert one == everything


def test_a_merged_seller_is_read_as_the_one_that_stands_for_it(chronicle: Chronicle) -> None:
    with connect(chronicle.settings, "shopnow_owner", autocommit=False) as conn:
        first, second = (row[0] for row in conn.execute(
            "SELECT DISTINCT seller_no FROM dwh.dim_seller WHERE seller_no > 0 ORDER BY 1 LIMIT 2"
        ))  # fmt: skip
        conn.execute(
            "INSERT INTO security.seller_bridge (seller_no, merged_into, valid_from)"
            " VALUES (%s, %s, '2025-03-01')",
            [first, second],
        )
        as_is = "SELECT seller_no FROM dwh.seller_as_is(%s)"
        assert conn.execute(as_is, [first]).fetchall() == [(second,)]
        assert conn.execute(as_is, [second]).fetchall() == [(second,)]
        as_was = "SELECT seller_no FROM dwh.seller_as_was(%s, '2025-03-02')"
        assert conn.execute(as_was, [first]).fetchall() == [(first,)]
        survivors = conn.execute(
            "SELECT survivor_no FROM dwh.seller_as_is WHERE seller_no = %s", [first]
        ).fetchall()
        assert survivors == [(second,)]
        conn.rollback()


def test_an_order_line_shows_its_own_time_or_today(second_day: Settings) -> None:
    query = (
        "SELECT order_id, line_no, {} FROM dwh.order_line_as_{} WHERE seller_id = 'S1'"
        " ORDER BY 1, 2"
    )
    with connect(second_day) as conn:
        lines = conn.execute("SELECT count(*) FROM dwh.fact_order").fetchone()
        for view in ("was", "is"):
            count = sql.SQL("SELECT count(*) FROM {}").format(
                sql.Identifier("dwh", f"order_line_as_{view}")
            )
            assert conn.execute(count).fetchone() == lines
        was = conn.execute(
            "SELECT v.order_id FROM dwh.order_line_as_was AS v"
            " INNER JOIN dwh.fact_order AS f USING (seller_no, order_id, line_no, order_on)"
            " INNER JOIN dwh.dim_product AS p USING (seller_no, product_key)"
            " INNER JOIN dwh.dim_seller AS s USING (seller_no, seller_key)"
            " WHERE (p.category_id, p.status, s.country) IS DISTINCT FROM"
            " (v.product_category_id, v.product_status, v.seller_country)"
        ).fetchall()
        # Facts are bound to the version of their time: by time or by key is the same.
        assert was == []
        today = conn.execute(query.format("seller_status, product_status", "is")).fetchall()
        then = conn.execute(query.format("seller_status, product_status", "was")).fetchall()
    assert len(today) == len(then) > 0


def test_functions_are_inlined_and_use_the_index_of_the_key(reader: psycopg.Connection) -> None:
    reader.execute("SET enable_seqscan = off")
    calls: tuple[LiteralString, ...] = (
        "dwh.seller_as_was(1, '2025-02-10')",
        "dwh.product_as_was(1, 'P1', '2025-02-10')",
        "dwh.customer_as_was(1, '2025-02-10')",
        "dwh.product_as_is(1, 'P1')",
        "dwh.seller_as_known_on(1, '2025-02-10', '2025-03-20 12:00+00')",
        "dwh.product_as_known_on(1, 'P1', '2025-02-10', '2025-03-20 12:00+00')",
        "dwh.customer_as_known_on(1, '2025-02-10', '2025-03-20 12:00+00')",
    )
    for call in calls:
        nodes = list(_nodes(_plan(reader, call)))
        kinds = {node["Node Type"] for node in nodes}
        assert "Function Scan" not in kinds, call
        assert "Seq Scan" not in kinds, call
        scans = [node for node in nodes if "Index" in node["Node Type"]]
        assert all("_no" in node.get("Index Cond", "") for node in scans), call
    reader.execute("RESET enable_seqscan")


def test_functions_run_with_the_rights_of_who_asks_and_in_parallel(
    reader: psycopg.Connection,
) -> None:
    rows = reader.execute(
        "SELECT proname, prosecdef, proparallel::text, provolatile::text,"
        " obj_description(oid, 'pg_proc') FROM pg_proc"
        " WHERE pronamespace = 'dwh'::regnamespace AND proname ~ '_as_(was|is|known_on)$'"
    ).fetchall()
    assert len(rows) == len(READERS) * 5
    assert {row[1:4] for row in rows} == {(False, "s", "s")}
    assert all(comment for *_, comment in rows)


def test_what_is_known_covers_the_type_2_attributes_of_the_contracts(
    reader: psycopg.Connection, chronicle: Chronicle
) -> None:
    for dimension in dimensions_of(load_contracts(chronicle.settings.contracts_dir)):
        rows = reader.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
            [f"history.{dimension.name}_known"],
        ).fetchall()
        names = {name for (name,) in rows}
        assert set(dimension.typed(2)) <= names
        assert names.isdisjoint(dimension.typed(0, 1, 3))


def test_who_may_read_history(chronicle: Chronicle) -> None:
    allowed = {
        "shopnow_analyst_detail": {"seller", "product", "customer"},
        "shopnow_engineer": {"seller", "product"},
        "shopnow_analyst": set(),
        "shopnow_operator": set(),
    }
    for role, names in allowed.items():
        with connect(chronicle.settings, role) as conn:
            found = set()
            for name in READERS:
                try:
                    for function, days in _ASKED.items():
                        conn.execute(
                            sql.SQL("SELECT count(*) FROM {}({})").format(
                                sql.Identifier("dwh", f"{name}_{function}"),
                                sql.SQL(", ").join(map(sql.Literal, days)),
                            )
                        )
                    conn.execute(
                        sql.SQL("SELECT count(*) FROM {}").format(
                            sql.Identifier("dwh", f"{name}_as_is")
                        )
                    )
                except psycopg.errors.InsufficientPrivilege:
                    continue
                found.add(name)
            assert found == names, role


_ASKED = {"as_was": ("2025-03-01",), "as_known_on": ("2025-03-01", "2025-03-21")}


def _plan(conn: psycopg.Connection, call: LiteralString) -> dict[str, Any]:
    asked = sql.SQL("EXPLAIN (FORMAT JSON) SELECT * FROM {}").format(sql.SQL(call))
    row = conn.execute(asked).fetchone()
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    found: dict[str, Any] = plan[0]["Plan"]
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)

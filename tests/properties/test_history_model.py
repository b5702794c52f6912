"""Dimensions and offers equal a model in plain Python, whatever the order and the split of arrival.

Each example is a random history of two keys: statements of several ranks, with and without the
sender's own numbers, of one instant and of many, partial ones, repeated ones.  It reaches the
engine in random deliveries, batch by batch, in one transaction that is rolled back at the end.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.properties.scd_model import OPEN_END, Statement, versions

from shopnow.dimensions import dimensions_of, ensure_sellers, load_dimension
from shopnow.facts import ensure_partitions, load_offers
from shopnow.kernel import connect
from shopnow.kernel.server import create_database, drop_database
from shopnow.marts import create_touched
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from shopnow.kernel import Settings
    from shopnow.sources import Contracts

pytestmark = pytest.mark.properties

EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "60"))
DAY_ZERO = datetime(2025, 1, 10, tzinfo=UTC)
RUN_AT = datetime(2025, 6, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
TYPES = {
    "seller": {
        "seller_id": 1, "seller_name": 1, "legal_id": 0, "country": 2, "city": 2, "category": 3,
    },
    "product": {"title": 1, "brand": 1, "category_id": 2, "status": 2},
    "offer": {"unit_price": 2, "stock_quantity": 2},
}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    # A second value of type 0 would be held for a person (scd.md S79), not folded.
    "legal_id": ["a", None],
    "country": ["FR", "DE", None], "status": ["active", "paused", None],
    "unit_price": [1, 2, None], "stock_quantity": [0, 5, None],
}  # fmt: skip


class Ground:
    """A warehouse with two sellers, and the contracts that drive the engine."""

    def __init__(self, conn: psycopg.Connection, contracts: Contracts) -> None:
        self.conn = conn
        self.contracts = contracts
        self.dimensions = {d.name: d for d in dimensions_of(contracts)}
        self.bits = {
            kind: {a.name: 1 << place for place, a in enumerate(contracts.kinds[kind].historised)}
            for kind in TYPES
        }


@pytest.fixture(scope="module")
def ground(test_server: Settings) -> Iterator[Ground]:
    """Give the ground of all examples of this module."""
    name = f"history_{os.getpid()}"
    copy = create_database(test_server, name, template="shopnow")
    with connect(copy) as conn, connect(copy, "shopnow_owner") as owner:
        conn.execute(
            "INSERT INTO security.seller (seller_no, opened_on)"
            " VALUES (1, '2020-01-01'), (2, '2020-01-01')"
        )
        conn.execute(
            "INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)"
            " VALUES ('x', 'A', '1900-01-01', 1), ('x', 'B', '1900-01-01', 2)"
        )
        it = Ground(conn, load_contracts(copy.contracts_dir))
        spread = [Statement(day, 20, None, day, (("unit_price", 1),)) for day in (0, 60)]
        _stage(it, "offer", 1, [(1, s) for s in spread])
        ensure_partitions(conn, owner, "offers", [1], copy.tz)
        conn.execute("TRUNCATE staging.offer_row")
        yield it
    drop_database(test_server, name)


def _said(types: dict[str, int]) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    """Some of the attributes, with values from a few, so that repeats and returns are common."""
    choices = {
        name: st.sampled_from(VALUES.get(name, ["a", "b", "c", None])) for name in types
    }  # fmt: skip
    return st.fixed_dictionaries({}, optional=choices).map(lambda d: tuple(sorted(d.items())))


def _statement(types: dict[str, int], ranks: Sequence[int]) -> st.SearchStrategy[Statement]:
    def made(
        at: int, rank: int, sequence: int | None, said: tuple[tuple[str, Any], ...]
    ) -> Statement:
        # As in the product: equal content has an equal hash, and nothing else enters it.
        digest = blake2b(repr(said).encode(), digest_size=8).digest()
        return Statement(at, rank, sequence, int.from_bytes(digest, "big", signed=True), said)

    return st.builds(
        made,
        at=st.integers(0, 8),
        rank=st.sampled_from(ranks),
        sequence=st.none() | st.integers(1, 3),
        said=_said(types),
    )


def _history(
    types: dict[str, int], ranks: Sequence[int] = (0, 20, 20, 30)
) -> st.SearchStrategy[list[list[list[tuple[int, Statement]]]]]:
    """Batches of deliveries of (key, statement); some statements come again."""
    one = st.tuples(st.integers(1, 2), _statement(types, ranks))
    delivery = st.lists(one, min_size=1, max_size=6)
    return st.lists(st.lists(delivery, min_size=1, max_size=3), min_size=1, max_size=4)


def _repeated(
    batches: list[list[list[tuple[int, Statement]]]],
) -> list[list[list[tuple[int, Statement]]]]:
    """Everything once more at the end, as one delivery: nothing may change by it."""
    everything = [pair for batch in batches for delivery in batch for pair in delivery]
    return [*batches, [everything[::-1]]]


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["seller", "product"])
@given(data=st.data())
def test_a_dimension_equals_the_model(ground: Ground, kind: str, data: st.DataObject) -> None:
    batches = _repeated(data.draw(_history(TYPES[kind])))
    with ground.conn.transaction(force_rollback=True):
        create_touched(ground.conn)
        _load(ground, kind, batches)
        ensure_sellers(ground.conn, RUN_AT)
        _compare(ground, kind, batches, f"dim_{kind}")


@settings(
    max_examples=EXAMPLES, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(batches=_history(TYPES["offer"], ranks=(20, 30)).map(_repeated))
def test_offers_equal_the_model(
    ground: Ground, batches: list[list[list[tuple[int, Statement]]]]
) -> None:
    with ground.conn.transaction(force_rollback=True):
        create_touched(ground.conn)
        _load(ground, "offer", batches)
        for key, expected in _expected(batches, TYPES["offer"]).items():
            with ground.conn.cursor() as cursor:
                rows = cursor.execute(
                    "SELECT observed_at, unit_price, stock_quantity FROM dwh.fact_offer"
                    " WHERE seller_no = %s ORDER BY observed_at",
                    [key],
                ).fetchall()
            assert rows == [
                (_time(v["valid_from"]), v["unit_price"], v["stock_quantity"]) for v in expected
            ]


def _load(ground: Ground, kind: str, batches: list[list[list[tuple[int, Statement]]]]) -> None:
    conn, number = ground.conn, 1
    for batch in batches:
        keys = list(range(number, number + len(batch)))
        number += len(batch)
        for key, delivery in zip(keys, batch, strict=True):
            _stage(ground, kind, key, delivery)
        if kind == "offer":
            outcomes, _ = load_offers(
                conn, ground.contracts.kinds["offer"], keys, run_at=RUN_AT, batch_no=1,
                zone="Europe/Paris",
            )  # fmt: skip
        else:
            outcomes = load_dimension(conn, ground.dimensions[kind], keys, RUN_AT)
        for key, delivery in zip(keys, batch, strict=True):
            own = [s for _, s in delivery if kind == "offer" or s.rank > 0]
            total = outcomes.get(key)
            counted = 0 if total is None else total.accepted + total.duplicate + total.superseded
            assert counted == len(own), "every record has one outcome"


def _stage(
    ground: Ground, kind: str, delivery: int, statements: Sequence[tuple[int, Statement]]
) -> None:
    names = list(TYPES[kind])
    place = ["delivery_key", "file_no", "line_no", "record_no", "seller_no", "effective_at",
             "source_rank", "source_sequence", "content_hash", "present"]  # fmt: skip
    extra = {"product": {"product_id": "P"}, "offer": {"product_id": "P", "source": "x"}}
    fixed = extra.get(kind, {}) | ({} if kind == "offer" else {"is_embedded": None})
    columns = [*place, *fixed, *names]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier("staging", f"{kind}_row"),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )
    rows = []
    for number, (key, s) in enumerate(statements, start=1):
        said = dict(s.said)
        present = sum(ground.bits[kind][name] for name in said)
        kept = {**fixed, "is_embedded": s.rank == 0} if "is_embedded" in fixed else fixed
        rows.append(
            [delivery, 1, number + 1, number, key, _time(s.at), s.rank, s.sequence, s.hash, present,
             *kept.values(), *(said.get(name) for name in names)]
        )  # fmt: skip
    with ground.conn.cursor() as cursor:
        cursor.executemany(statement, rows)


def _expected(
    batches: list[list[list[tuple[int, Statement]]]], types: dict[str, int]
) -> dict[int, list[dict[str, Any]]]:
    said: dict[int, set[Statement]] = {}
    for batch in batches:
        for delivery in batch:
            for key, statement in delivery:
                said.setdefault(key, set()).add(statement)
    return {key: versions(statements, types) for key, statements in said.items()}


def _compare(
    ground: Ground, kind: str, batches: list[list[list[tuple[int, Statement]]]], table: str
) -> None:
    types = TYPES[kind]
    names = [*types]
    for name, scd in types.items():
        names += [f"previous_{name}", f"{name}_changed_at"] if scd == 3 else []
    names += ["valid_from", "valid_to"]
    query = sql.SQL(
        "SELECT {}, is_current, version FROM {} WHERE seller_no = %s AND {} ORDER BY valid_from"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.Identifier("dwh", table),
        sql.SQL("product_id = 'P'") if kind == "product" else sql.SQL("TRUE"),
    )
    for key, expected in _expected(batches, types).items():
        rows = ground.conn.execute(query, [key]).fetchall()
        wanted = [
            (*(_value(name, v[name]) for name in names), v["valid_to"] == OPEN_END, place)
            for place, v in enumerate(expected, start=1)
        ]
        assert rows == wanted


def _value(name: str, value: object) -> object:
    if name in ("valid_from", "valid_to") or name.endswith("_changed_at"):
        return _time(value) if isinstance(value, int) else LAST if value == OPEN_END else None
    return value


def _time(day: int) -> datetime:
    return DAY_ZERO + timedelta(days=day)

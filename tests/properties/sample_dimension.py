"""A dimension that only tests know, with attributes of types 0, 1, 2 and 3: tables and staging.

Its tables are those of products with other attributes, so that what holds here holds for any
assignment of types.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row
from tests.properties.scd_model import OPEN_END

from shopnow.dimensions import Column, Dimension, dimensions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg
    from tests.properties.scd_model import Delivery

    from shopnow.sources import Contracts

TYPES = {"legal": 0, "name": 1, "note": 1, "price": 2, "status": 2, "category": 3}
BITS = {name: 1 << place for place, name in enumerate(TYPES)}
SAMPLE = Dimension(
    "sample",
    ("seller_no", "product_id"),
    tuple(Column(name, scd, place) for place, (name, scd) in enumerate(TYPES.items())),
)
DAY_ZERO = datetime(2025, 1, 10, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
# The rank of a seller's own statements; the platform's is lower, what orders say is 0.
OWN_RANK = 30
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_KEYS = count(1_000_000)
_DELIVERY = (
    "delivery_key", "sender_no", "source", "feed", "mode", "sha256", "effective_at",
    "effective_is_declared", "received_at", "state", "contract_version", "absence_proven",
)  # fmt: skip
_ROW = (
    "delivery_key", "file_no", "line_no", "record_no", "seller_no", "product_id", "effective_at",
    "source_rank", "source_sequence", "content_hash", "present", "is_embedded", "is_deletion",
)  # fmt: skip
_TABLES = (
    ("dwh", "dim_product", "dim_sample"),
    ("history", "product_change", "sample_change"),
    ("history", "product_superseded", "sample_superseded"),
    ("staging", "product_row", "sample_row"),
)
_CHAIN = """
ALTER TABLE dwh.dim_sample ADD CONSTRAINT dim_sample_chain_fkey
FOREIGN KEY (seller_no, product_id, next_from)
REFERENCES dwh.dim_sample (seller_no, product_id, valid_from) DEFERRABLE INITIALLY DEFERRED
"""


def create_sample(owner: psycopg.Connection, contracts: Contracts) -> None:
    """Make the sample's tables; `owner` is a connection of the tables' owner."""
    product = next(d for d in dimensions_of(contracts) if d.name == "product")
    for schema, like, name in _TABLES:
        table = sql.Identifier(schema, name)
        owner.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                table, sql.Identifier(schema, like)
            )
        )
        dropped: list[sql.Composable] = [
            sql.SQL("DROP COLUMN {}").format(sql.Identifier(n)) for n in product.attributes
        ]
        own = [*TYPES, *(["previous_category"] if name.startswith(("dim", "sample_s")) else [])]
        added: list[sql.Composable] = [
            sql.SQL("ADD COLUMN {} text").format(sql.Identifier(n)) for n in own
        ]
        if len(own) > len(TYPES):
            added.append(sql.SQL("ADD COLUMN category_changed_at timestamptz"))
        owner.execute(
            sql.SQL("ALTER TABLE {} {}").format(table, sql.SQL(", ").join([*dropped, *added]))
        )
        owner.execute(sql.SQL("GRANT ALL ON {} TO shopnow_etl").format(table))
    for schema, name in (("dwh", "dim_sample"), ("history", "sample_superseded")):
        owner.execute(
            sql.SQL("ALTER TABLE {} RENAME product_key TO sample_key").format(
                sql.Identifier(schema, name)
            )
        )
    owner.execute(
        "ALTER SEQUENCE dwh.dim_sample_product_key_seq RENAME TO dim_sample_sample_key_seq"
    )
    owner.execute("GRANT USAGE ON SEQUENCE dwh.dim_sample_sample_key_seq TO shopnow_etl")
    owner.execute(_CHAIN)


def day(number: int) -> datetime:
    """The instant that the model calls `number`."""
    return DAY_ZERO + timedelta(days=number)


def stage(conn: psycopg.Connection, deliveries: Sequence[tuple[int, Delivery]]) -> list[int]:
    """Register and stage deliveries, each with its seller_no; returns their keys."""
    keyed = [(next(_KEYS), seller, delivery) for seller, delivery in deliveries]
    _copy(conn, "delivery", _DELIVERY, [
        (key, seller if d.rank == OWN_RANK else 0, f"{d.source}-{seller}",
         "orders" if d.rank == 0 else "products", "full" if d.is_full else "delta",
         str(key).encode(), day(d.at), True, day(d.at), "normalised", "1", d.proves_absence)
        for key, seller, d in keyed
    ])  # fmt: skip
    _copy(conn, "sample_row", (*_ROW, *TYPES), [
        (key, 1, number + 1, number, seller, f"P{s.key}", day(s.at), s.rank, s.sequence, s.hash,
         sum(BITS[name] for name, _ in s.said), s.rank == 0, s.is_delete,
         *(dict(s.said).get(name) for name in TYPES))
        for key, seller, d in keyed for number, s in enumerate(d.statements, start=1)
    ])  # fmt: skip
    _copy(conn, "silent_row", ("delivery_key", "kind", "seller_no", "product_id"), [
        (key, "sample", seller, f"P{silent}") for key, seller, d in keyed for silent in d.rejected
    ])  # fmt: skip
    return [key for key, _, _ in keyed]


def clear(conn: psycopg.Connection) -> None:
    """Empty the staging tables of the sample."""
    conn.execute("TRUNCATE staging.sample_row, staging.silent_row")


def infer(conn: psycopg.Connection, seller: int, key: int) -> None:
    """A fact names the key: it gets an inferred member, if there is none of it yet (R15)."""
    conn.execute(
        "INSERT INTO dwh.dim_sample (seller_no, product_id, valid_from, valid_to, is_current,"
        " is_inferred, version, known_from, delivery_key, record_no, source_line)"
        " SELECT %(seller)s, %(key)s, '1900-01-01 00:00+00', '9999-12-31 00:00+00', TRUE, TRUE, 1,"
        " '2025-01-01', 0, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM dwh.dim_sample"
        " WHERE seller_no = %(seller)s AND product_id = %(key)s)",
        {"seller": seller, "key": f"P{key}"},
    )


def _copy(
    conn: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("staging", table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def members(
    conn: psycopg.Connection, sellers: Iterable[int]
) -> dict[int, dict[int, list[dict[str, Any]]]]:
    """What the sample dimension holds, as the model puts it: by seller, then by key."""
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "SELECT * FROM dwh.dim_sample WHERE seller_no = ANY(%s)"
            " ORDER BY seller_no, product_id, valid_from",
            [list(sellers)],
        ).fetchall()
    found: dict[int, dict[int, list[dict[str, Any]]]] = {}
    for row in rows:
        versions = found.setdefault(row["seller_no"], {}).setdefault(int(row["product_id"][1:]), [])
        versions.append(row)
    return found


def expected(versions: list[dict[str, Any]], *, is_strict: bool = False) -> list[dict[str, Any]]:
    """The model's versions with the columns and the values of the table."""
    rows = [
        {
            **version,
            "valid_from": day(version["valid_from"]),
            "valid_to": LAST if version["valid_to"] == OPEN_END else day(version["valid_to"]),
            "category_changed_at": None
            if version["category_changed_at"] is None
            else day(version["category_changed_at"]),
            "is_inferred": False,
        }
        for version in versions
    ]
    if is_strict and rows:
        # What is not of type 2 stands on all versions, the inferred one included.
        unknown = dict.fromkeys((name for name, scd in TYPES.items() if scd == 2))
        ends = {"valid_from": FIRST, "valid_to": rows[0]["valid_from"]}
        rows.insert(0, {**rows[0], **unknown, **ends, "is_deleted": False, "is_inferred": True})
    for place, row in enumerate(rows, start=1):
        row |= {"version": place, "is_current": place == len(rows)}
    return rows

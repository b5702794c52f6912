"""A former warehouse for tests: its four tables with every defect that spec/legacy.md knows.

Always the same rows.  Defects are drawn on purpose and counted, so that a test knows what an audit
has to find: prices that were never stored, lines and visits that a replay wrote again, facts whose
member is missing, members that no fact names, visitors who are no customers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
from psycopg import sql

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import psycopg

    from shopnow.kernel import Settings

COUNTRIES = ("France", "Tunisia", "Brazil", "Belgium", "Germany", "Switzerland", "Cote d'Ivoire",
             "United States of America", "Korea")  # fmt: skip
CATEGORIES = ("Beauty", "Electronics", "Clothing", "Books", "Home")
STATUSES = ("PLACED", "PLACED", "PLACED", "SHIPPED", "CANCELLED")
FIRST_DAY = datetime(2025, 3, 1, tzinfo=UTC)
SNAPSHOT = datetime(2025, 6, 1, 6, tzinfo=UTC)
SCHEMAS: dict[str, dict[str, str]] = {
    "dim_customer": dict.fromkeys(
        ("customer_id", "name", "email", "address", "city", "country"), "text"
    ),
    "dim_product": dict.fromkeys(("product_id", "name", "category"), "text"),
    "fact_order": {
        "order_id": "text", "product_id": "text", "customer_id": "text", "quantity": "integer",
        "unit_price": "numeric(10, 2)", "status": "text", "order_timestamp": "timestamp",
    },
    "fact_clickstream": {
        "event_id": "text", "session_id": "text", "user_id": "text", "url": "text",
        "event_type": "text", "event_timestamp": "timestamp",
    },
}  # fmt: skip
Row = tuple[object, ...]


@dataclass
class Former:
    """The four tables as rows; `repeated`: the facts that stand there more often than once."""

    tables: dict[str, list[Row]]
    repeated: dict[str, list[Row]] = field(default_factory=dict)

    def once(self) -> Former:
        """The same without repeats."""
        return Former({name: list(dict.fromkeys(rows)) for name, rows in self.tables.items()})

    def frame(self, name: str) -> pl.DataFrame:
        """One table as texts, as an export of it."""
        columns = list(SCHEMAS[name])
        rows = [[None if cell is None else str(cell) for cell in row] for row in self.tables[name]]
        return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")

    def first_orders(self, place: int) -> dict[str, datetime]:
        """First order of each value in column `place` of fact_order."""
        first: dict[str, datetime] = {}
        for row in self.tables["fact_order"]:
            key, at = str(row[place]), row[6]
            assert isinstance(at, datetime)
            first[key] = min(first.get(key, at), at)
        return first


def former_warehouse(
    seed: int = 7, *, customers: int = 300, orders: int = 1500, visits: int = 2000
) -> Former:
    """A former warehouse, by default of a few thousand rows."""
    draw = random.Random(seed)  # noqa: S311 — data for tests
    people = [_person(draw, number) for number in range(customers)]
    products: list[Row] = [
        (f"P{number:03d}", f"Article {number}", draw.choice(CATEGORIES)) for number in range(120)
    ]
    placed = [_order(draw, number, people, products) for number in range(orders)]
    lines = [line for order in placed for line in order]
    # A replay writes all lines of an order again, once or twice.
    again = [
        line
        for order in draw.sample(placed, orders * 3 // 100)
        for line in order * draw.choice((1, 2))
    ]
    clicks = [_click(draw, number) for number in range(visits)]
    clicked_again = draw.sample(clicks, visits * 3 // 100)
    stored = lines + again
    draw.shuffle(stored)
    tables: dict[str, list[Row]] = {
        # The last of each never made it into its table: their facts are orphans.
        "dim_customer": people[:-4],
        "dim_product": products[:-3],
        "fact_order": stored,
        "fact_clickstream": clicks + clicked_again,
    }
    return Former(tables, {"fact_order": again, "fact_clickstream": clicked_again})


def _uuid(draw: random.Random) -> str:
    text = f"{draw.getrandbits(128):032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _person(draw: random.Random, number: int) -> Row:
    return (
        _uuid(draw), f"Personne Fictive {number}", f"personne{number}@former.test",
        f"{number} allée des Essais", draw.choice(("Lyon", "Tunis", "Gand")),
        draw.choice(COUNTRIES),
    )  # fmt: skip


def _order(draw: random.Random, number: int, people: list[Row], products: list[Row]) -> list[Row]:
    # Around midnight too: a day of another zone than UTC would move them.
    at = FIRST_DAY + timedelta(
        days=number // 20, hours=draw.choice((0, 1, 9, 15, 22, 23)), seconds=draw.randrange(3600)
    )
    status = draw.choice(STATUSES)
    # Some customers and products are never ordered by or ordered.
    customer = people[draw.randrange(10, len(people))][0]
    priced = draw.random() < 0.4  # which producer sent it
    order_id = f"O-{number:05d}"
    return [
        (
            order_id, product[0], customer, draw.randint(1, 5),
            round(draw.uniform(1, 300), 2) if priced else None, status, at.replace(tzinfo=None),
        )
        for product in draw.sample(products[5:], draw.randint(1, 4))
    ]  # fmt: skip


def _click(draw: random.Random, number: int) -> Row:
    at = FIRST_DAY + timedelta(days=number // 27, seconds=draw.randrange(86_400))
    kind = draw.choice(("view_page", "view_page", "view_page", "add_to_cart", "checkout_start"))
    user = None if kind != "checkout_start" and draw.random() < 0.3 else _uuid(draw)
    url = draw.choice(("/", "/cart", f"/product/P{draw.randrange(120):03d}", "/category/Books"))
    return (_uuid(draw), _uuid(draw), user, url, kind, at.replace(tzinfo=None))


def write_csv(former: Former, folder: Path) -> Path:
    """The four tables as text files, each as another tool would write it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in former.tables:
        mark = ";" if name == "dim_product" else ","
        former.frame(name).write_csv(folder / f"{name}.csv", separator=mark)
    return folder


def write_parquet(former: Former, folder: Path) -> Path:
    """The four tables as Parquet files with typed columns."""
    folder.mkdir(parents=True, exist_ok=True)
    types: dict[str, pl.DataType] = {"integer": pl.Int64(), "numeric(10, 2)": pl.Decimal(10, 2)}
    for name, columns in SCHEMAS.items():
        frame = former.frame(name).with_columns(
            [pl.col(column).cast(types[kind]) for column, kind in columns.items() if kind in types]
            + [
                pl.col(column).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
                for column, kind in columns.items()
                if kind == "timestamp"
            ]
        )
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def write_tables(former: Former, settings: Settings, schema: str = "former") -> str:
    """The four tables on the server of `settings`, in a schema of their own; its name."""
    with connect(settings, None) as conn:
        place = sql.Identifier(schema)
        conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(place))
        conn.execute(sql.SQL("CREATE SCHEMA {}").format(place))
        for name, columns in SCHEMAS.items():
            _fill(conn, schema, name, columns, former.tables[name])
    return schema


def _fill(
    conn: psycopg.Connection[Any],
    schema: str,
    name: str,
    columns: Mapping[str, str],
    rows: list[Row],
) -> None:
    table = sql.Identifier(schema, name)
    declared = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
        for column, kind in columns.items()
    )
    conn.execute(sql.SQL("CREATE TABLE {} ({})").format(table, declared))
    statement = sql.SQL("COPY {} FROM STDIN").format(table)
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)

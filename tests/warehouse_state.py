"""What a warehouse holds, to compare two of them: exactly, or without what may differ.

`exact` is every column of every row.  `portable` leaves out provenance and load times, and puts
natural keys in the place of surrogate ones, so that two ways to one end state compare equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from shopnow.kernel import Settings

DWH = ("dwh",)
LOADED = ("dwh", "history", "mart")
Row = tuple[tuple[str, Any], ...]

# Where a row came from, and when it was loaded: another way to the same state has others.
_PROVENANCE = {
    "batch_no", "delivery_key", "record_no", "source_line", "known_from", "known_to", "changed_at",
    "refreshed_at",
}  # fmt: skip
# How rows came to where they are, not where they are: another way there has other ones.
_THE_WAY = {"history.retie", "history.commission_adjustment", "history.key_mark"}
# Keyed by seller_no, which another way may have numbered otherwise.
_REFERENCES = {"order_ref", "buyer_ref"}


def tables(conn: psycopg.Connection, schemas: Iterable[str]) -> list[tuple[str, str]]:
    """Every table of these schemas, partitioned ones once."""
    rows = conn.execute(
        "SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n"
        " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND n.nspname = ANY(%s) ORDER BY 1, 2",
        [list(schemas)],
    ).fetchall()
    return [(str(schema), str(name)) for schema, name in rows]


def exact(settings: Settings, schemas: Iterable[str] = LOADED) -> dict[str, list[str]]:
    """Every row of every table as text, by table; dim_date is left out, it never changes."""
    with connect(settings, None) as conn:
        return {
            f"{schema}.{name}": [
                str(row)
                for (row,) in conn.execute(
                    sql.SQL('SELECT t::text COLLATE "C" FROM {} AS t ORDER BY 1').format(
                        sql.Identifier(schema, name)
                    )
                )
            ]
            for schema, name in tables(conn, schemas)
            if name != "dim_date"
        }


def portable(
    settings: Settings,
    schemas: Iterable[str] = LOADED,
    *,
    leave_out: frozenset[str] = frozenset(),
) -> dict[str, list[Row]]:
    """Rows by table with natural keys, without provenance and load times, in a fixed order."""
    with connect(settings, None) as conn:
        names = _Names(conn, leave_out)
        return {
            f"{schema}.{name}": sorted(
                (names.natural(name, row) for row in _rows(conn, schema, name)), key=repr
            )
            for schema, name in tables(conn, schemas)
            if name != "dim_date" and f"{schema}.{name}" not in _THE_WAY
        }


def differences(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> str:
    """The first rows that two states do not share, for a failing test's message."""
    lines = []
    for table in sorted({*one, *other}):
        mine, theirs = one.get(table, []), other.get(table, [])
        if mine != theirs:
            lines.append(f"{table}: {len(mine)} rows, {len(theirs)} rows")
            lines += [f"  - {row}" for row in mine if row not in theirs][:3]
            lines += [f"  + {row}" for row in theirs if row not in mine][:3]
    return "\n".join(lines)


def _rows(conn: psycopg.Connection, schema: str, name: str) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, name)))
        return cursor.fetchall()


class _Names:
    """Natural names of numbers and surrogate keys."""

    def __init__(self, conn: psycopg.Connection, leave_out: frozenset[str]) -> None:
        self._left_out = _PROVENANCE | _REFERENCES | leave_out
        self._sellers: dict[int, str] = dict(
            conn.execute(
                "SELECT seller_no, min(source || '/' || seller_id)"
                " FROM security.seller_identifier GROUP BY seller_no"
            ).fetchall()
        )
        # A customer's pseudonym is made from the identifier alone: it is the same everywhere.
        self._customers: dict[int, str] = dict(
            conn.execute("SELECT customer_no, min(customer_id) FROM dwh.dim_customer GROUP BY 1")
            .fetchall()
        )  # fmt: skip
        self._keys: dict[str, dict[int, tuple[Any, ...]]] = {}
        self._keys = {
            "seller_key": self._versions(conn, "seller", ("seller_no",)),
            "product_key": self._versions(conn, "product", ("seller_no", "product_id")),
            "customer_key": self._versions(conn, "customer", ("customer_no",)),
        }

    def natural(self, table: str, row: dict[str, Any]) -> Row:
        """The row with natural keys; own surrogate keys and provenance left out."""
        own = f"{table.removeprefix('dim_').removesuffix('_superseded')}_key"
        kept = []
        for name, value in sorted(row.items()):
            if name in self._left_out or name == own:
                continue
            kept.append((name, self._named(name, value)))
        return tuple(kept)

    def _named(self, name: str, value: Any) -> Any:  # noqa: ANN401 — whatever a row holds
        if name == "seller_no":
            return self._sellers.get(value, value)
        if name == "seller_nos":
            return sorted(str(self._sellers.get(number, number)) for number in value or ())
        if name == "customer_no":
            return self._customers.get(value, value)
        if name in self._keys:
            return self._keys[name][value]
        return value

    def _versions(
        self, conn: psycopg.Connection, of: str, key: tuple[str, ...]
    ) -> dict[int, tuple[Any, ...]]:
        """Surrogate key to natural key and start; every key that rows name must be here."""
        found = {}
        for row in _rows(conn, "dwh", f"dim_{of}"):
            natural = tuple(self._named(name, row[name]) for name in key)
            found[row[f"{of}_key"]] = (*natural, str(row["valid_from"]))
        return found


def unbalanced(settings: Settings) -> list[tuple[Any, ...]]:
    """Deliveries whose counts do not add up; an empty list is conservation.

    Each record has one outcome, each line is blank, unreadable or has a record, and the rejects
    that stand in quality.reject are those that were counted.
    """
    with connect(settings, None) as conn:
        return conn.execute(
            """
            SELECT d.delivery_key, d.source, d.state, d.lines, d.records, d.accepted, d.rejected,
                d.duplicate, d.superseded, d.held, d.blank, d.unreadable, r.records, r.lines
            FROM staging.delivery AS d
            CROSS JOIN LATERAL (
                SELECT
                    count(*) FILTER (WHERE record_no > 0) AS records,
                    count(*) FILTER (WHERE record_no = 0) AS lines
                FROM quality.reject AS r WHERE r.delivery_key = d.delivery_key
            ) AS r
            WHERE CASE WHEN d.state = 'published' THEN
                d.records <> d.accepted + d.rejected + d.duplicate + d.superseded + d.held
                OR d.rejected <> r.records OR d.unreadable <> r.lines
                OR d.lines IS NULL OR d.lines < d.blank + d.unreadable
            ELSE r.records + r.lines > 0 AND d.records IS NULL END
            ORDER BY 1
            """
        ).fetchall()


def staging_rows(settings: Settings) -> int:
    """How many rows stand in the staging tables of records; none outlives its batch."""
    with connect(settings, None) as conn:
        return sum(
            _count(conn, schema, name)
            for schema, name in tables(conn, ("staging",))
            if name
            not in (
                "delivery",
                "delivery_file",
                "source_reference",
                "offer_held",
                "delivery_replay",
            )
        )


def _count(conn: psycopg.Connection, schema: str, name: str) -> int:
    row = conn.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name))
    ).fetchone()
    return int(row[0]) if row else 0

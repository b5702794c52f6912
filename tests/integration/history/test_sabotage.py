"""The database refuses bad history, also from the owner of the tables (scd.md R1).

Each sabotage is one statement on a chain of three versions; it touches the rows it means to
touch, and the commit at the latest fails with the SQLSTATE of the constraint that it breaks.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from shopnow.kernel import connect
from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.security]

UNIQUE, FOREIGN, CHECK = "23505", "23503", "23514"
KEYS: dict[str, dict[str, Any]] = {
    "seller": {"seller_no": 7},
    "product": {"seller_no": 7, "product_id": "P"},
    "customer": {"customer_no": 7},
}
_CHAIN = """
INSERT INTO {table} (
    {names}, {surrogate}, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
SELECT
    {values}, 100 + version, starts, ends, ends = '9999-12-31+00', version, '2025-04-01+00', 1, 1, 1
FROM (
    VALUES
    (1, '2025-01-01+00'::timestamptz, '2025-02-01+00'::timestamptz),
    (2, '2025-02-01+00', '2025-03-01+00'),
    (3, '2025-03-01+00', '9999-12-31+00')
) AS chain (version, starts, ends)
"""
_ANOTHER = """
INSERT INTO {table} (
    {names}, {surrogate}, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
VALUES ({values}, """
_AFTER = ", 4, '2025-04-01+00', 1, 1, 1)"
# What is done, the statement, the SQLSTATE.
SABOTAGES = {
    "two versions overlap": (
        "UPDATE {table} SET valid_to = '2025-02-10+00' WHERE {is_key} AND version = 1",
        FOREIGN,
    ),
    "a version covers the next one": (
        "UPDATE {table} SET valid_to = '2025-03-01+00' WHERE {is_key} AND version = 1",
        UNIQUE,
    ),
    "a version is put among the others": (
        _ANOTHER + "900, '2025-01-10+00', '2025-01-20+00', FALSE" + _AFTER,
        FOREIGN,
    ),
    "a second current version": (
        _ANOTHER + "900, '2025-03-10+00', '9999-12-31+00', TRUE" + _AFTER,
        UNIQUE,
    ),
    "no current version: it is closed": (
        "UPDATE {table} SET valid_to = '2099-01-01+00', is_current = FALSE WHERE {is_last}",
        FOREIGN,
    ),
    "no current version: it is deleted": (
        "DELETE FROM {table} WHERE {is_key} AND version = 3",
        FOREIGN,
    ),
    "a gap: a version starts later": (
        "UPDATE {table} SET valid_from = '2025-02-10+00' WHERE {is_key} AND version = 2",
        FOREIGN,
    ),
    "a gap: a version is deleted": (
        "DELETE FROM {table} WHERE {is_key} AND version = 2",
        FOREIGN,
    ),
    "a version lasts no time": (
        "UPDATE {table} SET valid_to = valid_from WHERE {is_key} AND version = 2",
        CHECK,
    ),
    "an old version says that it is current": (
        "UPDATE {table} SET is_current = TRUE WHERE {is_key} AND version = 1",
        CHECK,
    ),
    "the current version says that it is not": (
        "UPDATE {table} SET is_current = FALSE WHERE {is_key} AND version = 3",
        CHECK,
    ),
    "a surrogate key that exists": (
        "UPDATE {table} SET {surrogate} = 101 WHERE {is_key} AND version = 2",
        UNIQUE,
    ),
    "two versions start together": (
        "UPDATE {table} SET valid_from = '2025-01-01+00' WHERE {is_key} AND version = 2",
        UNIQUE,
    ),
}
# What is no fault of the chain goes through, so that the refusals above are not for other reasons.
_HARMLESS = "UPDATE {table} SET delivery_key = 2 WHERE {is_key} AND version = 1"


@pytest.fixture(scope="module")
def chains(test_server: Settings) -> Iterator[Settings]:
    """Give a warehouse with one chain of three versions in each dimension."""
    name = f"sabotage_{os.getpid()}"
    settings = create_database(test_server, name, template="shopnow")
    with connect(settings, "shopnow_owner") as conn:
        for dimension in KEYS:
            assert conn.execute(_composed(_CHAIN, dimension)).rowcount == 3
    yield settings
    drop_database(test_server, name)


@pytest.mark.parametrize("dimension", KEYS)
@pytest.mark.parametrize("what", SABOTAGES)
def test_the_owner_cannot_break_the_chain(chains: Settings, dimension: str, what: str) -> None:
    statement, sqlstate = SABOTAGES[what]
    with connect(chains, "shopnow_owner", autocommit=False) as conn:
        if sqlstate == CHECK or "surrogate" in what or "together" in what:
            with pytest.raises(psycopg.errors.IntegrityError) as refused:
                conn.execute(_composed(statement, dimension))
        else:
            assert conn.execute(_composed(statement, dimension)).rowcount == 1
            with pytest.raises(psycopg.errors.IntegrityError) as refused:
                conn.commit()
    assert refused.value.sqlstate == sqlstate
    assert (refused.value.diag.table_name or "").startswith(f"dim_{dimension}")


@pytest.mark.parametrize("dimension", KEYS)
def test_what_breaks_no_chain_is_committed(chains: Settings, dimension: str) -> None:
    with connect(chains, "shopnow_owner", autocommit=False) as conn:
        assert conn.execute(_composed(_HARMLESS, dimension)).rowcount == 1
        conn.commit()


def _composed(statement: str, dimension: str) -> sql.Composed:
    key = KEYS[dimension]
    both = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in key.items()
    )
    return sql.SQL(statement).format(
        table=sql.Identifier("dwh", f"dim_{dimension}"),
        surrogate=sql.Identifier(f"{dimension}_key"),
        names=sql.SQL(", ").join(sql.Identifier(name) for name in key),
        values=sql.SQL(", ").join(sql.Literal(value) for value in key.values()),
        is_key=both,
        is_last=sql.SQL("{} AND version = 3").format(both),
    )

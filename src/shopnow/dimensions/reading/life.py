"""A member and its life: found by the name that people type, read from dimension, log, beliefs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg import sql
from psycopg.rows import class_row, dict_row

from shopnow.dimensions.compose import parts_of, stored_columns
from shopnow.dimensions.reading.model import DeliveryName, Life, Member, Version
from shopnow.dimensions.reading.moments import moments_of
from shopnow.kernel import Sql, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import psycopg

    from shopnow.dimensions.spec import Dimension

SQL = Sql(__package__)
KINDS: Final = ("seller", "product", "customer")
_VERSION = (
    "surrogate", "version", "valid_from", "valid_to", "is_deleted", "is_inferred", "known_from",
    "delivery_key", "source_line",
)  # fmt: skip


def find_member(conn: psycopg.Connection, word: str) -> Member:
    """The member that a word means: `S001`, `S001/REF-12`, a customer's pseudonym or number.

    `seller:`, `product:` or `customer:` before it says which dimension is meant. Raises UsageError
    with the nearest name when there is none, or with the choices when there are several.
    """
    kind, colon, rest = word.partition(":")
    if colon and kind in KINDS:
        return _FINDERS[kind](conn, rest)
    if "/" in word:
        return _product(conn, word)
    if conn.execute(SQL["members_sellers"], {"word": word}).fetchone():
        return _seller(conn, word)
    if conn.execute(SQL["members_customers"], {"word": word}).fetchone():
        return _customer(conn, word)
    return _seller(conn, word)


def tell_life(conn: psycopg.Connection, dimension: Dimension, member: Member) -> Life:
    """Everything that is and was known of a member."""
    stored = sql.SQL(", ").join(
        sql.SQL("d.{}").format(sql.Identifier(name)) for name in stored_columns(dimension)
    )
    parts = _parts(dimension) | {"stored": stored}
    versions = [_version(dimension, r) for r in _rows(conn, "life_versions", parts, member.key)]
    if not versions:
        raise UsageError(f"{member.name} has no version in dim_{dimension.name}")
    statements = _rows(conn, "life_statements", parts, member.key)
    beliefs = [_version(dimension, r) for r in _rows(conn, "life_beliefs", parts, member.key)]
    moments = moments_of(dimension, versions, statements)
    return Life(
        member,
        tuple(versions),
        tuple(moments),
        tuple(beliefs),
        _deliveries(conn, {moment.delivery_key for moment in moments}),
        _categories(conn, [*versions, *beliefs], statements),
    )


def version_known_on(
    conn: psycopg.Connection,
    dimension: Dimension,
    member: Member,
    *,
    as_of: datetime,
    known_on: datetime,
) -> Version | None:
    """The version that was believed, on `known_on`, to hold at `as_of`; None where none was."""
    parts = _parts(dimension) | {
        "function": sql.Identifier("dwh", f"{dimension.name}_as_known_on"),
        "arguments": sql.SQL(", ").join(map(sql.Placeholder, dimension.key)),
        "stored": sql.SQL(", ").join(map(sql.Identifier, stored_columns(dimension))),
    }
    values = {**member.key, "as_of": as_of, "known_on": known_on}
    rows = _rows(conn, "as_known_on", parts, values)
    return _version(dimension, rows[0]) if rows else None


def _seller(conn: psycopg.Connection, word: str) -> Member:
    found = conn.execute(SQL["members_sellers"], {"word": word}).fetchall()
    if len(found) > 1:
        numbers = ", ".join(f"seller:{number}" for number, _ in found)
        raise UsageError(f"{word!r} names several sellers", f"Give one number: {numbers}.")
    if not found:
        names = [name for (name,) in conn.execute(SQL["names_sellers"])]
        close = nearest(word, names) or nearest(word.upper(), names)
        hint = "A seller is S001, a product S001/REF-12, a customer its pseudonym."
        raise UsageError(f"no member {word!r}", f"Did you mean {close!r}?" if close else hint)
    number, seller_id = found[0]
    return Member("seller", {"seller_no": number}, seller_id or str(number))


def _product(conn: psycopg.Connection, word: str) -> Member:
    seller_word, slash, product = word.partition("/")
    if not slash:
        raise UsageError(f"{word!r} names no product", "Write SELLER/PRODUCT, such as S001/REF-12.")
    seller = _seller(conn, seller_word)
    values = {"seller_no": seller.key["seller_no"], "word": product, "beginning": product[:2]}
    if not conn.execute(SQL["members_products"], values).fetchone():
        close = nearest(product, [name for (name,) in conn.execute(SQL["names_products"], values)])
        hint = f"Did you mean '{seller_word}/{close}'?" if close else "Check its identifier."
        raise UsageError(f"no product {product!r} of seller {seller.name}", hint)
    key = {"seller_no": seller.key["seller_no"], "product_id": product}
    return Member("product", key, f"{seller.name}/{product}")


def _customer(conn: psycopg.Connection, word: str) -> Member:
    found = conn.execute(SQL["members_customers"], {"word": word}).fetchall()
    if len(found) != 1:
        what = "several customers" if found else "no customer"
        raise UsageError(f"{word!r} names {what}", "Give the number: customer:12.")
    return Member("customer", {"customer_no": found[0][0]}, f"client {found[0][0]}")


_FINDERS: Final = {"seller": _seller, "product": _product, "customer": _customer}


def _parts(dimension: Dimension) -> dict[str, sql.Composable]:
    is_key = sql.SQL(" AND ").join(
        sql.SQL("d.{} = {}").format(sql.Identifier(name), sql.Placeholder(name))
        for name in dimension.key
    )
    return parts_of(dimension) | {"is_key": is_key}


def _rows(
    conn: psycopg.Connection,
    name: str,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SQL.compose(name, **parts), values).fetchall()


def _version(dimension: Dimension, row: Mapping[str, Any]) -> Version:
    values = {name: row[name] for name in stored_columns(dimension)}
    more = {name: row[name] for name in ("known_to", "reason") if name in row}
    return Version(**{name: row[name] for name in _VERSION}, values=values, **more)


def _deliveries(conn: psycopg.Connection, keys: set[int]) -> dict[int, DeliveryName]:
    with conn.cursor(row_factory=class_row(DeliveryName)) as cursor:
        rows = cursor.execute(SQL["life_deliveries"], {"deliveries": list(keys)}).fetchall()
    return {row.delivery_key: row for row in rows}


def _categories(
    conn: psycopg.Connection, versions: list[Version], statements: list[dict[str, Any]]
) -> dict[str, str]:
    named = {version.values.get("category_id") for version in versions}
    named |= {statement.get("category_id") for statement in statements}
    values = {"categories": [name for name in named if name]}
    return dict(conn.execute(SQL["life_categories"], values).fetchall())

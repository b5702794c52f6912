"""The short way of a statement that is the newest of its key: no fold, the last version is enough.

What the fold would make of it is the current version with what the statement says: its type-1
values stand on all versions, a type-2 change ends the current version and begins another.  Protects
the cost of a daily delivery, which follows what changed, not what is held.  Every other statement
takes the general way; a test holds that both agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions.compose import parts_of
from shopnow.dimensions.statements import execute, rows_of
from shopnow.kernel import TransientError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from shopnow.dimensions.spec import Column, Dimension

COMMA = sql.SQL(", ")
# What was said before may have been said otherwise since.
_AGAIN = """EXISTS (
                SELECT 1
                FROM again
                WHERE again.delivery_key = staged.delivery_key
                    AND again.record_no = staged.record_no
            )"""
# Statements that the log does not hold yet, read at their places.
_UNSAID = """s.ctid = any(ARRAY(
        SELECT unsaid.place
        FROM unsaid
    ))"""
# What an untimed full delivery merely repeats is no statement.
_NO_SILENCE = """s.delivery_key <> all(ARRAY(
            SELECT f.delivery_key
            FROM full_now AS f
            WHERE NOT f.is_timed
        ))"""
# Statements up to which those that are known are looked for first.  A delivery of a day repeats
# much; what a large one said before was passed over by its reader.
FEW = 20_000
_BY_PLACE = sql.SQL("d.ctid = t.row_at")
_BEFORE_CURRENT, _AFTER_CURRENT = ("tip_log", "tip_older"), ("tip_open", "tip_retie")
# Sellers up to which the log is read seller by seller where that costs less than to look up each
# statement.  The planner may know nothing yet of the deliveries: it takes all that is staged for
# the batch, as it is as a rule.
MOST_OWNERS = 500
_NEAR = {
    "batch": sql.SQL("(SELECT %(deliveries)s::bigint[])::bigint[]"),
    "is_near": sql.SQL("l.seller_no = any(%(owners)s)"),
}
_FAR = {"batch": sql.SQL("%(deliveries)s"), "is_near": sql.SQL("TRUE")}


def has_tips(dimension: Dimension) -> bool:
    """Say whether the short way serves a dimension; strict ones and dated attributes are folded."""
    plain = all(column.since is None and column.default is None for column in dimension.columns)
    return plain and not dimension.is_strict


@dataclass(frozen=True, slots=True)
class Taken:
    """Records that took the short way, those that the log holds already, by delivery; the rest."""

    newest: dict[int, int]
    again: dict[int, int]
    left: int


def write_tips(
    conn: psycopg.Connection, dimension: Dimension, values: Mapping[str, Any], *, has_fulls: bool
) -> Taken:
    """Take the short way with every statement that may, and set aside those that are known.

    `has_fulls`: the work table `full_now` holds the batch's full deliveries; else it has none.
    Leaves `tip`, and, where something is left or there are full deliveries, `again` and, where
    something is left, `general_said`.
    """
    parts = tip_parts(dimension) | {"is_no_silence": sql.SQL(_NO_SILENCE if has_fulls else "TRUE")}
    staged, embedded, owners = rows_of(conn, "staged_few", parts, {**values, "most": FEW + 1})[0]
    if staged > FEW:
        staged = rows_of(conn, "staged_count", parts, values)[0][0]
    # Both before the short way writes to the log.  What takes the short way is not known, the log
    # holding nothing of its time: either may come first, and leaves less to the other.
    is_small = staged <= FEW
    if is_small:
        near = _NEAR if "seller_no" in dimension.key and len(owners) <= MOST_OWNERS else _FAR
        known = staged - execute(conn, "unsaid", parts | near, {**values, "owners": owners})
        taken = execute(conn, "tip", parts | {"not_known": sql.SQL(_UNSAID)}, values)
    else:
        taken = execute(conn, "tip", parts | {"not_known": sql.SQL("TRUE")}, values)
        known = execute(conn, "again", parts, {**values, "any_left": taken < staged})
    newest = _by_delivery(conn, "tip_count", parts, values, taken, is_plain=True)
    name = "unsaid_count" if is_small else "again_count"
    again = _by_delivery(conn, name, parts, values, known, is_plain=is_small and not embedded)
    if is_small and (has_fulls or taken + known < staged):
        execute(conn, "unsaid_again", parts, values)
    if newest:
        _write(conn, parts, values, is_large=taken > FEW)
    if taken + known == staged:
        return Taken(newest, again, 0)
    return Taken(newest, again, execute(conn, "general_said", parts, values))


def _write(
    conn: psycopg.Connection,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
    *,
    is_large: bool,
) -> None:
    """Write what `tip` holds to the log and to the dimension."""
    if is_large:
        execute(conn, "tip_analyze", parts, {})
    for name in _BEFORE_CURRENT:
        execute(conn, name, parts, values)
    if is_large:
        _change_by_place(conn, parts)
    else:
        execute(conn, "tip_current", {**parts, "is_row_of_t": parts["same_t_d"]}, {})
    for name in _AFTER_CURRENT:
        execute(conn, name, parts, values)


def _change_by_place(conn: psycopg.Connection, parts: Mapping[str, sql.Composable]) -> None:
    """Go to the current versions where `tip` found them; a join would read the whole dimension.

    Raises TransientError when one is no longer there: somebody wrote without the loader lock.
    """
    wanted = rows_of(conn, "tip_changes", parts, {})[0][0]
    execute(conn, "by_place", parts, {})
    found = execute(conn, "tip_current", {**parts, "is_row_of_t": _BY_PLACE}, {})
    execute(conn, "by_any_way", parts, {})
    if found != wanted:
        raise TransientError(
            f"{wanted} current versions were to change, {found} stood where they had been read",
            "Somebody writes to the dimension without the loader lock; load again.",
        )


def _by_delivery(
    conn: psycopg.Connection, name: str, parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any], total: int, *, is_plain: bool,
) -> dict[int, int]:  # fmt: skip
    """A number of records by delivery; `is_plain`: each of them counts."""
    if total and is_plain and len(values["deliveries"]) == 1:
        return {values["deliveries"][0]: total}
    return dict(rows_of(conn, name, parts, values)) if total else {}


def overtaken(conn: psycopg.Connection, dimension: Dimension) -> dict[int, list[int]] | None:
    """Records that a load has just taken in and that are not the last word on their key.

    Record numbers by delivery; None where the short way does not serve the dimension.  Called in
    the transaction of the load, before another dimension is loaded.
    """
    if not has_tips(dimension):
        return None
    parts = tip_parts(dimension)
    found: dict[int, list[int]] = {}
    # A first load takes no short way; what is not the one word on its key may not be the last.
    is_taken, is_some_left = rows_of(conn, "short_way_taken", parts, {})[0]
    if is_taken and not is_some_left:
        execute(conn, "nothing_said", parts, {})
    name = "overtaken" if is_taken else "overtaken_first"
    for delivery, record in rows_of(conn, name, parts, {}):
        found.setdefault(delivery, []).append(record)
    return found


@cache
def tip_parts(dimension: Dimension) -> dict[str, sql.Composable]:
    """The parts that the statements of the short way name, for one dimension."""
    columns = dimension.columns
    second = [column for column in columns if column.scd == 2]  # noqa: PLR2004 — type 2
    first = [column for column in columns if column.scd == 1]
    kept = [column for column in columns if column.scd in (0, 3)]
    pairs = [
        name
        for column in columns if column.scd == 3  # noqa: PLR2004 — type 3
        for name in (f"previous_{column.name}", f"{column.name}_changed_at")
    ]  # fmt: skip
    stored = [*dimension.attributes, *pairs]
    return parts_of(dimension) | {
        "is_said_again": sql.SQL(_AGAIN),
        "now_columns": COMMA.join(
            sql.SQL("{} AS {}").format(_now(column), sql.Identifier(column.name))
            for column in columns
        ),
        "kept_pairs": sql.SQL("").join(
            sql.SQL("d.{}, ").format(sql.Identifier(name)) for name in pairs
        ),
        "owner_of_s": sql.SQL("s.seller_no" if "seller_no" in dimension.key else "0"),
        "tip_owner": sql.SQL("t.seller_no") if "seller_no" in dimension.key else sql.SQL("0"),
        "tip_natural_key": sql.SQL("t.{}::text").format(sql.Identifier(dimension.key[-1])),
        "opens": _any(sql.SQL("d.is_deleted"), *(_differs(column) for column in second)),
        "overwrites": _any(*(_differs(column) for column in first)),
        "needs_the_fold": _any(*(_differs(column) for column in kept)),
        "tip_stored": COMMA.join(map(sql.Identifier, stored)),
        "tip_stored_of_t": COMMA.join(
            sql.SQL("t.{}").format(sql.Identifier(name)) for name in stored
        ),
        "tip_said": COMMA.join(_said(column) for column in columns),
        "tip_texts": COMMA.join(
            sql.SQL("{0} = t.{0}").format(sql.Identifier(column.name)) for column in first
        )
        if first
        else sql.SQL("version = d.version"),
    }


def _is_said(column: Column, alias: str) -> sql.Composable | None:
    """The condition that a statement says something of an attribute; None where it always does."""
    if column.bit is None:
        return None
    bit = sql.Literal(1 << column.bit)
    return sql.SQL("({}.present & {}) <> 0").format(sql.SQL(alias), bit)


def _now(column: Column) -> sql.Composable:
    name, said = sql.Identifier(column.name), _is_said(column, "s")
    if said is None:
        return sql.SQL("s.{}").format(name)
    return sql.SQL("CASE WHEN {0} THEN s.{1} ELSE d.{1} END").format(said, name)


def _differs(column: Column) -> sql.Composable:
    name, said = sql.Identifier(column.name), _is_said(column, "s")
    differs = sql.SQL("s.{0} IS DISTINCT FROM d.{0}").format(name)
    return differs if said is None else sql.SQL("({} AND {})").format(said, differs)


def _said(column: Column) -> sql.Composable:
    """What the log keeps of an attribute: nothing of what was not said."""
    name, said = sql.Identifier(column.name), _is_said(column, "t")
    when = sql.SQL("") if said is None else sql.SQL(" AND {}").format(said)
    return sql.SQL("CASE WHEN t.kind = 'upsert'{} THEN t.{} END").format(when, name)


def _any(*conditions: sql.Composable) -> sql.Composable:
    joined = sql.SQL(" OR ").join(conditions) if conditions else sql.SQL("FALSE")
    return sql.SQL("({})").format(joined)

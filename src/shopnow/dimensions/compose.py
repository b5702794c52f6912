"""The parts that differ between dimensions, filled into the engine's statements.

Only identifiers, bit numbers and fixed fragments are composed here; the statements stand in
`sql/`, the values are parameters.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shopnow.dimensions.spec import Column, Dimension

COMMA = sql.SQL(", ")
AND = sql.SQL(" AND ")
OR = sql.SQL(" OR ")
FALSE = sql.SQL("FALSE")
# What a delivery that was taken in by its differences may lack; only products are.
_ABSENT = """UNION
    SELECT absent.delivery_key, absent.seller_no, absent.product_id
    FROM staging.absent_row AS absent
    INNER JOIN full_now AS f
        ON f.delivery_key = absent.delivery_key"""
_ABSENT_OF_ONE = """UNION
    SELECT absent.seller_no, absent.product_id
    FROM staging.absent_row AS absent
    INNER JOIN full_one AS f
        ON f.delivery_key = absent.delivery_key"""

# A member without a log; a person who was erased, under whatever key of the dimension.
_ERASED = """EXISTS (
        SELECT 1
        FROM privacy.subject AS s
        WHERE s.subject_no = customer_no
            AND s.erased_at IS NOT NULL
    )"""


def _col(alias: str, name: str) -> sql.Composable:
    return sql.SQL("{}.{}").format(sql.SQL(alias), sql.Identifier(name))


def _list(names: Iterable[str], alias: str | None = None) -> sql.Composable:
    return COMMA.join(_col(alias, name) if alias else sql.Identifier(name) for name in names)


def _same(names: Iterable[str], left: str, right: str) -> sql.Composable:
    return AND.join(
        sql.SQL("{} = {}").format(_col(left, name), _col(right, name)) for name in names
    )


def _differ(names: Iterable[str], left: str, right: str) -> sql.Composable:
    parts = [
        sql.SQL("{} IS DISTINCT FROM {}").format(_col(left, name), _col(right, name))
        for name in names
    ]
    return sql.SQL("({})").format(OR.join(parts)) if parts else FALSE


def _equal(names: Iterable[str], left: str, right: str) -> sql.Composable:
    parts = [
        sql.SQL("{} IS NOT DISTINCT FROM {}").format(_col(left, name), _col(right, name))
        for name in names
    ]
    return AND.join(parts) if parts else sql.SQL("TRUE")


def _per(
    columns: Iterable[Column], make: Callable[[Column], sql.Composable], otherwise: str
) -> sql.Composable:
    """The part of each column; a placeholder under the name `otherwise` where there is none."""
    parts = [make(column) for column in columns]
    return COMMA.join(parts) if parts else sql.SQL("NULL AS {}").format(sql.Identifier(otherwise))


def present_bit(column: Column, alias: str = "") -> sql.Composable:
    """Whether a statement speaks of an attribute."""
    if column.bit is None:
        # Said by every record but those that carry nothing (deletions, presences).
        return sql.SQL("({} IS NOT NULL)").format(sql.Identifier(column.name))
    place = sql.SQL(f"{alias}present" if alias else "present")
    return sql.SQL("({} & {}) <> 0").format(place, sql.Literal(1 << column.bit))


def _name(template: str, column: Column) -> sql.Identifier:
    return sql.Identifier(template.format(column.name))


@cache
def parts_of(dimension: Dimension) -> dict[str, sql.Composable]:
    """Every part that the engine's statements name, for one dimension."""
    parts = _tables(dimension) | _keys(dimension) | _fold(dimension) | _rows(dimension)
    return parts | _rows_of_type_0(dimension)


def _tables(dimension: Dimension) -> dict[str, sql.Composable]:
    name = dimension.name
    return {
        "dim": sql.Identifier("dwh", f"dim_{name}"),
        "log": sql.Identifier("history", f"{name}_change"),
        "superseded": sql.Identifier("history", f"{name}_superseded"),
        "staging": sql.Identifier("staging", f"{name}_row"),
        "surrogate": sql.Identifier(dimension.surrogate),
        "sequence": sql.Literal(dimension.sequence),
        "dimension_name": sql.Literal(name),
        "is_said_again": FALSE,
        "is_erased": sql.SQL(_ERASED) if name == "customer" else FALSE,
        "absent_keys": sql.SQL(_ABSENT if name == "product" else ""),
        "absent_of_one": sql.SQL(_ABSENT_OF_ONE if name == "product" else ""),
    }


def _keys(dimension: Dimension) -> dict[str, sql.Composable]:
    key = dimension.key
    pairs = {
        "same_key": ("d", "s"), "same_general": ("g", "s"), "same_log": ("l", "s"),
        "same_other": ("other", "s"), "same_affected": ("a", "l"), "same_affected_d": ("a", "d"),
        "same_original": ("original", "l"), "same_e_f": ("e", "f"), "same_m_f": ("m", "f"),
        "same_m_e": ("m", "e"), "same_kept_f": ("kept", "f"), "same_t_d": ("t", "d"),
        "same_affected_s": ("a", "s"), "same_b_s": ("b", "s"), "same_b_l": ("b", "l"),
        "same_c_k": ("c", "k"), "same_l_k": ("l", "k"), "same_n_k": ("n", "k"),
        "same_w_l": ("w", "l"), "same_staged_s": ("staged", "s"),
        "same_g_staged": ("g", "staged"),
    }  # fmt: skip
    aliases = ("s", "l", "f", "e", "d", "t", "n", "k", "staged")
    lists = {f"key_of_{alias}": _list(key, alias) for alias in aliases}
    owned = "seller_no" in key
    lists["owner"] = _col("d", "seller_no") if owned else sql.SQL("0")
    lists["natural_key"] = sql.SQL("{}::text").format(_col("d", key[-1]))
    return {"key": _list(key)} | lists | {n: _same(key, *ab) for n, ab in pairs.items()}


def _fold(dimension: Dimension) -> dict[str, sql.Composable]:
    columns = dimension.columns
    third = [column for column in columns if column.scd == 3]  # noqa: PLR2004 — type 3
    fixed = [column for column in columns if column.scd == 0]
    last = [column for column in columns if column.scd in (1, 3)]
    moved = [column for column in columns if column.since is not None]
    defaulted = [column for column in columns if column.default is not None]
    return {
        "own_or_confirmed": _per(
            columns,
            lambda c: sql.SQL(
                "CASE WHEN l.kind = 'confirm' THEN o.{0} ELSE l.{0} END AS {0}"
            ).format(sql.Identifier(c.name)),
            "nothing_said",
        ),
        "attributes_of_original": _list(dimension.attributes, "original"),
        "carried_columns": COMMA.join([*map(_carried, columns), *map(_said, [*third, *defaulted])]),
        "final_columns": _per([*last, *fixed, *moved], _final, "nothing_final"),
        "other_columns": _per(third, lambda c: _last_other(c, dimension.key), "nothing_other"),
        "pair_columns": COMMA.join([p for c in third for p in _pair(c, dimension.key)])
        if third
        else sql.SQL("NULL AS nothing_paired"),
        "differs_from_previous": _differs_from_previous(columns),
        "result_columns": COMMA.join([p for c in columns for p in _result(c)]),
        "known_throughout": COMMA.join(
            sql.Identifier(n) for n in stored_columns(dimension) if n not in dimension.typed(2)
        ),
        "versions_before": sql.Literal(1 if dimension.is_strict else 0),
    }


def _differs_from_previous(columns: Iterable[Column]) -> sql.Composable:
    parts = [
        sql.SQL("{0} IS DISTINCT FROM lag({0}) OVER k").format(_compared(column))
        for column in columns
        if column.scd == 2  # noqa: PLR2004 — type 2
    ]
    return OR.join(parts) if parts else FALSE


def _settled(column: Column) -> sql.Composable:
    """A type-2 value; before the day from which it is historised, the last one of that time."""
    if column.since is None:
        return sql.Identifier(column.name)
    return sql.SQL("CASE WHEN effective_at < {} THEN {} ELSE {} END").format(
        sql.Literal(column.since), _name("final_{}", column), sql.Identifier(column.name)
    )


def _compared(column: Column) -> sql.Composable:
    """What tells two versions apart: an attribute not collected yet has its default."""
    if column.default is None:
        return sql.SQL("({})").format(_settled(column))
    return sql.SQL("(CASE WHEN {} THEN {} ELSE {} END)").format(
        _name("said_{}", column), _settled(column), sql.Literal(column.default)
    )


def _carried(column: Column) -> sql.Composable:
    if column.scd == 0:
        return sql.Identifier(column.name)
    return sql.SQL("history.carried({0}, {1}) OVER running AS {0}").format(
        sql.Identifier(column.name), present_bit(column)
    )


def _said(column: Column) -> sql.Composable:
    return sql.SQL("count(*) FILTER (WHERE {}) OVER running > 0 AS {}").format(
        present_bit(column), _name("said_{}", column)
    )


def _final(column: Column) -> sql.Composable:
    if column.since is not None:
        # Type 2 since that day: before it, type 1.
        early = sql.SQL("effective_at < {}").format(sql.Literal(column.since))
        return sql.SQL(
            "(array_agg({0}) FILTER (WHERE {1}) OVER whole)"
            "[count(*) FILTER (WHERE {1}) OVER whole] AS {2}"
        ).format(sql.Identifier(column.name), early, _name("final_{}", column))
    if column.scd == 0:
        # Type 0: the first value that was ever said stays.
        return sql.SQL(
            "(array_agg({0}) FILTER (WHERE {0} IS NOT NULL) OVER whole)[1] AS {1}"
        ).format(sql.Identifier(column.name), _name("final_{}", column))
    return sql.SQL("last_value({}) OVER whole AS {}").format(
        sql.Identifier(column.name), _name("final_{}", column)
    )


def _last_other(column: Column, key: tuple[str, ...]) -> sql.Composable:
    return sql.SQL(
        "max(place) FILTER (WHERE {said} AND {value} IS DISTINCT FROM {final}) "
        "OVER (PARTITION BY {key}) AS {other}"
    ).format(
        said=_name("said_{}", column),
        value=sql.Identifier(column.name),
        final=_name("final_{}", column),
        key=_list(key),
        other=_name("other_{}", column),
    )


def _pair(column: Column, key: tuple[str, ...]) -> list[sql.Composable]:
    named = {
        "value": sql.Identifier(column.name),
        "other": _name("other_{}", column),
        "key": _list(key),
        "previous": _name("previous_{}", column),
        "changed": _name("{}_changed_at", column),
    }
    return [
        sql.SQL(
            "max({value}) FILTER (WHERE place = {other}) OVER (PARTITION BY {key}) AS {previous}"
        ).format(**named),
        sql.SQL(
            "min(effective_at) FILTER (WHERE place = {other} + 1) "
            "OVER (PARTITION BY {key}) AS {changed}"
        ).format(**named),
    ]


def _result(column: Column) -> list[sql.Composable]:
    name = sql.Identifier(column.name)
    if column.scd == 2:  # noqa: PLR2004 — type 2
        return [sql.SQL("{} AS {}").format(_settled(column), name)]
    final = sql.SQL("{} AS {}").format(_name("final_{}", column), name)
    if column.scd != 3:  # noqa: PLR2004 — type 3
        return [final]
    return [final, _name("previous_{}", column), _name("{}_changed_at", column)]


def stored_columns(dimension: Dimension) -> tuple[str, ...]:
    """Attributes as the dimension's table stores them, the pairs of type 3 included."""
    names: list[str] = []
    for column in dimension.columns:
        names.append(column.name)
        if column.scd == 3:  # noqa: PLR2004 — type 3
            names += [f"previous_{column.name}", f"{column.name}_changed_at"]
    return tuple(names)


def _rows(dimension: Dimension) -> dict[str, sql.Composable]:
    attributes = dimension.attributes
    stored = stored_columns(dimension)
    t2 = dimension.typed(2)
    return {
        "attributes": _list(attributes),
        "attributes_of_s": _list(attributes, "s"),
        "narrow": COMMA.join(
            sql.SQL("CASE WHEN s.kind = 'upsert' THEN {} END").format(_col("s", name))
            for name in attributes
        ),
        "stored": _list(stored),
        "stored_of_d": _list(stored, "d"),
        "stored_of_t": _list(stored, "t"),
        "content_of_f": _list(t2, "f") if t2 else sql.SQL("TRUE"),
        "content_of_e": _list(t2, "e") if t2 else sql.SQL("TRUE"),
        "same_content": _equal(t2, "e", "f"),
        "content_differs_t_d": _differ(t2, "t", "d"),
        "copied_differ_t_d": _differ(dimension.copied, "t", "d"),
        "anything_differs_t_d": _differ(stored, "t", "d"),
        # What is believed from now on is not what was believed (a version that merely ends is).
        "believed_otherwise_t_d": sql.SQL(
            "(t.is_inferred <> d.is_inferred OR t.is_deleted <> d.is_deleted"
            " OR (t.valid_to <> d.valid_to AND NOT d.is_current) OR {})"
        ).format(_differ(t2, "t", "d")),
        "assignments": COMMA.join(
            sql.SQL("{} = {}").format(sql.Identifier(name), _col("t", name)) for name in stored
        ),
    }


def _rows_of_type_0(dimension: Dimension) -> dict[str, sql.Composable]:
    fixed = dimension.typed(0)
    return {
        "first_fixed": COMMA.join(
            sql.SQL(
                "(array_agg(s.{0}) FILTER (WHERE s.{0} IS NOT NULL) OVER by_order)[1] AS {1}"
            ).format(sql.Identifier(name), sql.Identifier(f"first_{name}"))
            for name in fixed
        ),
        "fixed_conflict": OR.join(
            sql.SQL("coalesce({}, {}) <> {}").format(
                _col("d", name), _col("s", f"first_{name}"), _col("s", name)
            )
            for name in fixed
        ),
    }

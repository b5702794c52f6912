"""The SCD engine: statements to the change log, versions by one fold over it.

One general path serves every key that is known already or stated more than once: its versions are
computed anew from its whole change log and compared with what stands.  A key never heard of, with
one statement, is what the fold would make of it: one row, written directly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions.compose import parts_of
from shopnow.dimensions.fulls import Fulls, find_fulls, prepare_fulls
from shopnow.dimensions.members import MANY
from shopnow.dimensions.outcomes import Outcome, merge
from shopnow.dimensions.statements import drop_work_tables, execute, rows_of
from shopnow.dimensions.tips import has_tips, tip_parts, write_tips

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.dimensions.spec import Dimension

_WORK_TABLES = (
    "general_key", "logged", "affected_key", "folded", "target", "vanished", "full_now",
    "full_scope", "implied",
    "by_full", "by_scope", "ambiguous_order", "tip", "unsaid", "again", "general_said", "existing",
)  # fmt: skip
_TO_TARGET = ("fold", "target")
_FROM_TARGET = ("vanished", "retie_due", "supersede", "remove", "rewrite", "open")


def load_dimension(
    conn: psycopg.Connection,
    dimension: Dimension,
    deliveries: Sequence[int],
    run_at: datetime,
    *,
    distinct: bool = False,
    short_way: bool = True,
) -> dict[int, Outcome]:
    """Take the staged statements of `deliveries` into the dimension; outcomes by delivery.

    `distinct` says that each key is stated once, so that nothing looks for repeats; `short_way`
    False folds every key anew, which ends in the same rows.  What waited
    in the log and is due by now is applied too, so that no delivery at all is a good batch.

    The caller holds the loader lock and one transaction around the batch; `run_at` (UTC) is the
    time at which everything written becomes known.  Leaves the work tables `affected_key` (the
    keys that changed), `vanished` (versions that are no more; none where nothing was folded) and
    `ambiguous_order` (records whose content decided their place).
    """
    parts = parts_of(dimension)
    values = {"deliveries": list(deliveries), "run_at": run_at, "distinct": distinct}
    # Several dimensions are loaded in one transaction: each starts with empty work tables.
    drop_work_tables(conn, *_WORK_TABLES)
    outcomes: dict[int, Outcome] = {}
    if dimension.typed(0):
        for key, held in rows_of(conn, "held_another_company", parts, values):
            outcomes[key] = Outcome(held=held)
    fulls = find_fulls(conn, dimension, parts, {**values, "once": True})
    values |= {"full_until": fulls.until, "always": dimension.is_strict}
    left = parts
    if short_way and has_tips(dimension) and _is_known(conn, parts, values):
        parts = tip_parts(dimension)
        taken = write_tips(conn, dimension, values, has_fulls=fulls.is_table_made)
        merge(outcomes, {k: Outcome(accepted=count) for k, count in taken.newest.items()})
        merge(outcomes, {k: Outcome(duplicate=count) for k, count in taken.again.items()})
        left = parts | {"staging": sql.Identifier("pg_temp", "general_said")}
        if not taken.left and not fulls.now:
            _end_short_way(conn, dimension, parts, values)
            return outcomes
        if not taken.left:
            execute(conn, "nothing_said", parts, {})
    fulls.make_table(conn, parts, values)
    execute(conn, "general_key", left, values)
    merge(outcomes, _log_statements(conn, parts, values, fulls, left))
    opened = execute(conn, "fresh_open", left, values)
    refold(conn, dimension, run_at)
    if left is not parts:
        execute(conn, "tip_affected", parts, values)
    if opened > MANY:
        # What is looked up next is many times what the planner last saw.
        execute(conn, "dimension_analyze", parts, {})
    return outcomes


def log_facts(
    conn: psycopg.Connection,
    dimension: Dimension,
    said: sql.Composable,
    deliveries: Sequence[int],
    run_at: datetime,
) -> dict[int, Outcome]:
    """Take statements about a fact that changes (offers) into its change log, and fold them.

    `said`: the relation that holds the statements, laid out as a staging table.  Leaves the work
    tables `general_key` (keys that went through the fold) and `folded` (their versions).
    """
    parts = parts_of(dimension) | {"staging": said}
    values = {"deliveries": list(deliveries), "run_at": run_at}
    drop_work_tables(conn, *_WORK_TABLES)
    # The list is that of deliveries: their products may have put them there already.
    fulls = find_fulls(conn, dimension, parts, {**values, "once": False})
    values |= {"full_until": fulls.until}
    fulls.make_table(conn, parts, values)
    execute(conn, "general_key_logged", parts, values)
    outcomes = _log_statements(conn, parts, values, fulls)
    execute(conn, "fold", parts, values)
    return outcomes


def refold(conn: psycopg.Connection, dimension: Dimension, run_at: datetime) -> None:
    """Recompute the keys of the work table `affected_key` from their change log and apply it."""
    parts = parts_of(dimension)
    fold_into_target(conn, dimension)
    for name in _FROM_TARGET:
        execute(conn, name, parts, {"run_at": run_at})


def fold_into_target(conn: psycopg.Connection, dimension: Dimension) -> None:
    """What the dimension should hold for the keys of `affected_key`: the work table `target`.

    Writes nothing but the work tables `folded` and `target`.
    """
    parts = parts_of(dimension)
    execute(conn, "affected_key_analyze", parts, {})
    execute(conn, "fold", parts, {})
    if dimension.is_strict:
        execute(conn, "fold_strict", parts, {})
    drop_work_tables(conn, "existing")
    for name in ("existing", "existing_analyze", "target"):
        execute(conn, name, parts, {})


def mark_keys(conn: psycopg.Connection, dimensions: Sequence[Dimension], run_at: datetime) -> None:
    """Raise the mark below which every surrogate key may have been given (scd.md R11)."""
    values = {
        "run_at": run_at,
        "names": [dimension.name for dimension in dimensions],
        "sequences": [dimension.sequence for dimension in dimensions],
    }
    execute(conn, "key_mark", {}, values)


def weigh_withdrawals(conn: psycopg.Connection, dimension: Dimension, run_at: datetime) -> int:
    """Say anew which withdrawals of the keys of `affected_key` count; returns how many changed."""
    return execute(conn, "withdrawals_weigh", parts_of(dimension), {"run_at": run_at})


def cancel_pending(
    conn: psycopg.Connection, dimension: Dimension, delivery_key: int, run_at: datetime
) -> int:
    """Cancel what a delivery says of the future and is not due yet; returns how many statements.

    The dimension does not change: what is pending is not in it.
    """
    values = {"delivery_key": delivery_key, "run_at": run_at}
    return execute(conn, "pending_cancel", parts_of(dimension), values)


def _log_statements(
    conn: psycopg.Connection,
    parts: Mapping[str, sql.Composable],
    values: dict[str, Any],
    fulls: Fulls,
    left: Mapping[str, sql.Composable] | None = None,
) -> dict[int, Outcome]:
    """`left`: the parts with what the short way left of the staged statements."""
    left = left or parts
    execute(conn, "general_key_analyze", parts, {})
    outcomes: dict[int, Outcome] = {}
    for key, accepted in rows_of(conn, "fresh_count", left, values):
        outcomes[key] = Outcome(accepted=accepted)
    execute(conn, "fresh_log", left, values)
    prepare_fulls(conn, parts, values, fulls, left)
    execute(conn, "statements_log", left, values)
    is_late = fulls.find_implied_before_news(conn, parts, values)
    execute(conn, "statements_append", parts, values)
    execute(conn, "ambiguous_order", parts, values)
    execute(conn, "affected_key", parts, values)
    fulls.write_absences(conn, parts, values, is_late=is_late)
    for key, accepted in rows_of(conn, "implied_count", parts, values):
        merge(outcomes, {key: Outcome(accepted=accepted)})
    for key, accepted, duplicate, superseded in rows_of(conn, "outcomes", left, values):
        merge(outcomes, {key: Outcome(accepted, duplicate, superseded)})
    execute(conn, "due", parts, values)
    return outcomes


def _is_known(
    conn: psycopg.Connection, parts: Mapping[str, sql.Composable], values: dict[str, Any]
) -> bool:
    """Say whether anything was ever said, and note among `values` whether anything is pending."""
    is_known, values["any_pending"] = rows_of(conn, "log_any", parts, {})[0]
    return bool(is_known)


def _end_short_way(
    conn: psycopg.Connection,
    dimension: Dimension,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> None:
    """Nothing is left for the general way but what waited for its time."""
    execute(conn, "nothing_ambiguous", parts, {})
    if not values["any_pending"] or not rows_of(conn, "due_any", parts, values)[0][0]:
        execute(conn, "tip_alone", parts, {})
        return
    execute(conn, "nothing_affected", parts, {})
    execute(conn, "due", parts, values)
    refold(conn, dimension, values["run_at"])
    execute(conn, "tip_affected", parts, values)

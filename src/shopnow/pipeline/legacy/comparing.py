"""The old queries, before and after: on the copy, on the copy without repeats, on the views.

The copy is loaded into temporary tables with what the queries need and no more: no name, no
address, and a hash instead of each customer's identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from shopnow.kernel import Sql, connect
from shopnow.pipeline.legacy.importing import read_copy
from shopnow.pipeline.legacy.queries import QUERIES, TITLES_FR
from shopnow.quality import clean_text
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import psycopg

    from shopnow.pipeline.context import Context

SQL = Sql(__package__)
Answer = list[tuple["Any", ...]]
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_NEEDED: Final = {
    "dim_customer": ("customer_id", "country"),
    "dim_product": ("product_id", "name", "category"),
    "fact_order": (
        "order_id", "product_id", "customer_id", "quantity", "unit_price", "status",
        "order_timestamp",
    ),
    "fact_clickstream": ("event_id", "event_type", "event_timestamp"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """One old query: `equal`, `repeats` (equal once exact repeats count once), or `differs`.

    `before`, `after`: rows of its answer; `differing`: rows that only one of both has.
    """

    query: str
    title_fr: str
    verdict: Literal["equal", "repeats", "differs"]
    before: int
    after: int
    differing: int


def compare_queries(context: Context, where: str, *, schema: str | None = None) -> list[Compared]:
    """Ask the eight queries of the copy in `where` and of the views in schema legacy.

    Says something only while nothing but the import has loaded shop data.  Raises as
    `import_legacy` does for a copy that cannot be read.
    """
    raw = _needed(*read_copy(context, where, schema=schema))
    once = raw | {
        "fact_order": raw["fact_order"].unique(maintain_order=True),
        "fact_clickstream": raw["fact_clickstream"].unique(maintain_order=True),
    }
    with connect(context.settings, application_name="shopnow legacy") as conn:
        before, without_repeats = _asked_of_copy(conn, raw), _asked_of_copy(conn, once)
        with conn.transaction():
            conn.execute(SQL["path_legacy"])
            after = _answers(conn)
    return [_verdict(name, before[name], without_repeats[name], after[name]) for name in TITLES_FR]


def _verdict(name: str, before: Answer, once: Answer, after: Answer) -> Compared:
    differing = len(set(before) ^ set(after))
    verdict: Literal["equal", "repeats", "differs"] = "differs"
    if before == after:
        verdict = "equal"
    elif once == after:
        verdict = "repeats"
    return Compared(name, TITLES_FR[name], verdict, len(before), len(after), differing)


def _needed(frames: Mapping[str, pl.DataFrame], times: Mapping[str, pl.Series]) -> dict[str, Any]:
    """The columns that the queries read, typed as the old server had them; "" is null."""
    made: dict[str, pl.DataFrame] = {}
    for name, columns in _NEEDED.items():
        frame = frames[name]
        kept = [_value(frame, name, column, times) for column in columns]
        made[name] = pl.DataFrame(kept)
    return made


def _value(
    frame: pl.DataFrame, table: str, column: str, times: Mapping[str, pl.Series]
) -> pl.Series:
    if column.endswith("_timestamp"):
        return times[table].dt.replace_time_zone(None).alias(column)
    text = clean_text(frame[column])
    text = text.set((text == "").fill_null(value=False), None)
    if column == "customer_id":
        # Only joined and counted, never shown.
        hashed = text.hash().cast(pl.String)
        return hashed.set(text.is_null(), None).alias(column)
    if column in ("quantity", "unit_price"):
        bad = text.is_not_null() & ~text.str.contains(_NUMBER).fill_null(value=False)
        return text.set(bad, None)
    return text


def _asked_of_copy(
    conn: psycopg.Connection, frames: Mapping[str, pl.DataFrame]
) -> dict[str, Answer]:
    with conn.transaction(force_rollback=True):
        for name, frame in frames.items():
            conn.execute(SQL[f"copy_{name}"])
            copy_rows(conn, "pg_temp", name, frame)
        conn.execute(SQL["path_copy"])
        return _answers(conn)


def _answers(conn: psycopg.Connection) -> dict[str, Answer]:
    return {name: conn.execute(QUERIES[name]).fetchall() for name in TITLES_FR}

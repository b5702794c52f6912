"""What a run found in a delivery, in numbers: one row a delivery, and how full its attributes were.

Protects the quality score: it can be computed again from these rows alone (ADR 0017), whatever
becomes of the delivery later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.kernel import Sql
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Judged
    from shopnow.sources import Contracts, RecordContract

SQL = Sql(__package__)
# A change of the formula takes the next number; what was judged keeps its own.
FORMULA: Final = 1
_PLACE: Final = "_place"
_NUMBERS: Final = ("integer", "decimal")
# A sequence is a number, but its sum says nothing.
_NO_QUANTITY: Final = {"sequence", "line_no", "payment_no"}
_PROFILE: Final = {
    _PLACE: pl.Int64, "kind": pl.String, "attribute": pl.String, "records": pl.Int64,
    "filled": pl.Int64, "total": pl.Float64, "adds_up": pl.Boolean,
}  # fmt: skip


def touched_records(one: Judged) -> pl.Series:
    """Numbers of the records that passed cleaned or with a warning, each once."""
    found = pl.concat([one.warnings["record_no"], one.cleanings["record_no"]])
    if found.is_empty():
        return found
    found = found.unique()
    if one.rejects.height and len(found):
        found = found.filter(~found.is_in(one.rejects["record_no"].implode()))
    return found


@dataclass
class Profile:
    """How full the attributes of passed records are; rows may be of several deliveries."""

    contracts: Contracts
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def see(self, judged: Mapping[str, Judged], place: pl.Expr | None = None) -> None:
        """Take the records of one chunk; `place`: which delivery each of them is of."""
        of = pl.lit(0, dtype=pl.Int64) if place is None else place
        for kind, one in judged.items():
            if one.rows.height:
                self._parts.append(_counted(one.rows, self.contracts.kinds[kind], of))

    def rows(self, run_id: int, deliveries: Sequence[int]) -> pl.DataFrame:
        """Rows of quality.profile; `deliveries`: the keys by place."""
        if not self._parts:
            return pl.DataFrame()
        keys = pl.Series(deliveries, dtype=pl.Int64)
        summed = (
            pl.concat(self._parts)
            .group_by(_PLACE, "kind", "attribute", maintain_order=True)
            .agg(pl.col("records", "filled", "total").sum(), pl.col("adds_up").any())
        )
        return summed.select(
            pl.lit(run_id, dtype=pl.Int64).alias("run_id"),
            pl.lit(keys).gather(pl.col(_PLACE)).alias("delivery_key"),
            "kind", "attribute", "records", "filled",
            pl.when("adds_up").then("total").alias("total"),
        )  # fmt: skip


def _counted(rows: pl.DataFrame, contract: RecordContract, place: pl.Expr) -> pl.DataFrame:
    here = [a for a in contract.attributes if a.name in rows.columns]
    wanted = []
    for attribute in here:
        value = pl.col(attribute.name)
        is_text = rows.schema[attribute.name] == pl.String
        filled = (value.str.len_bytes() > 0).sum() if is_text else value.count()
        wanted.append(filled.cast(pl.Int64).alias(attribute.name))
        if _adds_up(attribute.type, attribute.name, is_quotable=attribute.is_quotable):
            wanted.append(value.cast(pl.Float64).sum().alias(f"{attribute.name}+"))
    counted = (
        rows.with_columns(place.alias(_PLACE))
        .group_by(_PLACE, maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("records?"), *wanted)
    )
    # Read as it stands, a row a place: a query an attribute would cost more than to count.
    told = [
        (
            row[_PLACE], contract.kind, attribute.name, row["records?"], row[attribute.name],
            row.get(f"{attribute.name}+", 0.0), f"{attribute.name}+" in row,
        )
        for attribute in here
        for row in counted.iter_rows(named=True)
    ]  # fmt: skip
    return pl.DataFrame(told, schema=_PROFILE, orient="row")


def _adds_up(kind: str, name: str, *, is_quotable: bool) -> bool:
    return kind in _NUMBERS and is_quotable and name not in _NO_QUANTITY


def write_judgement(
    conn: psycopg.Connection,
    context: Context,
    run_id: int,
    deliveries: Mapping[int, tuple[int, int]],
    profile: Profile,
) -> dict[int, float | None]:
    """Append what was found; `deliveries`: by key, records touched and columns drifted.

    Their counts stand in staging.delivery already.  Returns their scores, null where nothing was
    sent.
    """
    scores = conn.execute(
        SQL["judgement_write"],
        {
            "run_id": run_id,
            "judged_at": context.clock.now(),
            "zone": context.settings.zone,
            "formula": FORMULA,
            "deliveries": list(deliveries),
            "touched": [touched for touched, _ in deliveries.values()],
            "drifted": [drifted for _, drifted in deliveries.values()],
        },
    ).fetchall()
    copy_rows(conn, "quality", "profile", profile.rows(run_id, list(deliveries)))
    return {key: None if score is None else float(score) for key, score in scores}


def write_refusal(
    conn: psycopg.Connection, context: Context, run_id: int, delivery_key: int, code: str
) -> None:
    """Append that a file could not be read as a whole."""
    conn.execute(
        SQL["judgement_refused"],
        {
            "run_id": run_id,
            "judged_at": context.clock.now(),
            "zone": context.settings.zone,
            "formula": FORMULA,
            "delivery_key": delivery_key,
            "code": code,
        },
    )

"""A file that corrects an earlier one: only the lines that differ are taken in.

Lines said in the same words, all of whose records were accepted then, bring no news: they are
counted as duplicates.  Only for statements; order lines and clicks know their repetitions by
themselves, and a repeated line may be a second sale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.sources import map_records, read_chunks
from shopnow.staging import files_of, open_landed

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
_FEEDS = ("sellers", "products", "offers", "customers")
_PLACE = ("line_no", "item_no", "record_no")


@dataclass
class Corrected:
    """Knows the lines of the corrected delivery that were accepted whole."""

    known: pl.DataFrame
    passed: int = 0

    def split(self, frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The records of the lines that differ; the others are counted in `passed`."""
        same = _digests(frames).join(self.known, on=["one", "other"], how="semi")["line_no"]
        left = {
            kind: frame.filter(~pl.col("line_no").is_in(same.implode()))
            for kind, frame in frames.items()
        }
        self.passed += sum(frames[kind].height - left[kind].height for kind in frames)
        return left


def corrected_by(
    context: Context, conn: psycopg.Connection, delivery: Delivery, source: Source
) -> Corrected | None:
    """What a delivery may pass over; None for one that corrects nothing, or is taken whole."""
    if (
        delivery.corrects is None
        or delivery.mode != "delta"
        or delivery.feed not in _FEEDS
        or source.is_bundle
        or source.sequence is not None
    ):
        return None
    values = {"delivery_key": delivery.corrects}
    rejected = pl.Series(
        [row[0] for row in conn.execute(SQL["rejected_lines"], values)], dtype=pl.Int64
    )
    parts = []
    for file in files_of(conn, delivery.corrects):
        with open_landed(
            context.settings, context.keystore, file.landing_path, file.landing_ref
        ) as stream:
            for chunk in read_chunks(stream, source, None, context.contracts.mandatory):
                found = _digests(map_records(chunk, source, None, {}))
                kept = found.filter(~pl.col("line_no").is_in(rejected.implode()))
                parts.append(kept.select("one", "other"))
    return Corrected(pl.concat(parts).unique()) if parts else None


def _digests(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Two digests of each line's records; they hold within this process only."""
    parts = []
    for kind, frame in frames.items():
        texts = frame.drop(*_PLACE, strict=False).with_columns(pl.lit(kind).alias("_kind"))
        parts.append(pl.DataFrame([
            frame["line_no"], texts.hash_rows(seed=5).alias("one"),
            texts.hash_rows(seed=7).alias("other"),
        ]))  # fmt: skip
    # Shrunk, so that the sums of a line with several records stay within the type.
    shrunk = pl.col("one", "other") // 256
    return pl.concat(parts).group_by("line_no").agg(shrunk.sum())

"""The records that a replay takes in, out of the sealed file in which they were rejected."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql, TerminalError

if TYPE_CHECKING:
    import psycopg

    from shopnow.sources import RawChunk
    from shopnow.staging import Delivery

SQL = Sql(__package__)


@dataclass
class Chosen:
    """Picks the chosen records out of the numbered frames of each chunk."""

    wanted: pl.DataFrame
    records: int = 0
    _lines: set[tuple[int, int]] = field(default_factory=set)

    def pick(
        self, chunk: RawChunk, frames: dict[str, pl.DataFrame], file_no: int
    ) -> tuple[RawChunk, dict[str, pl.DataFrame]]:
        """The chunk as if it held nothing but the chosen records.

        Raises TerminalError where a record does not stand on the line that it was rejected on:
        the source was changed so that it numbers otherwise.
        """
        here = self.wanted.filter(pl.col("file_no") == file_no)
        picked = {}
        lines: set[int] = set()
        for kind, frame in frames.items():
            found = frame.join(here.select("record_no", pl.col("line_no").alias("was_on")),
                               on="record_no", maintain_order="left")  # fmt: skip
            moved = found.filter(pl.col("was_on") != pl.col("line_no"))
            if moved.height:
                raise TerminalError(
                    f"record {moved['record_no'][0]} stands on line {moved['line_no'][0]}, "
                    f"not {moved['was_on'][0]}",
                    "The source was changed since: its sender has to send the lines again.",
                )
            picked[kind] = found.drop("was_on")
            lines |= set(found["line_no"].to_list())
            self.records += found.height
        self._lines |= {(file_no, line) for line in lines}
        return replace(chunk, bad=(), lines=len(lines), blank=0), picked

    def check(self) -> None:
        """Raise TerminalError unless every chosen record was found."""
        if self.records != self.wanted.height:
            raise TerminalError(
                f"{self.wanted.height - self.records} rejected records are not in the file",
                "The source was changed since: its sender has to send the lines again.",
            )


def chosen_of(conn: psycopg.Connection, delivery: Delivery) -> Chosen | None:
    """What a delivery picks; None for one that takes its whole file in."""
    if delivery.replay_of is None:
        return None
    rows = conn.execute(SQL["replay_records"], {"delivery_key": delivery.delivery_key}).fetchall()
    schema = {"file_no": pl.Int16, "line_no": pl.Int64, "record_no": pl.Int64}
    return Chosen(pl.DataFrame(rows, schema=schema, orient="row"))

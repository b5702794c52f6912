"""Of a delivery of order lines that says again what its source said before only the rest is taken.

Shops send the orders of their last days again and again.  An order all of whose lines come in the
very words of the source's last large delivery, each with a time of its own, and of which nothing
else was said since, changes nothing: its lines are counted as duplicates and passed over before
they are judged.  What is kept for that can be lost at any time: the delivery is then taken whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.differences import NotADifferenceError
from shopnow.pipeline.kept import KeptWords, digests_of, fingerprint, places_of

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.people import People
    from shopnow.quality import Bench, Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
KIND = "item"
# Beyond it nothing is kept: a line takes 36 bytes.
MOST_LINES = 3_000_000
_TIMES = ("said_at", "ordered_at")
_PLACE = ("line_no", "item_no", "record_no")
_OWN = {
    "record_no": pl.Int32, "order": pl.UInt64, "subject_no": pl.Int64,
    "words": pl.UInt64, "check": pl.UInt64,
}  # fmt: skip
# `lines`: how often the order has a line in these words.
_KEPT = {
    "words": pl.UInt64, "check": pl.UInt64, "order": pl.UInt64, "subject_no": pl.Int64,
    "lines": pl.UInt32,
}  # fmt: skip


def may_repeat(delivery: Delivery, source: Source) -> bool:
    """Say whether a delivery is of a kind of which lines may be passed over."""
    fields = source.records[0].fields
    return (
        delivery.mode == "delta"
        and delivery.decision is None
        and delivery.corrects is None
        and delivery.replay_of is None
        and [record.kind for record in source.records] == [KIND]
        and source.records[0].each is None
        and any(name in fields for name in _TIMES)
        and "source_ref" not in fields
        and not source.is_bundle
        and source.sequence is None
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What is kept of an earlier delivery, in the order of its digests, and how it was found."""

    delivery_key: int
    kept: pl.DataFrame
    digests: np.ndarray
    checks: np.ndarray


class Repetition:
    """Watches the intake of one delivery of order lines, and keeps what the next one needs."""

    def __init__(
        self, context: Context, conn: psycopg.Connection, delivery: Delivery, bench: Bench,
        key_ref: str, *, people: People, compares: bool, whole: np.ndarray | None,
    ) -> None:  # fmt: skip
        """`whole`: orders, by digest, of which nothing may be passed over; `compares`: as there."""
        self._conn, self._delivery, self._key_ref, self._people = conn, delivery, key_ref, people
        self._file = KeptWords(context, delivery, bench.source.name, "-lines")
        self._fingerprint = f"{fingerprint(context, conn, bench, KIND)} {self._doubts()}"
        self._said = self._read(whole) if compares else None
        self._seen = np.zeros(len(self._said.digests) if self._said else 0, dtype=np.uint32)
        self._passed_lines: list[pl.DataFrame] = []
        self._own: list[pl.DataFrame] = []
        # Orders of which something has to be taken in, and those that are not plainly accepted.
        self._taken: list[pl.Series] = []
        self._spoilt: list[pl.Series] = []
        self._records = self.passed = 0

    # -- in the reader's thread ------------------------------------------------------------

    def split(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame | None]:
        """The records that have to be taken in, and the digests of their words.

        A record without a time of its own says something else each time: it has no digest.
        """
        frame = frames[KIND]
        self._records += frame.height
        timed = pl.Series([False], dtype=pl.Boolean).new_from_index(0, frame.height)
        for name in _TIMES:
            if name in frame.columns:
                said = frame[name].str.strip_chars().str.len_bytes() > 0
                timed |= said.fill_null(value=False)
        words = digests_of(frame, frame.drop(*_PLACE, strict=False)).with_columns(
            pl.when(timed).then(pl.col(name)).alias(name) for name in ("words", "check")
        )
        if self._said is None or not len(self._said.digests):
            return frames, words
        told, check = (words[name].fill_null(0).to_numpy() for name in ("words", "check"))
        at = places_of(self._said.digests, told)
        same = (self._said.digests[at] == told) & (self._said.checks[at] == check)
        same &= timed.to_numpy()
        # Of the counters' own type: any other number takes numpy twenty times as long.
        np.add.at(self._seen, np.sort(at[same]), np.uint32(1))
        self.passed += int(same.sum())
        passed = pl.Series(same)
        self._passed_lines.append(
            frame.select("line_no", "record_no").filter(passed).with_columns(
                self._said.kept["subject_no"].gather(at[same])
            )
        )  # fmt: skip
        return {KIND: frame.filter(~passed)}, words.filter(~passed)

    # -- in the loader's thread ------------------------------------------------------------

    def keep(
        self, words: pl.DataFrame | None, tables: dict[str, pl.DataFrame],
        judged: dict[str, Judged],
    ) -> None:  # fmt: skip
        """Remember what a chunk staged; an order of which anything was remarked is not kept."""
        for name in ("item_row", "rejected_item"):
            if name in tables:
                self._taken.append(_orders(tables[name]))
        if "rejected_item" in tables:
            self._spoilt.append(_orders(tables["rejected_item"]))
        staged = tables.get("item_row")
        if words is None or staged is None or self._records > MOST_LINES:
            self._own.clear()
            return
        remarked = pl.concat(
            [part["record_no"] for one in judged.values() for part in (one.warnings, one.cleanings)]
        )
        own = staged.select(
            "record_no", _orders(staged), pl.col("customer_no").fill_null(-1).alias("subject_no")
        ).join(words, on="record_no", how="left")
        odd = own["record_no"].is_in(remarked.implode()) | own["words"].is_null()
        self._spoilt.append(own["order"].filter(odd))
        self._own.append(own.select(list(_OWN)).cast({"record_no": pl.Int32}))

    def finish(self) -> None:
        """Write down what was passed over, and of whom it speaks.

        Raises NotADifferenceError, with the orders in question, when of an order not all its lines
        were said again as they were, or something besides.
        """
        if self._said is None or not self.passed:
            return
        kept, seen = self._said.kept, self._seen
        uneven = kept["order"].filter(pl.Series(seen != kept["lines"].to_numpy()))
        whole = pl.concat([uneven, *self._taken]).unique()
        if len(whole):
            again = kept["order"].filter(pl.Series(seen > 0)).unique()
            whole = whole.filter(whole.is_in(again.implode()))
        if len(whole):
            raise NotADifferenceError(whole.to_numpy())
        for lines in self._passed_lines:
            known = lines["subject_no"]
            self._people.remember(lines, known.set(known < 0, None))
        self._people.finish()
        self._conn.execute(
            SQL["difference_write"],
            {
                "delivery_key": self._delivery.delivery_key,
                "earlier_key": self._said.delivery_key,
                "passed_over": self.passed,
                "alive": kept.height,
                "is_timed": True,
            },
        )

    def remember(self, conn: psycopg.Connection, overtaken: list[int], run_at: datetime) -> None:
        """After the load, at `run_at`: keep what the source's next delivery is compared with.

        `overtaken`: records that were not accepted, or are not the last word on their line.
        """
        known = conn.execute(
            SQL["repetition_basis"], {"delivery_key": self._delivery.delivery_key}
        ).fetchone()
        own = pl.concat([pl.DataFrame(schema=_OWN), *self._own])
        if known is None or self._records > MOST_LINES or own.is_empty():
            # What was kept before goes on to hold: nothing new was said.
            return
        late = own["record_no"].is_in(pl.Series(overtaken, dtype=pl.Int32).implode())
        spoilt = pl.concat([pl.Series("order", [], dtype=pl.UInt64), *self._spoilt,
                            own["order"].filter(late)]).unique()  # fmt: skip
        clean = own.filter(~own["order"].is_in(spoilt.implode()))
        parts = [_counted(clean)]
        if self._said is not None:
            parts.append(self._said.kept.filter(pl.Series(self._seen > 0)))
        head = {
            "fingerprint": self._fingerprint,
            "delivery_key": self._delivery.delivery_key,
            "known_as": str(known[0]),
            "run_at": run_at.isoformat(),
            "key_ref": self._key_ref,
        }
        self._file.write(head, pl.concat(parts))

    def _doubts(self) -> str:
        """Changes with what was erased or removed, of which nothing may be passed over."""
        row = self._conn.execute(SQL["repetition_doubts"]).fetchone()
        return str(row[0]) if row else ""

    def _read(self, whole: np.ndarray | None) -> Said | None:
        """What was kept, without orders of which something was said since; None when it is void."""
        head = self._file.head()
        if head is None or head["fingerprint"] != self._fingerprint:
            return None
        basis = self._conn.execute(
            SQL["repetition_basis"], {"delivery_key": head["delivery_key"]}
        ).fetchone()
        others = self._conn.execute(
            SQL["repetition_others"], {"delivery_key": self._delivery.delivery_key}
        ).fetchone()
        if basis is None or str(basis[0]) != head["known_as"] or others is None or others[0]:
            return None
        since = self._conn.execute(
            SQL["repetition_since"],
            {"known_at": head["run_at"], "delivery_key": head["delivery_key"]},
        ).fetchall()
        kept = self._file.words(head)
        news = _orders(pl.DataFrame(since, schema={"order_id": pl.String}, orient="row"))
        if whole is not None:
            news = pl.concat([news, pl.Series("order", whole, dtype=pl.UInt64)])
        if len(news):
            kept = kept.filter(~kept["order"].is_in(news.implode()))
        return Said(head["delivery_key"], kept, kept["words"].to_numpy(), kept["check"].to_numpy())


def _orders(rows: pl.DataFrame) -> pl.Series:
    """The orders of some rows, by digest."""
    return rows["order_id"].hash(seed=7).alias("order")


def _counted(own: pl.DataFrame) -> pl.DataFrame:
    """Lines by their words, with how often each comes; mostly once, so that no group is formed."""
    if own["words"].is_duplicated().any():
        keys = ["words", "check", "order"]
        return own.group_by(keys).agg(
            pl.col("subject_no").first(), pl.len().cast(pl.UInt32).alias("lines")
        ).select(list(_KEPT))  # fmt: skip
    return own.with_columns(pl.lit(1, dtype=pl.UInt32).alias("lines")).select(list(_KEPT))

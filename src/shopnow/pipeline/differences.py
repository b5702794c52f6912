"""Of a full delivery that repeats most of the one before only what differs is taken in.

A record in the very words of one that the same source said in its last full delivery, and about
whose product nothing was said since, changes nothing: it is counted and passed over before it is
judged.  Protects the time of the daily catalogue.  What is kept for that (a digest of each
record's words, its product) can be lost at any time: the next delivery is then taken in whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.kept import KeptWords, digests_of, fingerprint, places_of
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Bench, Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
KIND = "product"
KEY = ("seller_no", "product_id")
# Beyond it nothing is kept: a record takes about sixty bytes of memory.
MOST_RECORDS = 4_000_000
_PLACE = ("line_no", "item_no", "record_no")
_WORDS = {"record_no": pl.Int64, "words": pl.UInt64, "check": pl.UInt64}
_KEPT = {"words": pl.UInt64, "check": pl.UInt64, "seller_no": pl.Int32, "product_id": pl.String}


class NotADifferenceError(Exception):
    """The delivery cannot be told by what differs: it is taken in whole, from its beginning."""

    def __init__(self, whole: np.ndarray | None = None) -> None:
        """`whole`: the orders (by digest) of which all has to be taken in; None: everything."""
        super().__init__()
        self.whole = whole


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is kept of an earlier full delivery: records by the digest of their words, then keys."""

    delivery_key: int
    is_timed: bool
    kept: pl.DataFrame
    digests: np.ndarray
    checks: np.ndarray


def may_differ(delivery: Delivery, source: Source) -> bool:
    """Say whether a delivery is of a kind that can be told by what differs."""
    kinds = [record.kind for record in source.records]
    return (
        delivery.mode == "full"
        and delivery.decision is None
        and kinds == [KIND]
        and source.records[0].each is None
        and "operation" not in source.records[0].fields
        and not source.is_bundle
        and source.sequence is None
    )


class Difference:
    """Watches the intake of one full delivery of products, and keeps what the next one needs."""

    def __init__(
        self, context: Context, conn: psycopg.Connection, delivery: Delivery, bench: Bench,
        key_ref: str, *, compares: bool,
    ) -> None:  # fmt: skip
        """`compares` False only keeps, nothing is passed over; `key_ref`: the delivery's key."""
        self._conn, self._delivery, self._clock = conn, delivery, context.clock
        self._run_at, self._key_ref = bench.run_at, key_ref
        self._file = KeptWords(context, delivery, bench.source.name)
        self._fingerprint = fingerprint(context, conn, bench, KIND)
        self._earlier = self._read() if compares else None
        self._seen = np.zeros(len(self._earlier.digests) if self._earlier else 0, dtype=bool)
        self._records = self._timed = self.passed = 0
        self._is_silent = self._is_clear = False
        self._parts: list[pl.DataFrame] = []

    # -- in the reader's thread ------------------------------------------------------------

    def split(
        self, frames: dict[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], pl.DataFrame | None]:
        """The records that have to be taken in, and the digests of their words."""
        frame = frames[KIND]
        texts = frame.drop(*_PLACE, strict=False)
        self._records += frame.height
        self._timed += sum(
            int((frame[name].fill_null("").str.len_bytes() > 0).sum())
            for name in ("effective_at", "sequence") if name in frame.columns
        )  # fmt: skip
        words = digests_of(frame, texts)
        if self._earlier is None or not len(self._earlier.digests):
            return frames, words
        at = places_of(self._earlier.digests, words["words"].to_numpy())
        same = (self._earlier.digests[at] == words["words"].to_numpy()) & (
            self._earlier.checks[at] == words["check"].to_numpy()
        )
        self._seen[at[same]] = True
        self.passed += int(same.sum())
        left = pl.Series(~same)
        return {KIND: frame.filter(left)}, words.filter(left)

    # -- in the loader's thread ------------------------------------------------------------

    def keep(
        self, words: pl.DataFrame | None, tables: dict[str, pl.DataFrame],
        judged: dict[str, Judged],
    ) -> None:  # fmt: skip
        """Remember what a chunk staged; what was judged worth a word is judged again next time."""
        staged = tables.get("product_row")
        self._is_silent |= any(one.rejects.height > 0 for one in judged.values())
        if words is None or staged is None:
            return
        remarked = [
            part["record_no"] for one in judged.values() for part in (one.warnings, one.cleanings)
        ]
        late = staged["effective_at"] > self._delivery.effective_at
        own = staged.select("record_no", *KEY).join(words, on="record_no", how="left")
        spoilt = late | own["record_no"].is_in(pl.concat(remarked).implode())
        self._parts.append(
            own.with_columns(
                pl.when(~spoilt).then(pl.col(name)).alias(name) for name in ("words", "check")
            )
        )

    def finish(self, *, is_proven: bool, keys_distinct: bool) -> None:
        """Write down what was passed over and what may be absent.

        Raises NotADifferenceError when what is left does not stand alone.
        """
        # Records that contradict each other are rejected only after they were seen.
        self._is_clear = keys_distinct
        if self._earlier is None or not self.passed:
            return
        own = self._own()
        held = self._earlier.kept.with_row_index("at").join(own, on=[*KEY], how="semi")["at"]
        here = np.zeros(self._earlier.kept.height, dtype=bool)
        here[: len(self._seen)] = self._seen
        # The same again, in the same words or in others: which of them counts is for the rules.
        twice = self.passed > int(self._seen.sum()) or bool(here[held.to_numpy()].any())
        mixed = self._timed not in (0, self._records) or self._earlier.is_timed != (self._timed > 0)
        if twice or mixed or not is_proven or not keys_distinct:
            raise NotADifferenceError
        here[held.to_numpy()] = True
        absent = self._earlier.kept.filter(pl.Series(~here)).select(*KEY)
        key = pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key")
        copy_rows(self._conn, "staging", "absent_row", absent.select(key, *KEY))
        self._conn.execute(
            SQL["difference_write"],
            {
                "delivery_key": self._delivery.delivery_key,
                "earlier_key": self._earlier.delivery_key,
                "passed_over": self.passed,
                "alive": self._earlier.kept.height,
                "is_timed": self._timed > 0,
            },
        )

    def remember(self, conn: psycopg.Connection, overtaken: list[int], run_at: datetime) -> None:
        """After the load, at `run_at`: keep what the source's next full delivery is compared with.

        `overtaken`: records after which something else was said of their product.
        """
        mixed = self._timed not in (0, self._records)
        known = conn.execute(
            SQL["difference_basis"], {"delivery_key": self._delivery.delivery_key}
        ).fetchone()
        if known is None or mixed or not self._is_clear or self._records > MOST_RECORDS:
            return
        own = self._own()
        spoilt = own["record_no"].is_in(pl.Series(overtaken, dtype=pl.Int64).implode())
        own = own.with_columns(
            pl.when(~spoilt).then(pl.col(name)).alias(name) for name in ("words", "check")
        )
        parts = [own.select(list(_KEPT))]
        if self._earlier is not None:
            passed = self._earlier.kept.head(len(self._seen)).filter(pl.Series(self._seen))
            parts.append(passed)
        if self._is_silent:
            silent = conn.execute(
                SQL["difference_silent"], {"delivery_key": self._delivery.delivery_key}
            ).fetchall()
            rows = [(None, None, *row) for row in silent]
            parts.append(pl.DataFrame(rows, schema=_KEPT, orient="row"))
        head = {
            "fingerprint": self._fingerprint,
            "delivery_key": self._delivery.delivery_key,
            "known_as": str(known[0]),
            "run_at": run_at.isoformat(),
            "since": self._since(conn, run_at).isoformat(),
            "is_timed": self._timed > 0,
            "key_ref": self._key_ref,
        }
        self._file.write(head, pl.concat(parts))

    def _since(self, conn: psycopg.Connection, run_at: datetime) -> datetime:
        """From when on what becomes known is news: after the load, when all of it was ours.

        Else everything of the load would be read again to find nothing.  Another load may have the
        same time as long as the clock has not moved on.
        """
        if self._clock.now() <= run_at:
            return run_at
        values = {"known_at": run_at, "delivery_key": self._delivery.delivery_key}
        others = conn.execute(SQL["difference_since"], values).fetchone()
        return run_at if others else run_at + timedelta(microseconds=1)

    def _own(self) -> pl.DataFrame:
        schema = {"record_no": pl.Int64, **{name: _KEPT[name] for name in KEY}, **_WORDS}
        return pl.concat([pl.DataFrame(schema=schema), *self._parts])

    def _read(self) -> Earlier | None:
        """What was kept, without what was said since; None when nothing fits."""
        head = self._file.head()
        if head is None:
            return None
        basis = self._conn.execute(
            SQL["difference_basis"], {"delivery_key": head["delivery_key"]}
        ).fetchone()
        is_last = self._conn.execute(
            SQL["difference_last"],
            {
                "delivery_key": self._delivery.delivery_key,
                "effective_at": self._delivery.effective_at,
            },
        ).fetchone()
        if (
            head["fingerprint"] != self._fingerprint
            or self._delivery.effective_at > self._run_at
            or basis is None
            or str(basis[0]) != head["known_as"]
            or is_last is None
            or not is_last[0]
        ):
            return None
        kept = self._file.words(head)
        since = self._conn.execute(
            SQL["difference_since"],
            {"known_at": head["since"], "delivery_key": head["delivery_key"]},
        ).fetchall()
        if since:
            news = pl.DataFrame(since, schema={n: _KEPT[n] for n in KEY}, orient="row")
            told = news.join(kept, on=[*KEY], how="anti")
            said = kept.join(news, on=[*KEY], how="semi").with_columns(
                pl.lit(None, dtype=pl.UInt64).alias(name) for name in ("words", "check")
            )
            nothing = [pl.lit(None, dtype=pl.UInt64).alias(name) for name in ("words", "check")]
            kept = pl.concat([
                kept.join(news, on=[*KEY], how="anti", maintain_order="left"),
                said, told.select(*nothing, *KEY),
            ])  # fmt: skip
            kept = kept.sort("words", nulls_last=True)
        known = kept["words"].drop_nulls()
        return Earlier(
            head["delivery_key"], head["is_timed"], kept, known.to_numpy(),
            kept["check"].head(len(known)).to_numpy(),
        )  # fmt: skip

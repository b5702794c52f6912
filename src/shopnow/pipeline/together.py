"""Steps 1 to 3 of many small deliveries of one source at once, with what each would get alone.

A stream that is cut into thousands of short files costs what its records cost, not what a
delivery costs: one judge, one copy and one journal entry a step serve hundreds of them.  Only
feeds without personal values come here; a delivery that is odd in any way is left to `Intake`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.intake import INGEST, NORMALISE, QUALITY, judge_kinds
from shopnow.pipeline.normalise import Normaliser
from shopnow.pipeline.people import People
from shopnow.pipeline.settings_of_run import bench_for
from shopnow.pipeline.verdicts import Verdicts
from shopnow.sources import RawChunk, UnreadableFile, map_records, read_chunks
from shopnow.staging import Counts, DeliveryFile, copy_rows, open_landed, set_counts_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from shopnow.journal import Run, Step
    from shopnow.pipeline.context import Context
    from shopnow.quality import Bench, Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
SMALL_BYTES = 64 << 10
MOST_AT_ONCE = 500
# Feeds whose records speak of no person, and the key that a delivery states once (S15), if any.
KEYS_OF_FEED = {
    "products": ("product_row", ("seller_no", "product_id")),
    "offers": ("offer_row", ("seller_no", "product_id", "source_ref")),
    "clickstream": ("click_row", ()),
}
# Line and record numbers carry the place of their delivery in the bits above these.
_PLACE_BITS = 40
_NUMBER = (1 << _PLACE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Small:
    """A small delivery that was read: its file and its chunks, one of which holds the records."""

    delivery: Delivery
    file: DeliveryFile
    chunks: tuple[RawChunk, ...]
    body: RawChunk

    @property
    def counts(self) -> Counts:
        """What reading alone says of its lines."""
        return Counts(
            lines=sum(chunk.lines for chunk in self.chunks),
            blank=sum(chunk.blank for chunk in self.chunks),
            unreadable=sum(len(chunk.bad) for chunk in self.chunks),
        )


def small_files(conn: psycopg.Connection, feed: str) -> dict[int, DeliveryFile]:
    """The files of waiting deliveries that may be taken in together, by delivery."""
    if feed not in KEYS_OF_FEED:
        return {}
    rows = conn.execute(SQL["small_deliveries"], {"feed": feed, "bytes": SMALL_BYTES}).fetchall()
    return {row[0]: DeliveryFile(*row) for row in rows}


def groups(
    deliveries: Sequence[Delivery], files: dict[int, DeliveryFile], window: int
) -> Iterator[list[Delivery]]:
    """The deliveries, each once: small ones of one source and day together, any other alone.

    They are gathered among `window` deliveries that follow one another.
    """
    for first in range(0, len(deliveries), window):
        gathered: dict[object, list[Delivery]] = {}
        for delivery in deliveries[first : first + window]:
            alike: object = delivery.delivery_key
            if delivery.delivery_key in files:
                alike = (delivery.source, delivery.sender_no, delivery.effective_at.date())
            gathered.setdefault(alike, []).append(delivery)
        for group in gathered.values():
            for at in range(0, len(group), MOST_AT_ONCE):
                yield group[at : at + MOST_AT_ONCE]


def read_small(
    context: Context, source: Source, delivery: Delivery, file: DeliveryFile
) -> Small | None:
    """The delivery as read; None for one that has to be looked at alone."""
    try:
        with open_landed(
            context.settings, context.keystore, file.landing_path, file.landing_ref
        ) as stream:
            chunks = tuple(read_chunks(stream, source, None, context.contracts.mandatory))
    except UnreadableFile:
        return None
    bodies = [chunk for chunk in chunks if chunk.frame.height]
    return Small(delivery, file, chunks, bodies[0]) if len(bodies) == 1 else None


def take_together(
    context: Context,
    conn: psycopg.Connection,
    run: Run,
    group: Sequence[Delivery],
    files: dict[int, DeliveryFile],
) -> dict[int, Delivery]:
    """Steps 1 to 3 of small deliveries of one source, in one transaction; by key, with counts.

    A delivery that is missing in what is returned has to be looked at alone.
    """
    source = context.source(group[0].source)
    read = (read_small(context, source, d, files[d.delivery_key]) for d in group)
    smalls = [small for small in read if small is not None]
    if not smalls:
        return {}
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        conn.execute(SQL["commit_soon"], {"is_local": True})
        bench = bench_for(context, conn, source, smalls[0].delivery)
        counts = Together(context, conn, run, source, bench, smalls).take()
    return {
        small.delivery.delivery_key: replace(
            small.delivery, records=own.records, rejected=own.rejected,
            keys_distinct=own.keys_distinct,
        )
        for small in smalls
        for own in (counts[small.delivery.delivery_key],)
    }  # fmt: skip


class _ManyNormaliser(Normaliser):
    """Rows of several deliveries; their line and record numbers carry the place of each."""

    def date_by_delivery(self, times: pl.Series) -> None:
        """What a record does not date itself is of its delivery's time, here by place."""
        self._times = times

    def rows(
        self, judged: dict[str, Judged], frames: dict[str, pl.DataFrame], file_no: int
    ) -> dict[str, pl.DataFrame]:
        """Staging rows by table, dated before they are mixed."""
        dated = {
            kind: replace(one, rows=self._dated(kind, one.rows)) for kind, one in judged.items()
        }
        return super().rows(dated, frames, file_no)

    def _dated(self, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
        if kind == "click":
            return rows
        own = [pl.col("effective_at")] if "effective_at" in rows.columns else []
        times = self._times.gather(_places(rows["line_no"]))
        return rows.with_columns(pl.coalesce(*own, pl.lit(times)).alias("effective_at"))


@dataclass
class Together:
    """The intake of several deliveries of one source; `take` is called once."""

    context: Context
    conn: psycopg.Connection
    run: Run
    source: Source
    bench: Bench
    smalls: Sequence[Small]

    def take(self) -> dict[int, Counts]:
        """Stage every record of the deliveries; returns their counts by delivery key."""
        self._counts = [small.counts for small in self.smalls]
        self._failed: Counter[tuple[int, str]] = Counter()
        self._checked: dict[str, np.ndarray] = {}
        keys = [small.delivery.delivery_key for small in self.smalls]
        self._keys = pl.Series("delivery_key", keys, dtype=pl.Int64)
        steps: list[list[Step]] = []
        try:
            steps.append(self.run.start_all(INGEST, keys))
            frames = self._frames()
            steps.append(self.run.start_all(QUALITY, keys))
            feed = self.smalls[0].delivery.feed
            judged = judge_kinds(frames, feed, self.context.contracts, self.bench)
            self._note(frames, judged)
            steps.append(self.run.start_all(NORMALISE, keys))
            self._stage(frames, judged, feed)
            counts = dict(zip(keys, self._counts, strict=True))
            set_counts_all(self.conn, counts)
            self._write_results()
            self._end(steps)
        except BaseException:
            self.run.fail(*chain.from_iterable(steps))
            raise
        return counts

    # -- step 1 ----------------------------------------------------------------------------

    def _frames(self) -> dict[str, pl.DataFrame]:
        """Records by kind; their numbers are those of each delivery, under its place."""
        bodies = [small.body for small in self.smalls]
        items = [body.items for body in bodies if body.items is not None]
        chunk = RawChunk(
            _joined([body.frame for body in bodies]),
            _joined(items) if len(items) == len(bodies) else None,
            (), 0, 0, bodies[0].raw,
        )  # fmt: skip
        numbered: dict[str, pl.DataFrame] = {}
        before = np.zeros(len(bodies), dtype=np.int64)
        for kind, frame in map_records(chunk, self.source, None, {}).items():
            places = _places(frame["line_no"]).to_numpy()
            here = np.bincount(places, minlength=len(bodies))
            within = np.arange(frame.height) - (np.cumsum(here) - here)[places]
            numbers = (places << _PLACE_BITS) | (before[places] + within + 1)
            numbered[kind] = frame.with_columns(pl.Series("record_no", numbers, dtype=pl.Int64))
            self._checked[kind] = here
            before += here
        for counts, records in zip(self._counts, before.tolist(), strict=True):
            counts.records = records
        return numbered

    # -- step 2 ----------------------------------------------------------------------------

    def _note(self, frames: dict[str, pl.DataFrame], judged: dict[str, Judged]) -> None:
        for kind, one in judged.items():
            lines = frames[kind]["line_no"]
            for code, mask in one.marks:
                self._count(code, lines.filter(mask))
            self._write("warning", _apart(one.warnings).select(
                self._key(), "line_no", "record_no", self._owner(), "rule_code", "column_name"
            ))  # fmt: skip
            self._write("cleaning", _apart(one.cleanings).select(
                self._key(), "line_no", "record_no", "rule_code", "column_name", "before", "after"
            ))  # fmt: skip
            rejects = _apart(one.rejects).with_columns(pl.lit(kind).alias("kind"))
            for (place,), part in rejects.group_by(["place"], maintain_order=True):
                self._reject(int(str(place)), part)
        for place, small in enumerate(self.smalls):
            bad = [line for chunk in small.chunks for line in chunk.bad]
            self._failed.update((place, line.code) for line in bad)
            if bad:
                self._verdicts(place).reject_lines(bad, small.file.file_no)

    def _reject(self, place: int, part: pl.DataFrame) -> None:
        small = self.smalls[place]
        lines = {n: small.body.raw.get(n) for n in part["line_no"].unique().to_list()}
        self._verdicts(place).reject(part, small.file.file_no, lines)
        self._counts[place].rejected += part.height

    def _verdicts(self, place: int) -> Verdicts:
        small = self.smalls[place]
        return Verdicts(self.conn, self.context, small.delivery, small.file.landing_ref)

    # -- step 3 ----------------------------------------------------------------------------

    def _stage(self, frames: dict[str, pl.DataFrame], judged: dict[str, Judged], feed: str) -> None:
        first = self.smalls[0]
        people = People(self.context, self.conn, self.source, first.delivery.delivery_key)
        normaliser = _ManyNormaliser(self.context, self.conn, first.delivery, self.source, people)
        times = [small.delivery.effective_at for small in self.smalls]
        normaliser.date_by_delivery(pl.Series(times, dtype=pl.Datetime("us", "UTC")))
        table, key = KEYS_OF_FEED[feed]
        staged = normaliser.rows(judged, frames, first.file.file_no)
        for name, rows in staged.items():
            apart = _apart(rows)
            copy_rows(self.conn, "staging", name, apart.with_columns(self._key()).drop("place"))
            if name == table:
                self._look_for_conflicts(apart, key)
        named = _apart(normaliser.new_sellers())
        self._failed.update((place, "unknown_seller") for place in named["place"].to_list())
        self._write("warning", named.select(
            self._key(), "line_no", "record_no", self._owner(),
            pl.lit("unknown_seller").alias("rule_code"), pl.lit("seller_id").alias("column_name"),
        ))  # fmt: skip

    def _look_for_conflicts(self, rows: pl.DataFrame, key: Sequence[str]) -> None:
        """Only a delivery that names a key twice can contradict itself (S15)."""
        twice = set(rows.filter(rows.select("place", *key).is_duplicated())["place"]) if key else ()
        for place, counts in enumerate(self._counts):
            counts.keys_distinct = place not in twice
        for place in sorted(twice):
            small = self.smalls[place]
            alone = Normaliser(
                self.context, self.conn, small.delivery, self.source,
                People(self.context, self.conn, self.source, small.delivery.delivery_key),
            )  # fmt: skip
            conflicts = alone.conflicts_stored()
            if conflicts.height:
                self._failed[place, "conflicting_duplicate"] += conflicts.height
                self._reject(place, conflicts.with_columns(
                    pl.lit(["conflicting_duplicate"]).alias("rule_codes"),
                    pl.lit([""]).alias("columns"),
                ))  # fmt: skip
                alone.drop_conflicts(conflicts)

    # -- what they share -------------------------------------------------------------------

    def _key(self) -> pl.Expr:
        return pl.lit(self._keys).gather(pl.col("place")).alias("delivery_key")

    def _owner(self) -> pl.Expr:
        return pl.lit(self.smalls[0].delivery.sender_no, dtype=pl.Int32).alias("seller_no")

    def _write(self, table: str, rows: pl.DataFrame) -> None:
        copy_rows(self.conn, "quality", table, rows)

    def _count(self, code: str, lines: pl.Series) -> None:
        hits = np.bincount(_places(lines).to_numpy(), minlength=len(self.smalls))
        for place in np.flatnonzero(hits).tolist():
            self._failed[place, code] += int(hits[place])

    def _write_results(self) -> None:
        rows = [
            (place, f"records.{kind}", checked, 0)
            for kind, of_each in self._checked.items()
            for place, checked in enumerate(of_each.tolist())
        ]
        rows += [(place, code, 0, failed) for (place, code), failed in self._failed.items()]
        schema = {"place": pl.Int64, "rule_code": pl.String, "checked": pl.Int64,
                  "failed": pl.Int64}  # fmt: skip
        frame = pl.DataFrame(rows, schema=schema, orient="row").sort("place", "rule_code")
        run = pl.lit(self.run.run_id, dtype=pl.Int64).alias("run_id")
        self._write("rule_result", frame.select(run, self._key(), "rule_code", "checked", "failed"))

    def _end(self, steps: Sequence[Sequence[Step]]) -> None:
        passed = [counts.records - counts.rejected for counts in self._counts]
        each = list(zip(self._counts, passed, strict=True))
        self.run.end_all(self.conn, steps[0], [(c.lines, c.records, 0) for c, _ in each])
        self.run.end_all(self.conn, steps[1], [(c.records, p, c.rejected) for c, p in each])
        self.run.end_all(self.conn, steps[2], [(p, p, 0) for _, p in each])


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One frame; line numbers carry the place of the frame they came from."""
    heights = [frame.height for frame in frames]
    places = pl.Series(np.repeat(np.arange(len(frames)) << _PLACE_BITS, heights), dtype=pl.Int64)
    return pl.concat(frames).with_columns(pl.col("_line") + places)


def _places(numbers: pl.Series) -> pl.Series:
    return numbers // (1 << _PLACE_BITS)


def _apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their own line and record numbers, and `place` of their delivery."""
    own = pl.col("line_no", "record_no") % (_NUMBER + 1)
    return rows.with_columns(own, (pl.col("line_no") // (_NUMBER + 1)).alias("place"))

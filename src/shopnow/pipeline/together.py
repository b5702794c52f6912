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
from shopnow.pipeline.drift import Drift, Looks, Said, by_code, warn
from shopnow.pipeline.intake import INGEST, NORMALISE, QUALITY
from shopnow.pipeline.judgement import Profile, touched_records, write_judgement
from shopnow.pipeline.judging import judge_kinds
from shopnow.pipeline.layouts import WITH_HEADER, looked_at
from shopnow.pipeline.likeness import CODE, Likeness, joint_of
from shopnow.pipeline.normalise import Normaliser
from shopnow.pipeline.notices import FOREIGN_SELLER, note_drift, note_foreign
from shopnow.pipeline.people import People
from shopnow.pipeline.resending import hashed_keys, record_keys, said_again
from shopnow.pipeline.settings_of_run import bench_for
from shopnow.pipeline.small import (
    KEYS_OF_FEED,
    PLACE_BITS,
    Small,
    apart,
    joined,
    place_of,
    places_of,
    read_small,
)
from shopnow.pipeline.verdicts import Verdicts
from shopnow.pipeline.words import Words, write_words
from shopnow.sources import RawChunk, map_records
from shopnow.staging import Counts, DeliveryFile, copy_rows, set_counts_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.journal import Run, Step
    from shopnow.pipeline.context import Context
    from shopnow.quality import Bench, Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)


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
        together = Together(context, conn, run, source, bench, smalls)
        counts = together.take()
    return {
        small.delivery.delivery_key: replace(
            small.delivery, records=own.records, rejected=own.rejected,
            keys_distinct=own.keys_distinct, score=together.scores.get(small.delivery.delivery_key),
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
        times = self._times.gather(places_of(rows["line_no"]))
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
        self._touched = np.zeros(len(self.smalls), dtype=np.int64)
        self._profile = Profile(self.context.contracts)
        self._looks = [Looks() for _ in self.smalls]
        self._words = [Words() for _ in self.smalls]
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
            said = self._drifted()
            self._write_results()
            write_words(self.conn, dict(zip(keys, self._words, strict=True)))
            self._remember(said)
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
            joined([body.frame for body in bodies]),
            joined(items) if len(items) == len(bodies) else None,
            (), 0, 0, bodies[0].raw,
        )  # fmt: skip
        numbered: dict[str, pl.DataFrame] = {}
        before = np.zeros(len(bodies), dtype=np.int64)
        for (place,), looked in looked_at(chunk.frame, place_of("_line")).group_by(["_place"]):
            own = looked.with_columns(pl.lit(0, dtype=pl.Int64).alias("_place"))
            self._looks[int(str(place))].counted.append(own)
        for kind, frame in map_records(chunk, self.source, None, {}).items():
            places = places_of(frame["line_no"]).to_numpy()
            here = np.bincount(places, minlength=len(bodies))
            within = np.arange(frame.height) - (np.cumsum(here) - here)[places]
            numbers = (places << PLACE_BITS) | (before[places] + within + 1)
            numbered[kind] = frame.with_columns(pl.Series("record_no", numbers, dtype=pl.Int64))
            self._checked[kind] = here
            before += here
        for counts, records in zip(self._counts, before.tolist(), strict=True):
            counts.records = records
        self._mapped = numbered
        return numbered

    # -- step 2 ----------------------------------------------------------------------------

    def _note(self, frames: dict[str, pl.DataFrame], judged: dict[str, Judged]) -> None:
        for kind, one in judged.items():
            lines = frames[kind]["line_no"]
            for code, mask in one.marks:
                self._count(code, lines.filter(mask))
            for (code,), part in one.cleanings.group_by(["rule_code"]):
                self._count(str(code), part["line_no"])
            self._touched += self._hits(touched_records(one))
        self._profile.see(judged, place_of("line_no"))
        for kind, one in judged.items():
            self._write("warning", apart(one.warnings).select(
                self._key(), "line_no", "record_no", self._owner(), "rule_code", "column_name"
            ))  # fmt: skip
            self._write("cleaning", apart(one.cleanings).select(
                self._key(), "line_no", "record_no", "rule_code", "column_name", "before", "after"
            ))  # fmt: skip
            self._translate(one)
            keys = record_keys(kind, one.rejects, self.source).alias("key_text")
            rejects = apart(one.rejects).with_columns(pl.lit(kind).alias("kind"), keys)
            for (place,), part in rejects.group_by(["place"], maintain_order=True):
                self._reject(int(str(place)), part)
        for place, small in enumerate(self.smalls):
            bad = [line for chunk in small.chunks for line in chunk.bad]
            self._failed.update((place, line.code) for line in bad)
            if bad:
                verdicts = self._verdicts(place)
                verdicts.reject_lines(bad, small.file.file_no)
                verdicts.flush()
        self._say_again(frames)

    def _translate(self, one: Judged) -> None:
        """What the words of each delivery became, and the records that said otherwise."""
        for words in one.translations:
            own = apart(words.records)
            odd = [
                self._words[int(str(place))].see(one.kind, words._replace(records=part))
                for (place,), part in own.group_by(["place"], maintain_order=True)
            ]
            if odd:
                self._write("cleaning", pl.concat(odd).select(
                    self._key(), "line_no", "record_no", "rule_code", "column_name", "before",
                    "after",
                ))  # fmt: skip

    def _say_again(self, frames: dict[str, pl.DataFrame]) -> None:
        """Rejects that a later one of the deliveries speaks of end with it."""
        last = max(self.smalls, key=lambda small: small.delivery.delivery_key).delivery
        again = said_again(
            self.context, self.conn, replace(last, delivery_key=last.delivery_key + 1), self.source
        )
        if again.waiting.is_empty():
            return
        for kind, frame in frames.items():
            said = pl.DataFrame(
                [places_of(frame["line_no"]).alias("place"),
                 record_keys(kind, frame, self.source).alias("text")]
            ).drop_nulls("text").unique()  # fmt: skip
            texts = said["text"].unique()
            hashes = hashed_keys(self.context.keystore, texts).alias("record_key")
            told = said.join(pl.DataFrame([texts, hashes]), on="text").with_columns(self._key())
            hit = again.waiting.join(told, on="record_key").filter(
                pl.col("of_delivery") < pl.col("delivery_key")
            )
            names = ("delivery_key", "of_delivery", "file_no", "line_no", "record_no")
            copy_rows(self.conn, "staging", "reject_said", hit.select(names).unique())

    def _reject(self, place: int, part: pl.DataFrame) -> None:
        small = self.smalls[place]
        lines = small.body.raw.get_all(part["line_no"].unique().to_list())
        verdicts = self._verdicts(place)
        verdicts.reject(part, small.file.file_no, lines)
        verdicts.flush()
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
            own = apart(rows)
            copy_rows(self.conn, "staging", name, own.with_columns(self._key()).drop("place"))
            if name == table:
                self._look_for_conflicts(own, key)
        if feed == "products":
            likeness = Likeness(joint_of(self.source))
            likeness.see(staged.get("product_row"))
            alike = apart(likeness.finish(self.conn, self._keys.to_list()))
            self._failed.update((place, CODE) for place in alike["place"].to_list())
            self._write("warning", alike.select(
                self._key(), "line_no", "record_no", self._owner(),
                pl.lit(CODE).alias("rule_code"), "column_name",
            ))  # fmt: skip
        self._warn_of(normaliser.new_sellers(), "unknown_seller")
        self._warn_of(normaliser.near_sellers(), "near_duplicate")

    def _warn_of(self, records: pl.DataFrame, code: str) -> None:
        named = apart(records)
        self._failed.update((place, code) for place in named["place"].to_list())
        self._write("warning", named.select(
            self._key(), "line_no", "record_no", self._owner(),
            pl.lit(code).alias("rule_code"), pl.lit("seller_id").alias("column_name"),
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

    # -- the quality history ---------------------------------------------------------------

    def _drifted(self) -> list[Said]:
        """How each file's columns differ from those of the file before it, in their order."""
        drift = Drift(self.context, self.conn, self.source)
        found = []
        for place, small in enumerate(self.smalls):
            looks, delivery = self._looks[place], small.delivery
            for chunk in small.chunks:
                frames = self._of_place(place) if chunk is small.body else {}
                drift.see(looks, chunk, frames, samples=False)
            said = drift.judge(delivery.delivery_key, "", looks, self.run.run_id)
            warn(self.conn, delivery, said)
            self._failed.update({(place, code): n for code, n in by_code(said).items()})
            found.append(said)
        return found

    def _of_place(self, place: int) -> dict[str, pl.DataFrame]:
        """Records of one delivery; only a file without a header is known by them."""
        if self.source.format in WITH_HEADER:
            return {}
        return {
            kind: frame.filter(place_of("line_no") == place) for kind, frame in self._mapped.items()
        }

    def _remember(self, said: Sequence[Said]) -> None:
        run_id = self.run.run_id
        found = {
            small.delivery.delivery_key: (int(self._touched[place]), len(said[place]))
            for place, small in enumerate(self.smalls)
        }
        self.scores = write_judgement(self.conn, self.context, run_id, found, self._profile)
        for place, small in enumerate(self.smalls):
            foreign = self._failed[place, FOREIGN_SELLER]
            note_foreign(self.conn, self.context, run_id, small.delivery, foreign)
            note_drift(self.conn, self.context, run_id, small.delivery, said[place])

    # -- what they share -------------------------------------------------------------------

    def _key(self) -> pl.Expr:
        return pl.lit(self._keys).gather(pl.col("place")).alias("delivery_key")

    def _owner(self) -> pl.Expr:
        return pl.lit(self.smalls[0].delivery.sender_no, dtype=pl.Int32).alias("seller_no")

    def _write(self, table: str, rows: pl.DataFrame) -> None:
        copy_rows(self.conn, "quality", table, rows)

    def _count(self, code: str, lines: pl.Series) -> None:
        hits = self._hits(lines)
        for place in np.flatnonzero(hits).tolist():
            self._failed[place, code] += int(hits[place])

    def _hits(self, numbers: pl.Series) -> np.ndarray:
        """How many of these line or record numbers are of each delivery."""
        return np.bincount(places_of(numbers).to_numpy(), minlength=len(self.smalls))

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

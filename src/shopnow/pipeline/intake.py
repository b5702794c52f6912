"""Steps 1 to 3 of one delivery: read, judge, normalise, in one stream of bounded chunks.

Nothing is kept of a delivery that turns out unreadable: everything here happens in the caller's
transaction.  Memory follows the chunk, not the file.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.absence import Absence
from shopnow.pipeline.ahead import ahead
from shopnow.pipeline.differences import Difference, may_differ
from shopnow.pipeline.drift import Drift, Looks, Said, warn
from shopnow.pipeline.judgement import Profile, touched_records, write_judgement
from shopnow.pipeline.judging import judge_kinds, refused
from shopnow.pipeline.likeness import Likeness, joint_of
from shopnow.pipeline.normalise import Normaliser
from shopnow.pipeline.notices import FOREIGN_SELLER, note_drift, note_foreign
from shopnow.pipeline.people import People
from shopnow.pipeline.repetition import Repetition, may_repeat
from shopnow.pipeline.resending import chosen_of, corrected_by, said_again
from shopnow.pipeline.verdicts import Verdicts
from shopnow.sources import map_records, read_chunks, read_lookups
from shopnow.staging import (
    Apart,
    Counts,
    Delivery,
    copy_rows,
    end_apart,
    files_of,
    landed_bytes,
    open_landed,
    set_counts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    import numpy as np
    import psycopg

    from shopnow.journal import Run, Step
    from shopnow.pipeline.context import Context
    from shopnow.quality import Bench, Judged
    from shopnow.sources import BundleFile, Lookup, RawChunk, Source
    from shopnow.staging import DeliveryFile

SQL = Sql(__package__)
INGEST, QUALITY, NORMALISE = 1, 2, 3
# Judged chunks that wait to be taken in, where it is not one: orders' take twice the memory.
_READY = {"products": 2}


@dataclass(frozen=True, slots=True)
class Part:
    """One chunk: as read, by kind of record, and judged."""

    chunk: RawChunk
    frames: dict[str, pl.DataFrame]
    judged: dict[str, Judged]
    # Digests of the records' words, where the delivery may be told by what differs.
    words: pl.DataFrame | None = None


@dataclass
class Intake:
    """The intake of one delivery; `take` is called once."""

    context: Context
    conn: psycopg.Connection
    run: Run
    delivery: Delivery
    source: Source
    bench: Bench
    progress: Callable[[int], None] | None = None
    counts: Counts = field(default_factory=Counts)
    # Whether what an earlier delivery said in the same words may be passed over, and of which
    # orders nothing may (by digest).
    compares: bool = True
    whole: np.ndarray | None = None
    difference: Difference | Repetition | None = None
    # The delivery's quality score, once it was taken; null where nothing was sent.
    score: float | None = None

    def take(self) -> Counts:
        """Stage every record of the delivery; returns its counts.

        Raises UnreadableFile when a file cannot be read as a whole: the caller rolls back.
        """
        key = self.delivery.delivery_key
        steps = [self.run.start(INGEST, delivery_key=key)]
        alike: pl.DataFrame | None = None
        try:
            files = files_of(self.conn, key)
            people = People(self.context, self.conn, self.source, key)
            self._normaliser = Normaliser(
                self.context, self.conn, self.delivery, self.source, people
            )
            self._drift = Drift(self.context, self.conn, self.source)
            self._looks: dict[str, Looks] = defaultdict(Looks)
            self._profile = Profile(self.context.contracts)
            self._touched = 0
            self._likeness = Likeness(joint_of(self.source))
            self._absence = Absence(self.context, self.conn, self.delivery, self.source)
            self._verdicts = Verdicts(self.conn, self.context, self.delivery, files[0].landing_ref)
            self.difference = self._compared(files, people)
            self._chosen = chosen_of(self.conn, self.delivery)
            self._corrected = corrected_by(self.context, self.conn, self.delivery, self.source)
            self._again = said_again(self.context, self.conn, self.delivery, self.source)
            lookups = read_lookups(self.source, lambda bundled: self._open_part(files, bundled))
            with self._rows_apart(files) as self._apart:
                for file in self._main_files(files):
                    with open_landed(
                        self.context.settings, self.context.keystore, file.landing_path,
                        file.landing_ref,
                    ) as stream:  # fmt: skip
                        self._take_file(stream, file, lookups, steps)
                if self._apart is not None:
                    # The last rows are on their way: what needs none of them is done meanwhile.
                    alike = self._alike_alone()
                    self._verdicts.flush_whole()
                    self._apart.finish()
                    end_apart(self.conn, key)
            self._finish(files, steps, alike)
        except BaseException:
            self.run.fail(*steps)
            raise
        return self.counts

    def _compared(
        self, files: list[DeliveryFile], people: People
    ) -> Difference | Repetition | None:
        """What compares the delivery with the one before; None where it is taken in whole."""
        of = (self.context, self.conn, self.delivery, self.bench, files[0].landing_ref)
        if may_differ(self.delivery, self.source):
            return Difference(*of, compares=self.compares)
        is_large = self._bytes(files) >= self.context.settings.compared_lines_bytes
        if is_large and may_repeat(self.delivery, self.source):
            return Repetition(*of, people=people, compares=self.compares, whole=self.whole)
        return None

    def _bytes(self, files: list[DeliveryFile]) -> int:
        return sum(landed_bytes(self.context.settings, file.landing_path) for file in files)

    @contextmanager
    def _rows_apart(self, files: list[DeliveryFile]) -> Iterator[Apart | None]:
        """Who copies the rows of a large delivery beside us; None for a small one."""
        if self._bytes(files) < self.context.settings.copied_apart_bytes:
            yield None
            return
        with (
            self.context.connection("staging") as conn,
            Apart(conn, self.delivery.delivery_key) as apart,
        ):
            yield apart

    def _main_files(self, files: list[DeliveryFile]) -> list[DeliveryFile]:
        if not self.source.is_bundle:
            return files
        order = {bundled.name: place for place, bundled in enumerate(self.source.main_files)}
        return sorted((f for f in files if f.part in order), key=lambda f: order[f.part])

    def _open_part(self, files: list[DeliveryFile], bundled: BundleFile) -> BinaryIO | None:
        for file in files:
            if file.part == bundled.name:
                return open_landed(
                    self.context.settings, self.context.keystore, file.landing_path,
                    file.landing_ref,
                )  # fmt: skip
        return None

    def _take_file(
        self, stream: BinaryIO, file: DeliveryFile, lookups: dict[str, Lookup], steps: list[Step]
    ) -> None:
        key = self.delivery.delivery_key
        if len(steps) == 1:
            steps.append(self.run.start(QUALITY, delivery_key=key))
        # One core reads and judges the next chunk while the other side takes this one in.
        ready = _READY.get(self.delivery.feed, 1)
        for part in ahead(self._judged_parts(stream, file, lookups), ready):
            self._verdicts.write(part.judged, part.chunk, file.file_no)
            self._note(part, file)
            self._absence.see(part.judged, part.frames, len(part.chunk.bad))
            # A header is a chunk without records: with it nothing is normalised yet.
            if len(steps) == 2 and part.chunk.frame.height:  # noqa: PLR2004 — 1 and 2 go on
                # What step 2 says of the first records is written before step 3 begins.
                self._verdicts.flush()
                steps.append(self.run.start(NORMALISE, delivery_key=key))
            staged = self._normaliser.rows(part.judged, part.frames, file.file_no)
            if self.delivery.feed == "products":
                self._likeness.see(staged.get("product_row"))
            self._verdicts.write_new_sellers(self._normaliser.new_sellers())
            self._verdicts.write_near_sellers(self._normaliser.near_sellers())
            if self.difference is not None:
                self.difference.keep(part.words, staged, part.judged)
            for table, rows in staged.items():
                if self._apart is not None:
                    self._apart.put(table, rows)
                else:
                    copy_rows(self.conn, "staging", table, rows)
            if self.progress:
                self.progress(self.counts.records)

    def _judged_parts(
        self, stream: BinaryIO, file: DeliveryFile, lookups: dict[str, Lookup]
    ) -> Iterator[Part]:
        """Chunks with their records numbered and judged; touches no connection."""
        name = file.part if self.source.is_bundle else None
        counts = self.counts
        for chunk in read_chunks(stream, self.source, name, self.context.contracts.mandatory):
            frames = self._numbered(map_records(chunk, self.source, name, lookups))
            if self._chosen is not None:
                chunk, frames = self._chosen.pick(chunk, frames, file.file_no)  # noqa: PLW2901
            if self._corrected is not None:
                frames = self._corrected.split(frames)
            counts.lines += chunk.lines
            counts.blank += chunk.blank
            counts.unreadable += len(chunk.bad)
            # Rejects wait for what is said again, passed over or not.
            self._again.see(frames)
            words = None
            if self.difference is not None:
                frames, words = self.difference.split(frames)
            judged = self._judge(frames)
            counts.rejected += sum(one.rejects.height for one in judged.values())
            yield Part(chunk, frames, judged, words)

    def _numbered(self, frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """Records of the delivery are numbered on, kind by kind, in the order of the chunk."""
        numbered = {}
        for kind, frame in frames.items():
            first = self.counts.records + 1
            numbered[kind] = frame.with_columns(
                pl.int_range(first, first + frame.height, dtype=pl.Int64).alias("record_no")
            )
            self.counts.records += frame.height
        return numbered

    def _judge(self, frames: dict[str, pl.DataFrame]) -> dict[str, Judged]:
        judged = judge_kinds(frames, self.delivery.feed, self.context.contracts, self.bench)
        if self.delivery.decision == "refused":
            return {kind: refused(one, frames[kind]) for kind, one in judged.items()}
        return judged

    def _alike_alone(self) -> pl.DataFrame | None:
        """Products that look like others of the delivery; None where loaded ones count too."""
        if not self._likeness.stands_alone(is_delta=self.delivery.mode == "delta"):
            return None
        return self._likeness.finish(self.conn)

    def _finish(
        self, files: list[DeliveryFile], steps: list[Step], alike: pl.DataFrame | None
    ) -> None:
        missing = (QUALITY, NORMALISE)[len(steps) - 1 :]
        key = self.delivery.delivery_key
        if self._chosen is not None:
            self._chosen.check()
            self.counts.records = self._chosen.records
        steps.extend(self.run.start(step, delivery_key=key) for step in missing)
        conflicts = self._normaliser.conflicts()
        if conflicts.height:
            lines = self._raw_lines(files, conflicts)
            self._verdicts.write_conflicts(conflicts, lines)
        erased = self._normaliser.erased()
        self._verdicts.write_erased(erased)
        if self.difference is not None:
            self._finish_comparing(self.difference)
        said = self._drifted()
        if alike is None:
            alike = self._likeness.finish(
                self.conn, (key,) if self.delivery.mode == "delta" else ()
            )
        self._verdicts.write_alike(alike)
        self._verdicts.finish(self.run.run_id)
        self._absence.see_conflicts(conflicts)
        self._absence.finish()
        self._normaliser.drop_conflicts(conflicts)
        self.counts.rejected += conflicts.height + erased.height
        counts = self.counts
        counts.keys_distinct = self._normaliser.keys_distinct
        set_counts(self.conn, self.delivery.delivery_key, counts)
        if self._corrected is not None:
            over = {"delivery_key": key, "passed": self._corrected.passed}
            self.conn.execute(SQL["delivery_pass"], over)
        self._again.finish(self.conn, key)
        self._remember(said)
        passed = counts.records - counts.rejected
        ends = ((counts.lines, counts.records, 0), (counts.records, passed, counts.rejected),
                (passed, passed, 0))  # fmt: skip
        self.run.end_all(self.conn, steps, ends)

    def _finish_comparing(self, found: Difference | Repetition) -> None:
        if isinstance(found, Repetition):
            self._verdicts.pass_over("item", found.passed)
            found.finish()
        else:
            self._verdicts.pass_over("product", found.passed)
            found.finish(
                is_proven=self._absence.is_proven, keys_distinct=self._normaliser.keys_distinct
            )

    def _note(self, part: Part, file: DeliveryFile) -> None:
        """What one chunk shows of its columns, and of how full and how clean its records are."""
        if self._chosen is not None:
            # Of a file that was looked at before only some records come again.
            return
        place = file.part if self.source.is_bundle else ""
        self._drift.see(self._looks[place], part.chunk, part.frames)
        self._profile.see(part.judged)
        self._touched += sum(len(touched_records(one)) for one in part.judged.values())

    def _drifted(self) -> Said:
        said = [
            found
            for place, looks in self._looks.items()
            for found in self._drift.judge(
                self.delivery.delivery_key, place, looks, self.run.run_id
            )
        ]
        warn(self.conn, self.delivery, said)
        self._verdicts.count(code for code, _ in said)
        return said

    def _remember(self, said: Said) -> None:
        """The quality history; what a person refused is no judgement of what was sent."""
        if self.delivery.decision == "refused" or self._chosen is not None:
            return
        run_id, key = self.run.run_id, self.delivery.delivery_key
        found = {key: (self._touched, len(said))}
        self.score = write_judgement(self.conn, self.context, run_id, found, self._profile).get(key)
        foreign = self._verdicts.failures(FOREIGN_SELLER)
        note_foreign(self.conn, self.context, run_id, self.delivery, foreign)
        note_drift(self.conn, self.context, run_id, self.delivery, said)

    def _raw_lines(
        self, files: list[DeliveryFile], wanted: pl.DataFrame
    ) -> dict[tuple[int, int], bytes]:
        """Raw bytes of some lines, read again from the sealed files, by (file_no, line_no)."""
        found: dict[tuple[int, int], bytes] = {}
        lines: dict[int, set[int]] = defaultdict(set)
        for file_no, line_no in wanted.select("file_no", "line_no").iter_rows():
            lines[file_no].add(line_no)
        for file in files:
            if not lines[file.file_no]:
                continue
            found |= {
                (file.file_no, line_no): raw
                for line_no, raw in self.raw_lines(file, lines[file.file_no]).items()
            }
        return found

    def raw_lines(self, file: DeliveryFile, wanted: set[int]) -> dict[int, bytes]:
        """Raw bytes of some lines of one landed file."""
        found: dict[int, bytes] = {}
        part = file.part if self.source.is_bundle else None
        with open_landed(
            self.context.settings, self.context.keystore, file.landing_path, file.landing_ref
        ) as stream:
            for chunk in read_chunks(stream, self.source, part, self.context.contracts.mandatory):
                here = set(chunk.frame["_line"].to_list()) & wanted
                found |= chunk.raw.get_all([*here])
                if len(found) == len(wanted):
                    break
        return found

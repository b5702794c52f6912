"""A file read and judged through a source that is not active yet: nothing is written.

The same reader, the same judge and the same words as for a delivery, so that a trial that passes
is a delivery that passes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import UsageError
from shopnow.pipeline.answering import Answer, all_columns, teller_for, widened
from shopnow.pipeline.answering.wording import finding
from shopnow.pipeline.following import DeliveryFacts
from shopnow.pipeline.judging import judge_kinds
from shopnow.pipeline.settings_of_run import aliases_of, categories_of
from shopnow.quality import Bench, Judged
from shopnow.security import HOUSE, Registry
from shopnow.sources import UnreadableFile, map_records, read_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    import psycopg

    from shopnow.pipeline.answering import AnsweredLine, Finding, Language
    from shopnow.pipeline.answering.telling import Said
    from shopnow.pipeline.context import Context
    from shopnow.sources import RawChunk, Source

# What is no part of what a record says of its key.
_PLACES = ("line_no", "item_no", "record_no")


@dataclass
class Trial:
    """One file through one source; `answer` once it was read."""

    context: Context
    conn: psycopg.Connection
    source: Source
    path: Path
    language: Language = "fr"
    columns: list[str] = field(default_factory=list)
    said: dict[int, Said] = field(default_factory=dict)
    rows: dict[str, list[pl.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    records: int = 0
    rejected: int = 0
    unreadable: int = 0
    lines: int = 0

    def answer(self, *, everything: bool = False) -> Answer:
        """What its sender would read; raises UsageError for a bundle, OSError for no file."""
        if self.source.is_bundle:
            raise UsageError(
                f"source {self.source.name} is a bundle of files", "Only single files are tried."
            )
        whole: list[Finding] = []
        try:
            self._judge()
        except UnreadableFile as error:
            whole.append(finding(error.code, "reject", self.language, what=self._told(error)))
            return Answer(self._facts(), self.language, (), tuple(whole), iter(()))
        if not self.records:
            whole.append(finding("empty_file", "reject", self.language))
        teller = teller_for(
            self.context, self.conn, self.source, self.language, everything=everything
        )
        with self.path.open("rb") as stream:
            teller.header = self.columns = all_columns(self.source, stream)
        with self.path.open("rb") as stream:
            first = next(self._chunks(stream), None)
            columns = tuple(teller.columns(first)) if first is not None else ()

        def told() -> Iterator[AnsweredLine]:
            with self.path.open("rb") as again:
                for chunk, frames in self._numbered(again):
                    yield from teller.tell(chunk, frames, self.said, self.path.name)

        return Answer(self._facts(), self.language, columns, tuple(whole), told())

    @property
    def passes(self) -> bool:
        """Whether a delivery like this would be loaded without a question."""
        limit = self.context.contracts.feeds[self.source.feed].reject_rate_threshold_pct
        return self.records > 0 and self.rejected * 100 <= self.records * limit

    def _told(self, error: UnreadableFile) -> str:
        return error.message if self.language == "fr" else ""

    def _chunks(self, stream: BinaryIO) -> Iterator[RawChunk]:
        mandatory = self.context.contracts.mandatory
        return read_chunks(stream, widened(self.source, None, self.columns), None, mandatory)

    def _numbered(self, stream: BinaryIO) -> Iterator[tuple[RawChunk, dict[str, pl.DataFrame]]]:
        records = 0
        for chunk in self._chunks(stream):
            frames = {}
            for kind, frame in map_records(chunk, self.source, None, {}).items():
                first, records = records + 1, records + frame.height
                frames[kind] = frame.with_columns(
                    pl.int_range(first, records + 1, dtype=pl.Int64).alias("record_no")
                )
            yield chunk, frames
        self.records = records

    def _judge(self) -> None:
        own, number = frozenset({self.source.sender}), None
        if not self.source.is_platform:
            registry = Registry(self.conn, self.source.system)
            number = registry.number(self.source.sender)
            own |= registry.identifiers(number) if number is not None else frozenset()
        number = HOUSE if number is None else number
        bench = Bench(
            self.source, self.context.clock.now(), categories_of(self.conn, self.source), own,
            aliases_of(self.conn, self.source, number),
        )  # fmt: skip
        with self.path.open("rb") as stream:
            for chunk, frames in self._numbered(stream):
                self.lines += chunk.lines
                self.unreadable += len(chunk.bad)
                judged = judge_kinds(frames, self.source.feed, self.context.contracts, bench)
                for one in judged.values():
                    self._keep(one)
        for parts in self.rows.values():
            self._keep_conflicts(pl.concat(parts, how="diagonal"))

    def _keep(self, judged: Judged) -> None:
        self.rejected += judged.rejects.height
        for row in judged.rejects.iter_rows(named=True):
            _, reasons = self.said.setdefault(row["record_no"], (row["line_no"], []))
            pairs = zip(row["rule_codes"], row["columns"], strict=True)
            reasons.extend(("reject", code, name) for code, name in pairs)
        for row in judged.warnings.iter_rows(named=True):
            _, reasons = self.said.setdefault(row["record_no"], (row["line_no"], []))
            reasons.append(("warn", row["rule_code"], row["column_name"]))
        if judged.kind in ("product", "offer") and judged.rows.height:
            self.rows[judged.kind].append(judged.rows)

    def _keep_conflicts(self, rows: pl.DataFrame) -> None:
        """Lines that say different things of one key at one time: a delivery returns them all."""
        if "sequence" in rows.columns:
            return
        names = ("seller_id", "product_id", "source_ref", "effective_at")
        key = [name for name in names if name in rows.columns]
        content = [c for c in rows.columns if c not in _PLACES and c not in key]
        hashed = rows.select(*_PLACES, *key, pl.struct(content).hash().alias("content"))
        twice = hashed.filter(pl.col("content").n_unique().over(key) > 1)
        self.rejected += twice.height
        for record_no, line_no in twice.select("record_no", "line_no").iter_rows():
            _, reasons = self.said.setdefault(record_no, (line_no, []))
            reasons.append(("reject", "conflicting_duplicate", ""))

    def _facts(self) -> DeliveryFacts:
        now = self.context.clock.now()
        return DeliveryFacts(
            delivery_key=0,
            sender=self.source.sender,
            sender_no=0,
            source=self.source.name,
            feed=self.source.feed,
            mode=self.source.mode,
            state="tried",
            file_name=self.path.name,
            sha256=sha256(self.path.read_bytes()).hexdigest(),
            effective_at=now,
            effective_is_declared=False,
            received_at=now,
            batch_no=None,
            lines=self.lines,
            records=self.records,
            accepted=self.records - self.rejected,
            rejected=self.rejected,
            duplicate=0,
            superseded=0,
            held=0,
            blank=0,
            unreadable=self.unreadable,
            reason=None,
        )

"""What a replay would do: the rejects it looks at, judged by today's rules; writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import ShopnowError, Sql
from shopnow.pipeline.following import find_delivery
from shopnow.pipeline.judging import judge_kinds
from shopnow.pipeline.replaying.repeats import Repeats
from shopnow.pipeline.settings_of_run import bench_of
from shopnow.sources import map_records, read_chunks, read_lookups
from shopnow.staging import files_of, open_landed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.following import DeliveryFacts
    from shopnow.quality import Judged
    from shopnow.sources import BundleFile, RawChunk
    from shopnow.staging import DeliveryFile

SQL = Sql(__package__)
# No rule of ours that could change, but a person's decision, a contradiction or an erased person.
NOT_REPLAYED = ("conflicting_duplicate", "delivery_refused", "erased_person")
REPEATED = "repeated_key"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """How many of the rejects looked at a rule refused, and how many it would refuse now."""

    rule: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    """What a replay would do with the rejects of one delivery.

    `passing`: file_no, line_no, record_no of the records that pass now.  `stopped` says in French
    why the delivery cannot be replayed; then nothing passes.
    """

    delivery: DeliveryFacts
    looked_at: int
    passing: pl.DataFrame
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class ReplayPlan:
    """What a replay would do: delivery by delivery, and rule by rule."""

    deliveries: tuple[DeliveryPlan, ...]
    rules: tuple[RuleChange, ...]

    @property
    def looked_at(self) -> int:
        """Rejected records that were judged again."""
        return sum(one.looked_at for one in self.deliveries)

    @property
    def passing(self) -> int:
        """Of these, how many pass now."""
        return sum(one.passing.height for one in self.deliveries)


@dataclass
class _Tally:
    before: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)


def plan_replay(
    context: Context,
    conn: psycopg.Connection,
    *,
    delivery_key: int | None = None,
    seller: int | None = None,
    rule: str | None = None,
) -> ReplayPlan:
    """Judge open rejects that match every filter given by the rules of now; writes nothing.

    With a record all rejects of its line are looked at: an order with its articles.  Unreadable
    lines are none: what cannot be read has to be sent again.  Raises UsageError for a delivery
    that does not exist.
    """
    if delivery_key is not None:
        find_delivery(conn, delivery_key)
    values = {
        "delivery_key": delivery_key, "seller_no": seller, "rule": rule,
        "never": list(NOT_REPLAYED),
    }  # fmt: skip
    by_delivery: dict[int, list[tuple[int, int, int, list[str]]]] = {}
    for key, *reject in conn.execute(SQL["rejects_open"], values).fetchall():
        by_delivery.setdefault(key, []).append(tuple(reject))
    tally = _Tally()
    plans = []
    for key, rejects in by_delivery.items():
        for _, _, _, codes in rejects:
            tally.before.update(set(codes))
        plans.append(_plan(context, conn, find_delivery(conn, key), rejects, tally))
    rules = [
        RuleChange(code, tally.before[code], tally.now[code])
        for code in sorted({*tally.before, *tally.now})
    ]
    return ReplayPlan(tuple(plans), tuple(rules))


def _plan(
    context: Context,
    conn: psycopg.Connection,
    delivery: DeliveryFacts,
    rejects: list[tuple[int, int, int, list[str]]],
    tally: _Tally,
) -> DeliveryPlan:
    schema = {"file_no": pl.Int16, "line_no": pl.Int64, "record_no": pl.Int64}
    wanted = pl.DataFrame([row[:3] for row in rejects], schema=schema, orient="row")
    reading = _Rereading(context, conn, delivery, wanted)
    try:
        passing = reading.passing(tally)
    except (ShopnowError, OSError) as error:
        reason = error.message if isinstance(error, ShopnowError) else "fichier scellé introuvable"
        for _, _, _, codes in rejects:
            tally.now.update(set(codes))
        return DeliveryPlan(delivery, len(rejects), wanted.head(0), reason)
    return DeliveryPlan(delivery, len(rejects), passing)


class _Rereading:
    """Reads a delivery again from its sealed files and judges the wanted records."""

    def __init__(
        self,
        context: Context,
        conn: psycopg.Connection,
        delivery: DeliveryFacts,
        wanted: pl.DataFrame,
    ) -> None:
        self._context = context
        self._delivery = delivery
        self._wanted = wanted
        self._source = context.source(delivery.source)
        self._files = files_of(conn, delivery.delivery_key)
        self._bench = bench_of(context, conn, self._source, delivery.sender_no)

    def passing(self, tally: _Tally) -> pl.DataFrame:
        """The wanted records that pass now and contradict nothing that was accepted."""
        repeats = Repeats(self._source, self._wanted)
        passed = []
        for file_no, chunk, frames in self._chunks():
            del chunk
            repeats.see(frames)
            here = self._wanted.filter(pl.col("file_no") == file_no)
            own = {kind: self._own(frame, here) for kind, frame in frames.items()}
            judged = judge_kinds(own, self._delivery.feed, self._context.contracts, self._bench)
            for one in judged.values():
                tally.now.update(_reasons(one))
                passed.append(one.rows.select("record_no"))
        fine = pl.concat([pl.DataFrame(schema={"record_no": pl.Int64}), *passed])
        passing = self._wanted.join(fine, on="record_no", how="semi")
        held_back = passing.join(repeats.contradicting(), on="record_no", how="semi")
        if held_back.height:
            tally.now[REPEATED] += held_back.height
        # Neither does what stands on its line: an offer without its product.
        line = ["file_no", "line_no"]
        return passing.join(held_back, on=line, how="anti").sort("record_no")

    def _own(self, frame: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
        lines = here.select("record_no", pl.col("line_no").alias("was_on"))
        found = frame.join(lines, on="record_no", maintain_order="left")
        moved = found.filter(pl.col("was_on") != pl.col("line_no"))
        if moved.height:
            raise ShopnowError(
                "la source a changé : elle numérote autrement les enregistrements du fichier",
                hint="The sender has to send the rejected lines again.",
            )
        return found.drop("was_on")

    def _chunks(self) -> Iterator[tuple[int, RawChunk, dict[str, pl.DataFrame]]]:
        lookups = read_lookups(self._source, self._open_part)
        mandatory = self._context.contracts.mandatory
        records = 0
        for file in self._main():
            part = file.part if self._source.is_bundle else None
            with self._opened(file) as stream:
                for chunk in read_chunks(stream, self._source, part, mandatory):
                    frames = {}
                    for kind, frame in map_records(chunk, self._source, part, lookups).items():
                        first, records = records + 1, records + frame.height
                        numbers = pl.int_range(first, records + 1, dtype=pl.Int64)
                        frames[kind] = frame.with_columns(numbers.alias("record_no"))
                    yield file.file_no, chunk, frames

    def _main(self) -> list[DeliveryFile]:
        if not self._source.is_bundle:
            return self._files
        order = {bundled.name: place for place, bundled in enumerate(self._source.main_files)}
        return sorted((f for f in self._files if f.part in order), key=lambda f: order[f.part])

    def _opened(self, file: DeliveryFile) -> BinaryIO:
        return open_landed(
            self._context.settings, self._context.keystore, file.landing_path, file.landing_ref
        )

    def _open_part(self, bundled: BundleFile) -> BinaryIO | None:
        return next((self._opened(f) for f in self._files if f.part == bundled.name), None)


def _reasons(one: Judged) -> Counter[str]:
    found: Counter[str] = Counter()
    for codes in one.rejects["rule_codes"].to_list():
        found.update(set(codes))
    return found

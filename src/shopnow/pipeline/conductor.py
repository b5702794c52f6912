"""The conductor: plans a run over waiting deliveries, then executes it batch by batch.

Protects isolation between senders: a delivery that cannot be read is refused alone, a batch that
cannot be loaded is halved until the guilty delivery stands alone; everything else goes on.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import psycopg

from shopnow import __version__
from shopnow.facts import ensure_partitions
from shopnow.journal import Event, Run, abandon_orphans, has_orphans, open_run, record_event
from shopnow.kernel import Sql, from_database
from shopnow.marts import create_touched, load_marts, next_batch_no, refresh_touched
from shopnow.pipeline.breaker import Breakers
from shopnow.pipeline.differences import Difference, NotADifferenceError
from shopnow.pipeline.due import apply_due
from shopnow.pipeline.failing import explained, is_transient, whereabouts
from shopnow.pipeline.guard import held_event, question_of
from shopnow.pipeline.intake import Intake
from shopnow.pipeline.judgement import write_refusal
from shopnow.pipeline.loading import Batch, load_batch
from shopnow.pipeline.report import RunReport
from shopnow.pipeline.retying import follow_histories
from shopnow.pipeline.settings_of_run import bench_for
from shopnow.pipeline.small import groups, small_files
from shopnow.pipeline.together import take_together
from shopnow.pipeline.upkeep import Upkeep
from shopnow.pipeline.verdicts import forget_verdicts
from shopnow.privacy import bind_key_store
from shopnow.sources import UnreadableFile
from shopnow.staging import (
    Delivery,
    clear_staging,
    is_left_apart,
    set_state,
    staged_records,
    waiting_deliveries,
    waiting_feeds,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    import numpy as np

    from shopnow.marts import Mart
    from shopnow.pipeline.context import Context
    from shopnow.pipeline.repetition import Repetition
    from shopnow.staging import DeliveryFile

SQL = Sql(__package__)
_TOLD_EVERY = 200_000
# Records of a batch after which the planner may have to count tables anew.
_MANY = 1_000
_REFUSED_BY_A_PERSON = "delivery_refused : livraison refusée après examen"
# Reference data first: what later feeds name is then known, not inferred.
FEED_ORDER = ("sellers", "customers", "products", "offers", "orders", "clickstream")


@dataclass
class Conductor:
    """One run; `progress` hears a French line now and then."""

    context: Context
    progress: Callable[[str], None] | None = None
    report: RunReport = field(default_factory=RunReport)
    # Opened by `run`: the data's connection, the tables' owner's, the journaled run, the marts.
    data: psycopg.Connection = field(init=False)
    owner: psycopg.Connection = field(init=False)
    upkeep: Upkeep = field(init=False)
    journaled: Run = field(init=False)
    marts: Sequence[Mart] = field(init=False)
    breakers: Breakers = field(init=False)
    # Deliveries that are compared with the one before, until they are loaded.
    differences: dict[int, Difference | Repetition] = field(default_factory=dict)

    def run(self) -> RunReport:
        """Take every waiting delivery through the six steps."""
        context, settings, clock = self.context, self.context.settings, self.context.clock
        with (
            context.connection("guard") as guard,
            guard.transaction(),
            context.connection("journal") as journal,
            context.connection("data") as data,
            context.connection("owner", "shopnow_owner") as owner,
            Upkeep(owner) as upkeep,
        ):
            self._wait_for_others(guard)
            # What a power cut takes of these is done again from the sealed file; a load that is
            # committed takes what was journaled before it to the disk.
            journal.execute(SQL["commit_soon"], {"is_local": False})
            run = open_run(journal, clock, "load", __version__)
            self.data, self.owner, self.journaled, self.upkeep = data, owner, run, upkeep
            self.report.run_id = run.run_id
            status = "failed"
            try:
                if has_orphans(data, run):
                    with data.transaction():
                        data.execute(SQL["loader_lock"])
                        abandon_orphans(data, run, clock.now())
                bind_key_store(data, self.context.keystore, clock.now())
                data.execute(SQL["session_tune"])
                self.marts = load_marts(settings)
                self.breakers = Breakers(context, data, run.run_id)
                upkeep.begin()
                self.report.due = apply_due(self.context, data, self.marts)
                self._feeds()
                upkeep.wait()
                self.report.retied = follow_histories(self.context, data, self.marts, self._say)
                status = "failed" if self.report.failed else "done"
            except psycopg.Error as error:
                raise from_database(error, "run") from error
            finally:
                # Of a server that is gone nothing is journaled: the next run says ABANDONED.
                with suppress(psycopg.Error):
                    journal.execute(SQL["commit_durably"])
                    run.close(status)
        if self.breakers.has_released():
            # A seller's good files closed its breaker: what it held goes on at once, judged anew.
            self.report.add(Conductor(self.context, self.progress).run())
        return self.report

    def _wait_for_others(self, guard: psycopg.Connection) -> None:
        """One run at a time, from its plan to its end: two would stage a delivery twice."""
        try:
            with guard.transaction():
                guard.execute(SQL["run_alone_at_once"])
        except psycopg.errors.LockNotAvailable:
            self._say("une autre exécution est en cours : celle-ci attend sa fin")
            guard.execute(SQL["run_alone"])

    def _feeds(self) -> None:
        """Feed by feed; what comes in meanwhile is taken along when its feed has its turn yet."""
        waiting = waiting_feeds(self.data)
        for feed in FEED_ORDER:
            if feed in waiting:
                self._feed(feed)
                waiting = waiting_feeds(self.data)

    def _feed(self, feed: str) -> None:
        ready: list[Delivery] = []
        records = 0
        settings = self.context.settings
        for staged in self._staged(feed):
            if staged.mode == "full" and any(_of_one_scope(staged, other) for other in ready):
                # What it withdraws is weighed against what its source said before.
                self._load(feed, ready, alone=False)
                ready, records = [], 0
            if self._is_answered(staged):
                continue
            ready.append(staged)
            if self._is_difference(staged):
                # It was compared with what is loaded: nothing may come in between.
                self._load(feed, ready)
                ready, records = [], 0
                continue
            records += (staged.records or 0) - (staged.rejected or 0)
            if records >= settings.batch_records or len(ready) >= settings.batch_deliveries:
                self._load(feed, ready)
                ready, records = [], 0
        if ready:
            self._load(feed, ready)

    def _staged(self, feed: str) -> Iterator[Delivery]:
        """Waiting deliveries after steps 1 to 3; small ones of one source are taken in together."""
        waiting = waiting_deliveries(self.data, feed)
        files = small_files(self.data, feed) if len(waiting) > 1 else {}
        window = self.context.settings.batch_deliveries
        for group in groups(waiting, files, window):
            together = self._stage_together(group, files) if len(group) > 1 else {}
            for delivery in group:
                staged = together.get(delivery.delivery_key) or self._stage(delivery)
                if staged is not None:
                    yield staged

    def _stage_together(
        self, group: Sequence[Delivery], files: dict[int, DeliveryFile]
    ) -> dict[int, Delivery]:
        """Steps 1 to 3 of small deliveries at once; those that are missing here go alone."""
        self._say(f"{len(group)} petites livraisons ({group[0].feed}) : lecture ensemble")
        try:
            taken = take_together(self.context, self.data, self.journaled, group, files)
        except Exception as error:
            # One by one, the guilty one will stand alone.
            if self.data.closed or is_transient(error):
                raise
            self.journaled.journal_failures()
            return {}
        self.report.records += sum(delivery.records or 0 for delivery in taken.values())
        return taken

    def _stage(
        self, delivery: Delivery, *, compares: bool = True, whole: np.ndarray | None = None
    ) -> Delivery | None:
        """Steps 1 to 3; the delivery with its counts, or None when it does not go on.

        `compares`: what an earlier delivery said in the same words may be passed over, but for
        the orders `whole` (by digest).
        """
        key, data, run = delivery.delivery_key, self.data, self.journaled
        if is_left_apart(data, key):
            # Before the intake, not within: what copies apart waits for this mark to go.
            with data.transaction():
                data.execute(SQL["loader_lock"])
                clear_staging(data, [key])
        if delivery.state == "normalised":
            wanted = (delivery.records or 0) - (delivery.rejected or 0)
            if staged_records(data, key) == wanted:
                return delivery
        self._say(f"livraison {key} ({delivery.feed}) : lecture de {delivery.file_name}")
        try:
            with data.transaction():
                data.execute(SQL["loader_lock"])
                data.execute(SQL["commit_soon"], {"is_local": True})
                if delivery.records is not None:
                    # Its rows were lost with the server, or its load failed: all of it is taken
                    # in again from the sealed file.
                    clear_staging(data, [key])
                    forget_verdicts(data, key, self.context.clock.now())
                    data.execute(SQL["difference_forget"], {"delivery_key": key})
                source = self.context.source(delivery.source)
                bench = bench_for(self.context, data, source, delivery)
                intake = Intake(
                    self.context, data, run, delivery, source, bench, self._reading(key),
                    compares=compares, whole=whole,
                )  # fmt: skip
                counts = intake.take()
        except NotADifferenceError as error:
            again = whole is None and error.whole is not None
            return self._stage(delivery, compares=again, whole=error.whole)
        except UnreadableFile as error:
            self.journaled.journal_failures()
            self._refuse(delivery, error)
            return None
        except Exception as error:
            # Whatever one sender's file brings about, the others' deliveries go on.
            if data.closed or is_transient(error):
                raise
            self.journaled.journal_failures()
            self._fail(delivery, error)
            return None
        self.report.records += counts.records
        if intake.difference is not None:
            self.differences[key] = intake.difference
        return replace(
            delivery,
            records=counts.records,
            rejected=counts.rejected,
            keys_distinct=counts.keys_distinct,
            score=intake.score,
        )

    def _is_difference(self, delivery: Delivery) -> bool:
        found = self.differences.get(delivery.delivery_key)
        return found is not None and found.passed > 0

    def _remember(self, batch: Batch, run_at: datetime) -> None:
        """Keep what the next delivery is compared with; without it that one is taken whole."""
        for key in batch.keys:
            difference = self.differences.pop(key, None)
            if difference is not None and batch.overtaken is not None:
                with suppress(OSError):
                    difference.remember(self.data, batch.overtaken.get(key, []), run_at)

    def _reading(self, key: int) -> Callable[[int], None]:
        """What a long file says of itself while it is read: a word every so many records."""
        told = 0

        def tell(records: int) -> None:
            nonlocal told
            if records - told >= _TOLD_EVERY:
                told = records
                self._say(f"livraison {key} : {records} enregistrements lus")

        return tell

    def _load(self, feed: str, deliveries: Sequence[Delivery], *, alone: bool = True) -> None:
        """Steps 4 to 6; a batch that fails is halved until the guilty delivery stands alone."""
        keys, data = [delivery.delivery_key for delivery in deliveries], self.data
        self._say(f"chargement de {len(keys)} livraison(s) {feed}")
        self.upkeep.wait()
        try:
            apart = ensure_partitions(data, self.owner, feed, keys, self.context.settings.tz)
            with data.transaction():
                data.execute(SQL["loader_lock"])
                batch = Batch(feed, deliveries, next_batch_no(data), apart)
                batch.remembers = not self.differences.keys().isdisjoint(keys)
                now = self.context.clock.now()
                load_batch(
                    self.context, data, self.journaled, batch, marts=self.marts, run_at=now,
                    alone=alone,
                )  # fmt: skip
                if batch.records >= _MANY:
                    # What the next batch is planned by is counted at once, not within seconds.
                    data.execute(SQL["statistics_flush"])
        except Exception as error:
            if data.closed or is_transient(error):
                raise
            self.journaled.journal_failures()
            if len(deliveries) == 1:
                self._fail(deliveries[0], error)
                return
            for half in _halves(deliveries):
                self._load(feed, half, alone=False)
            return
        self.report.published += keys
        if batch.records >= _MANY:
            # For the next batch, and for who reads what was published now.
            self.upkeep.begin()
        self._remember(batch, now)

    def _is_answered(self, delivery: Delivery) -> bool:
        """Say whether a staged delivery goes no further: a person refused it, or has to look."""
        self.breakers.judged(delivery)
        waits = self.breakers.question(delivery)
        question = waits or question_of(self.context, self.data, delivery)
        if question is None and delivery.decision != "refused":
            return False
        key, data = delivery.delivery_key, self.data
        with data.transaction():
            data.execute(SQL["loader_lock"])
            clear_staging(data, [key])
            if question is None:
                self.report.refused[key] = _REFUSED_BY_A_PERSON
                set_state(data, key, "refused", _REFUSED_BY_A_PERSON)
            else:
                data.execute(SQL["delivery_hold"], {"delivery_key": key, "question": question})
                if waits:
                    self.breakers.holds(delivery)
                event = held_event(self.context, delivery, question, self.report.run_id)
                record_event(data, event)
                self.report.held[key] = question
            self._touch(key)
        return True

    def _touch(self, key: int) -> None:
        """Figures by delivery follow one that was not loaded; within the caller's transaction."""
        data, zone = self.data, self.context.settings.zone
        create_touched(data)
        data.execute(SQL["deliveries_touched"], {"deliveries": [key], "zone": zone})
        now = self.context.clock.now()
        refresh_touched(data, self.marts, run_at=now, batch_no=0, zone=zone)

    def _refuse(self, delivery: Delivery, error: UnreadableFile) -> None:
        key, data = delivery.delivery_key, self.data
        reason = f"{error.code} : {error.message}" + (f" — {error.hint}" if error.hint else "")
        with data.transaction():
            data.execute(SQL["loader_lock"])
            set_state(data, key, "refused", reason)
            write_refusal(data, self.context, self.journaled.run_id, key, error.code)
            self._touch(key)
            event = self._event(delivery, error.code, f"livraison {key} refusée : {error.message}")
            record_event(data, replace(event, type="qualite", level="WARNING"))
        self.report.refused[key] = reason
        self.breakers.judged(delivery)

    def _fail(self, delivery: Delivery, error: Exception) -> None:
        key, reason = delivery.delivery_key, explained(error)
        with self.data.transaction():
            # The next run takes it in anew, from the sealed file.
            clear_staging(self.data, [key])
            set_state(self.data, key, "failed", reason)
            event = self._event(delivery, "delivery_failed", f"livraison {key} en échec")
            record_event(self.data, replace(event, payload=whereabouts(error)))
        self.report.failed[key] = reason

    def _event(self, delivery: Delivery, code: str, message: str) -> Event:
        return Event(
            ts=self.context.clock.now(),
            source="pipeline",
            type="technique",
            level="ERROR",
            message=message,
            error_code=code,
            seller_no=delivery.sender_no,
            run_id=self.journaled.run_id,
            delivery_key=delivery.delivery_key,
        )

    def _say(self, line: str) -> None:
        if self.progress:
            self.progress(line)


def _of_one_scope(one: Delivery, other: Delivery) -> bool:
    """Say whether two deliveries speak of the same keys: one sender, feed and source."""
    return (one.sender_no, one.feed, one.source) == (other.sender_no, other.feed, other.source)


def _halves(deliveries: Sequence[Delivery]) -> Iterator[Sequence[Delivery]]:
    middle = len(deliveries) // 2
    yield deliveries[:middle]
    yield deliveries[middle:]

"""The answer to a delivery: what its sender reads of it, line by line, in words to act on.

The sender's lines come from the sealed file; what was found on them from the tables that the load
wrote.  Nothing is judged a second time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError
from shopnow.pipeline.answering.columns import all_columns, widened
from shopnow.pipeline.answering.masking import mask_for
from shopnow.pipeline.answering.model import LANGUAGES, Answer, AnsweredLine, Finding, Language
from shopnow.pipeline.answering.nearest import Nearest
from shopnow.pipeline.answering.telling import Said, Teller
from shopnow.pipeline.answering.wording import finding
from shopnow.pipeline.answering.writing import FORMATS, write_answer
from shopnow.pipeline.following import find_delivery
from shopnow.pipeline.settings_of_run import taxonomy_of
from shopnow.quality import RULE_CODES
from shopnow.sources import map_records, read_chunks, read_lookups
from shopnow.staging import files_of, open_landed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.following import DeliveryFacts
    from shopnow.sources import BundleFile, RawChunk, Source
    from shopnow.staging import DeliveryFile

__all__ = [
    "FORMATS",
    "LANGUAGES",
    "Answer",
    "AnsweredLine",
    "Finding",
    "Language",
    "Teller",
    "all_columns",
    "answer_delivery",
    "teller_for",
    "widened",
    "write_answer",
]

SQL = Sql(__package__)
# States in which a file was read to its end and judged.
_JUDGED = {"staged", "checked", "normalised", "dimensions loaded", "facts loaded", "published"}


def answer_delivery(
    context: Context,
    conn: psycopg.Connection,
    delivery_key: int,
    *,
    language: Language = "fr",
    everything: bool = False,
) -> Answer:
    """The answer to a delivery; `everything`: also lines without a remark, and cleanings.

    Raises UsageError when there is no such delivery or it was not judged yet, MissingKeyError
    when its file was destroyed.  That an answer was made is journaled.
    """
    delivery = find_delivery(conn, delivery_key)
    if delivery.replay_of is not None:
        raise UsageError(
            f"delivery {delivery_key} replays rejects of delivery {delivery.replay_of}",
            f"Its sender reads the answer to that one: `delivery report {delivery.replay_of}`.",
        )
    whole = _of_the_delivery(delivery, language)
    files = files_of(conn, delivery_key)
    source = context.source(delivery.source)
    if delivery.state == "received":
        raise UsageError(
            f"delivery {delivery_key} was not judged yet", "`shopnow run` takes it through."
        )
    columns: tuple[str, ...] = ()
    lines: Iterator[AnsweredLine] = iter(())
    is_read = delivery.state in _JUDGED or delivery.records > 0
    if is_read:
        reading = _Reading(
            context, conn, delivery, source, files, language=language, everything=everything
        )
        whole += reading.whole()
        columns, lines = reading.columns(), reading.lines()
    _journal(context, conn, delivery, language)
    return Answer(delivery, language, columns, whole, lines, is_bundle=source.is_bundle)


def teller_for(
    context: Context,
    conn: psycopg.Connection,
    source: Source,
    language: Language,
    *,
    part: str | None = None,
    everything: bool = False,
) -> Teller:
    """Who tells the lines of one file of `source`; also of files that are only tried."""
    return Teller(
        source,
        context.contracts,
        language,
        mask_for(source, context.contracts, language),
        Nearest(
            conn.execute(
                SQL["paths"], {"language": language, "taxonomy": taxonomy_of(source)}
            ).fetchall(),
            source.dialect.decimal,
        ),
        part,
        everything,
    )


class _Reading:
    """Reads a judged delivery again from its sealed files."""

    def __init__(
        self,
        context: Context,
        conn: psycopg.Connection,
        delivery: DeliveryFacts,
        source: Source,
        files: list[DeliveryFile],
        *,
        language: Language,
        everything: bool,
    ) -> None:
        self._context = context
        self._source = source
        self._language = language
        self._files = files
        main = {bundled.name: place for place, bundled in enumerate(source.main_files)}
        self._main = sorted(
            (file for file in files if not source.is_bundle or file.part in main),
            key=lambda file: main.get(file.part, 0),
        )
        self._tellers = [
            teller_for(
                context, conn, source, language, part=self._part(file), everything=everything
            )
            for file in self._main
        ]
        self._said: dict[int, Said] = {}
        self._whole: list[tuple[str, str]] = []
        values = {"delivery_key": delivery.delivery_key, "cleanings": everything}
        for record_no, line_no, level, rule, name in conn.execute(SQL["said"], values):
            if record_no:
                self._said.setdefault(record_no, (line_no, []))[1].append((level, rule, name))
            else:
                self._whole.append((rule, name))

    def whole(self) -> tuple[Finding, ...]:
        """What was said of the delivery as a whole, once a rule."""
        by_rule: dict[str, list[str]] = defaultdict(list)
        for rule, name in self._whole:
            by_rule[rule].append(name)
        return tuple(
            finding(rule, "warn", self._language, column=", ".join(filter(None, names)))
            for rule, names in by_rule.items()
        )

    def columns(self) -> tuple[str, ...]:
        """The sender's columns; those of the second file of a bundle after those of the first."""
        names: dict[str, None] = {}
        for file, teller in zip(self._main, self._tellers, strict=True):
            with self._opened(file) as stream:
                teller.header = all_columns(self._source, stream)
            with self._opened(file) as stream:
                first = next(self._chunks(file, teller, stream), None)
                names |= dict.fromkeys(teller.columns(first) if first is not None else ())
        return tuple(names)

    def lines(self) -> Iterator[AnsweredLine]:
        """The answered lines, file by file."""
        lookups = read_lookups(self._source, self._open_part)
        records = 0
        for file, teller in zip(self._main, self._tellers, strict=True):
            part = self._part(file)
            with self._opened(file) as stream:
                for chunk in self._chunks(file, teller, stream):
                    frames = {}
                    for kind, frame in map_records(chunk, self._source, part, lookups).items():
                        first, records = records + 1, records + frame.height
                        frames[kind] = frame.with_columns(
                            pl.int_range(first, records + 1, dtype=pl.Int64).alias("record_no")
                        )
                    yield from teller.tell(chunk, frames, self._said, file.file_name)

    def _chunks(self, file: DeliveryFile, teller: Teller, stream: BinaryIO) -> Iterator[RawChunk]:
        part = self._part(file)
        names = [] if self._source.format == "csv" else teller.header
        source = widened(self._source, part, names)
        return read_chunks(stream, source, part, self._mandatory)

    @property
    def _mandatory(self) -> dict[str, set[str]]:
        return self._context.contracts.mandatory

    def _part(self, file: DeliveryFile) -> str | None:
        return file.part if self._source.is_bundle else None

    def _opened(self, file: DeliveryFile) -> BinaryIO:
        return open_landed(
            self._context.settings, self._context.keystore, file.landing_path, file.landing_ref
        )

    def _open_part(self, bundled: BundleFile) -> BinaryIO | None:
        return next((self._opened(f) for f in self._files if f.part == bundled.name), None)


def _of_the_delivery(delivery: DeliveryFacts, language: Language) -> tuple[Finding, ...]:
    """Why a delivery as a whole was refused, is held or failed; its reason begins with a code."""
    if not delivery.reason or delivery.state not in ("refused", "held", "failed"):
        return ()
    code, mark, text = delivery.reason.partition(" : ")
    if not mark or code not in RULE_CODES:
        code, text = "", delivery.reason
    what, _, fix = text.partition(" — ")
    said = finding(code or "delivery_refused", "reject", language)
    if language == "en":
        return (said,) if code else (_worded(said, code, text, ""),)
    return (_worded(said, code, what, fix or (said.fix if code else "")),)


def _worded(one: Finding, rule: str, what: str, fix: str) -> Finding:
    return Finding(one.level, rule, "", "", "", what, "", fix)


def _journal(
    context: Context, conn: psycopg.Connection, delivery: DeliveryFacts, language: Language
) -> None:
    record_event(
        conn,
        Event(
            ts=context.clock.now(),
            source="answer",
            type="fonctionnel",
            level="INFO",
            message=f"the answer to delivery {delivery.delivery_key} was made",
            error_code="answer_made",
            seller_no=delivery.sender_no,
            delivery_key=delivery.delivery_key,
            payload={"language": language},
        ),
    )

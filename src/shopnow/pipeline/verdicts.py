"""What steps 1 to 3 say of records: rejects with sealed lines, warnings, cleanings, results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.likeness import CODE
from shopnow.pipeline.resending import forget_said, hashed_keys, record_keys
from shopnow.pipeline.words import Words, write_words
from shopnow.privacy import seal_lines
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Judged
    from shopnow.sources import BadLine, RawChunk
    from shopnow.staging import Delivery

SQL = Sql(__package__)
# A COPY costs a wait for the server, however few its rows.
_WORTH_A_COPY = 10_000


def forget_verdicts(conn: psycopg.Connection, delivery_key: int, at: datetime) -> None:
    """Move aside what an earlier intake of a delivery said: it is judged anew, whole.

    Nothing is deleted: it stands in quality.*_superseded; rule results stay under their run.  The
    caller holds the loader lock; of a published delivery nothing moves.
    """
    conn.execute(SQL["judge_anew"], {"delivery_key": delivery_key, "at": at})
    conn.execute(SQL["translation_forget"], {"delivery_key": delivery_key})
    forget_said(conn, delivery_key)


class Verdicts:
    """Writes the verdicts of one delivery within its transaction; `flush` or `finish` ends it."""

    def __init__(
        self, conn: psycopg.Connection, context: Context, delivery: Delivery, key_ref: str
    ) -> None:
        """`key_ref`: the delivery's key, under which rejected lines are sealed."""
        self._conn = conn
        self._delivery = delivery
        self._rejected_at = context.clock.now()
        self._key = context.keystore.delivery_key(key_ref)
        self._checked: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        self._words = Words()
        self._waiting: dict[str, list[pl.DataFrame]] = {}
        self._source = context.source(delivery.source)
        self._keystore = context.keystore

    def write(self, judged: dict[str, Judged], chunk: RawChunk, file_no: int) -> None:
        """Verdicts of one chunk, unreadable lines included."""
        # A line may be two records: rejected as both it is sealed once.
        rejected = {n for one in judged.values() for n in one.rejects["line_no"].to_list()}
        sealed = seal_lines(self._key, chunk.raw.get_all([*rejected]))
        for one in judged.values():
            self._count(one)
            self._warn(one)
            if one.rejects.height:
                rejects = one.rejects.with_columns(
                    pl.lit(one.kind).alias("kind"),
                    record_keys(one.kind, one.rejects, self._source).alias("key_text"),
                )
                self._reject_sealed(rejects, file_no, sealed)
        if chunk.bad:
            for line in chunk.bad:
                self._failed[line.code] = self._failed.get(line.code, 0) + 1
            self.reject_lines(chunk.bad, file_no)

    def reject_lines(self, lines: Sequence[BadLine], file_no: int) -> None:
        """Lines that are no records."""
        bad = pl.DataFrame(
            {
                "line_no": [line.line_no for line in lines],
                "record_no": [0] * len(lines),
                "rule_codes": [[line.code] for line in lines],
                "columns": [[""]] * len(lines),
                "kind": ["line"] * len(lines),
            }
        )
        self.reject(bad, file_no, {line.line_no: line.raw for line in lines})

    def write_conflicts(self, conflicts: pl.DataFrame, lines: dict[tuple[int, int], bytes]) -> None:
        """Rejects found across rows: file_no, line_no, record_no, kind, seller_no."""
        for (file_no,), part in conflicts.group_by(["file_no"], maintain_order=True):
            rejects = part.with_columns(
                pl.lit(["conflicting_duplicate"]).alias("rule_codes"),
                pl.lit([""]).alias("columns"),
            )
            number = int(str(file_no))
            raw = {line: data for (of, line), data in lines.items() if of == number}
            self.reject(rejects, number, raw)
        self._failed["conflicting_duplicate"] = conflicts.height

    def write_erased(self, records: pl.DataFrame) -> None:
        """Records of erased persons: refused, and their lines are kept nowhere."""
        for (file_no,), part in records.group_by(["file_no"], maintain_order=True):
            rejects = part.with_columns(
                pl.lit(["erased_person"]).alias("rule_codes"), pl.lit([""]).alias("columns")
            )
            self.reject(rejects, int(str(file_no)), {})
        if records.height:
            self._failed["erased_person"] = records.height

    def write_new_sellers(self, records: pl.DataFrame) -> None:
        """Warn of the records (line_no, record_no) that named a seller nobody had named."""
        self._warn_of(records, "unknown_seller")

    def write_near_sellers(self, records: pl.DataFrame) -> None:
        """Warn of the records whose seller is new, but for its letter case."""
        self._warn_of(records, "near_duplicate")

    def write_alike(self, records: pl.DataFrame) -> None:
        """Warn of products that look like others: line_no, record_no, column_name."""
        if records.is_empty():
            return
        self._write_warnings(records.with_columns(pl.lit(CODE).alias("rule_code")))
        self._failed[CODE] = self._failed.get(CODE, 0) + records.height

    def _warn_of(self, records: pl.DataFrame, code: str) -> None:
        if records.is_empty():
            return
        named = records.with_columns(
            pl.lit(code).alias("rule_code"), pl.lit("seller_id").alias("column_name")
        )
        self._write_warnings(named)
        self._failed[code] = self._failed.get(code, 0) + records.height

    def pass_over(self, kind: str, records: int) -> None:
        """Count records that said again what was judged before."""
        name = f"records.{kind}"
        self._checked[name] = self._checked.get(name, 0) + records

    def count(self, codes: Iterable[str]) -> None:
        """Count findings about the whole file."""
        for code in codes:
            self._failed[code] = self._failed.get(code, 0) + 1

    def failures(self, code: str) -> int:
        """How many records failed a rule so far."""
        return self._failed.get(code, 0)

    def finish(self, run_id: int) -> None:
        """Write the rule results of the whole delivery."""
        codes = sorted({*self._checked, *self._failed})
        rows = pl.DataFrame(
            {
                "run_id": [run_id] * len(codes),
                "delivery_key": [self._delivery.delivery_key] * len(codes),
                "rule_code": codes,
                "checked": [self._checked.get(code, 0) for code in codes],
                "failed": [self._failed.get(code, 0) for code in codes],
            },
            schema={
                "run_id": pl.Int64, "delivery_key": pl.Int64, "rule_code": pl.String,
                "checked": pl.Int64, "failed": pl.Int64,
            },
        )  # fmt: skip
        self._put("rule_result", rows)
        self.flush_whole()

    def _count(self, one: Judged) -> None:
        self._checked[f"records.{one.kind}"] = (
            self._checked.get(f"records.{one.kind}", 0) + one.checked
        )
        for code, hits in one.failed.items():
            self._failed[code] = self._failed.get(code, 0) + hits
        if one.cleanings.is_empty():
            return
        for code, hits in one.cleanings["rule_code"].value_counts().iter_rows():
            self._failed[code] = self._failed.get(code, 0) + hits

    def _warn(self, one: Judged) -> None:
        self._write_warnings(one.warnings)
        self._write_cleanings(one.cleanings)
        # A chunk without records (a header) says nothing of which words the file uses.
        for words in one.translations if one.checked else ():
            self._write_cleanings(self._words.see(one.kind, words))

    def _write_cleanings(self, cleanings: pl.DataFrame) -> None:
        if cleanings.is_empty():
            return
        key = pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key")
        rows = cleanings.select(
            key, "line_no", "record_no", "rule_code", "column_name", "before", "after"
        )
        self._put("cleaning", rows)

    def _write_warnings(self, warnings: pl.DataFrame) -> None:
        if warnings.is_empty():
            return
        owner = pl.lit(self._delivery.sender_no, dtype=pl.Int32).alias("seller_no")
        key = pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key")
        self._put(
            "warning",
            warnings.select(key, "line_no", "record_no", owner, "rule_code", "column_name"),
        )

    def reject(self, rejects: pl.DataFrame, file_no: int, lines: dict[int, bytes]) -> None:
        """Write rejects (line_no, record_no, kind, rule_codes, columns) and seal their lines."""
        self._reject_sealed(rejects, file_no, seal_lines(self._key, lines))

    def _reject_sealed(
        self, rejects: pl.DataFrame, file_no: int, sealed: Mapping[int, bytes]
    ) -> None:
        at_rest = [sealed.get(number) for number in rejects["line_no"].to_list()]
        rows = rejects.select(
            pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key"),
            pl.lit(file_no, dtype=pl.Int16).alias("file_no"),
            "line_no",
            "record_no",
            "kind",
            pl.lit(self._delivery.sender_no, dtype=pl.Int32).alias("seller_no"),
            _array("rule_codes"),
            _array("columns"),
            pl.Series("line_sealed", at_rest, dtype=pl.Binary),
            pl.lit(self._rejected_at).alias("rejected_at"),
            self._record_keys(rejects),
        )
        self._put("reject", rows)

    def flush(self) -> None:
        """Write what waits; `finish` does it too."""
        for table in [*self._waiting]:
            self._write_waiting(table)

    def flush_whole(self) -> None:
        """Write what waits and what the words became: no more records are to come."""
        self.flush()
        words, self._words = self._words, Words()
        write_words(self._conn, {self._delivery.delivery_key: words})

    def _put(self, table: str, rows: pl.DataFrame) -> None:
        """Rows of a table wait until they are worth a COPY, or for `flush`."""
        if rows.height:
            waiting = self._waiting.setdefault(table, [])
            waiting.append(rows)
            if sum(part.height for part in waiting) >= _WORTH_A_COPY:
                self._write_waiting(table)

    def _write_waiting(self, table: str) -> None:
        copy_rows(self._conn, "quality", table, pl.concat(self._waiting.pop(table)))

    def _record_keys(self, rejects: pl.DataFrame) -> pl.Series:
        """What the rejected records speak of, hashed."""
        if "key_text" not in rejects.columns:
            return pl.Series("record_key", [None], dtype=pl.Binary).new_from_index(
                0, rejects.height
            )
        return hashed_keys(self._keystore, rejects["key_text"]).alias("record_key")


def _array(name: str) -> pl.Expr:
    """A PostgreSQL array literal; codes and column names need no escape."""
    quoted = pl.col(name).list.eval(pl.format('"{}"', pl.element()))
    return pl.format("{{{}}}", quoted.list.join(",")).alias(name)

"""The splitting off of people: identifiers become numbers, personal values go to the vault.

Protects DESIGN 7: from here on no frame carries a name, an address or an identifier of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.privacy import (
    Suppression,
    find_subjects,
    note_lines,
    record_subjects,
    resolve_subjects,
)
from shopnow.quality import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

UNKNOWN_CUSTOMER = -1
ANONYMOUS = -2
_MET = {"id": pl.String, "lookup": pl.Binary, "subject_no": pl.Int64, "is_erased": pl.Boolean}
_NOBODY = pl.DataFrame(schema=_MET)
# Beyond it who is met again is looked up again: one takes about a hundred bytes.
_MOST_MET = 500_000
# Records that speak of somebody are kept until they are written: 20 bytes each.
_MOST_RECORDS = 2_000_000
# Contract attribute to vault attribute, by the kind of record that carries it.
ORDER_VALUES = {
    "customer_name": "name",
    "customer_email": "email",
    "customer_phone": "phone",
    "customer_street": "street",
}
CUSTOMER_VALUES = {"name": "name", "email": "email", "phone": "phone", "street": "street"}
CONTACT_VALUES = {"contact_name": "name", "contact_email": "email", "contact_phone": "phone"}


class People:
    """Subjects and vault of one delivery."""

    def __init__(
        self, context: Context, conn: psycopg.Connection, source: Source, delivery_key: int
    ) -> None:
        """Work within the delivery's transaction."""
        self._context = context
        self._conn = conn
        self._source = source
        self._key = delivery_key
        self._suppressed = Suppression(conn, context.keystore)
        # Who was met in this delivery, by kind: the next chunk names most of them again.
        self._met: dict[str, pl.DataFrame] = {}
        self._shunned: list[pl.Series] = []
        self._spoken_of: list[pl.DataFrame] = []

    def subjects(
        self, identifiers: pl.Series, kind: str = "customer", *, make: bool = True
    ) -> pl.DataFrame:
        """Per row: lookup (Binary), subject_no (Int64), null without identifier; is_erased.

        With `make` off an unknown identifier stays null: a click never creates a customer.  A
        person who was erased has neither: the suppression list names them, nothing else does.
        """
        said = clean_text(identifiers)
        said = said.set((said == "").fill_null(value=False), None).alias("id")
        distinct = said.drop_nulls().unique()
        met = self._met.get(kind, _NOBODY)
        known = distinct.to_frame().join(met, on="id", how="inner")
        asked = distinct.to_frame().join(met, on="id", how="anti")["id"]
        new = self._asked(asked, kind, make=make) if len(asked) else _NOBODY
        if met.height + new.height <= _MOST_MET:
            found = pl.col("subject_no").is_not_null() | pl.col("is_erased")
            self._met[kind] = pl.concat([met, new.filter(found)])
        table = pl.concat([known, new])
        return (
            said.to_frame()
            .join(table, on="id", how="left", maintain_order="left")
            .select("lookup", "subject_no", pl.col("is_erased").fill_null(value=False))
        )

    def _asked(self, identifiers: pl.Series, kind: str, *, make: bool) -> pl.DataFrame:
        """Who stands behind distinct identifiers that were not met before in this delivery."""
        lookups = self._context.pseudonyms.subject_lookups(self._source.system, kind, identifiers)
        erased = self._suppressed.named(lookups)
        lookups = lookups.set(erased, None) if erased.any() else lookups
        if make:
            numbers = resolve_subjects(self._conn, kind, lookups)
        else:
            numbers = find_subjects(self._conn, lookups)
        asked = pl.DataFrame({"id": identifiers, "lookup": lookups, "is_erased": erased})
        return asked.join(numbers, on="lookup", how="left").select(list(_MET))

    def contacts(self, identifiers: pl.Series, emails: pl.Series) -> pl.DataFrame:
        """As `subjects`, for contacts of sellers: one who was erased is told by the address.

        Who follows in that post has another address, and is let in.
        """
        found = self.subjects(identifiers, "seller_contact")
        if not self._suppressed:
            return found
        erased = self._suppressed.written_to(self._context.pseudonyms.email_lookups(emails))
        number = pl.when(~erased).then("subject_no").alias("subject_no")
        return found.with_columns(number, is_erased=pl.col("is_erased") | erased)

    @property
    def knows_erased(self) -> bool:
        """True when anybody was ever erased."""
        return bool(self._suppressed)

    def shun(self, line_no: pl.Series) -> None:
        """Note lines that name erased persons: they leave the sealed file after the load."""
        if len(line_no):
            self._shunned.append(line_no)

    def finish(self) -> None:
        """Write down who is spoken of, and what was shunned."""
        self._note_records()
        if self._shunned:
            lines = pl.concat(self._shunned).to_list()
            note_lines(self._conn, self._key, lines, self._context.clock.now())
            self._shunned.clear()

    def remember(self, frame: pl.DataFrame, subject_no: pl.Series) -> None:
        """Note which records speak of whom, so that an erasure reaches them.

        They are written by `finish`, all of a person together, and before only when they are many.
        """
        records = frame.select(
            subject_no.alias("subject_no"), "line_no", pl.col("record_no").cast(pl.Int32)
        )
        self._spoken_of.append(records.drop_nulls("subject_no"))
        if sum(part.height for part in self._spoken_of) >= _MOST_RECORDS:
            self._note_records()

    def _note_records(self) -> None:
        if self._spoken_of:
            key = pl.lit(self._key, dtype=pl.Int64).alias("delivery_key")
            records = pl.concat(self._spoken_of).with_columns(key)
            self._spoken_of.clear()
            record_subjects(self._conn, records)

    def store(self, frame: pl.DataFrame, values: Mapping[str, str], said_at: pl.Series) -> None:
        """Put personal values into the vault; `frame` holds subject_no and the raw columns."""
        names = [name for name in values if name in frame.columns]
        if not names or frame.is_empty():
            return
        long = (
            frame.select(
                "subject_no", said_at.alias("said_at"), *(clean_text(frame[n]) for n in names)
            )
            .unpivot(
                on=names, index=["subject_no", "said_at"], variable_name="of", value_name="value"
            )
            .filter(pl.col("value").str.len_bytes() > 0, pl.col("subject_no").is_not_null())
            .select(
                "subject_no",
                pl.col("of")
                .replace_strict(dict(values), return_dtype=pl.String)
                .alias("attribute"),
                "value",
                "said_at",
                pl.lit(self._key, dtype=pl.Int64).alias("delivery_key"),
            )
        )
        self._context.vault.store(self._conn, long)

"""The splitting off of people: identifiers become numbers, personal values go to the vault.

Protects DESIGN 7: from here on no frame carries a name, an address or an identifier of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.privacy import find_subjects, record_subjects, resolve_subjects
from shopnow.quality import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

UNKNOWN_CUSTOMER = -1
ANONYMOUS = -2
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

    def subjects(
        self, identifiers: pl.Series, kind: str = "customer", *, make: bool = True
    ) -> pl.DataFrame:
        """Per row: lookup (Binary) and subject_no (Int64), null where there is no identifier.

        With `make` off an unknown identifier stays null: a click never creates a customer.
        """
        said = clean_text(identifiers)
        said = said.set((said == "").fill_null(value=False), None).alias("id")
        distinct = said.drop_nulls().unique()
        lookups = self._context.pseudonyms.subject_lookups(self._source.system, kind, distinct)
        if make:
            numbers = resolve_subjects(self._conn, kind, lookups)
        else:
            numbers = find_subjects(self._conn, lookups)
        table = pl.DataFrame({"id": distinct, "lookup": lookups}).join(
            numbers, on="lookup", how="left"
        )
        return (
            said.to_frame()
            .join(table, on="id", how="left", maintain_order="left")
            .select("lookup", "subject_no")
        )

    def remember(self, frame: pl.DataFrame, subject_no: pl.Series) -> None:
        """Note which records speak of whom, so that an erasure reaches them."""
        records = frame.select(
            subject_no.alias("subject_no"),
            pl.lit(self._key, dtype=pl.Int64).alias("delivery_key"),
            "line_no",
            "record_no",
        )
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

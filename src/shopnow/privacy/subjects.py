"""Subjects: a durable number for each person, found by a keyed hash and by nothing else.

Protects the rule that the warehouse can count and join people without knowing who they are; a
number is given once, also when several loads meet the same person at the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from psycopg import sql

from shopnow.kernel import TransientError
from shopnow.privacy.recordrows import HEADER, TRAILER, packed_rows
from shopnow.privacy.rows import SQL, copy_in, numbers_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore

KINDS: Final = ("customer", "seller_contact", "account")
# Records that are packed at once: what is sent of one takes several times its room.
_SLICE_RECORDS: Final = 200_000
_RECORD: Final = ("subject_no", "delivery_key", "record_no", "line_no")
_ROW: Final = ("subject_no", "delivery_key", "line_nos", "record_nos")


def resolve_subjects(conn: Connection, kind: str, lookups: pl.Series) -> pl.DataFrame:
    """Return lookup (Binary) and subject_no (Int64), a row a distinct lookup; nulls are left out.

    Unknown lookups become subjects of this kind.  Raises TransientError when one of them is
    removed by another transaction at this moment.
    """
    wanted = _distinct(lookups)
    with conn.transaction():
        _ask_for(conn, wanted)
        conn.execute(SQL["subject_insert"], {"kind": kind})
        found = _read_back(conn, wanted)
    if found.height < wanted.height:
        message = "a subject was removed while its number was asked for"
        raise TransientError(message, "Run the batch again.")
    return found


def find_subjects(conn: Connection, lookups: pl.Series) -> pl.DataFrame:
    """Return lookup and subject_no of the lookups that are known; makes none."""
    wanted = _distinct(lookups)
    with conn.transaction():
        _ask_for(conn, wanted)
        return _read_back(conn, wanted)


def record_subjects(conn: Connection, records: pl.DataFrame) -> int:
    """Note which records speak of whom; return the rows noted, one a person and delivery.

    `records`: subject_no, delivery_key, line_no, record_no, integers; rows without subject are
    left out.  A record is noted once, by the transaction that takes its delivery in.
    """
    told = records.select(_RECORD).drop_nulls("subject_no").cast({"record_no": pl.Int32})
    statement = SQL.compose(
        "rows_copy_in_binary",
        table=sql.Identifier("privacy", "subject_record"),
        columns=sql.SQL(", ").join(map(sql.Identifier, _ROW)),
    )
    with conn.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(HEADER)
            for part in _by_persons(_in_order(told)):
                copy.write(packed_rows(part))
            copy.write(TRAILER)
        return cursor.rowcount


def _in_order(told: pl.DataFrame) -> pl.DataFrame:
    """Rows in the order of `_RECORD`, the index's first: a batch fills it from left to right.

    Sorted by one column after the other, the last one first: most are in order as they come, and
    by four at once it takes three times as long.
    """
    for name in reversed(_RECORD):
        if not told[name].is_sorted():
            told = told.sort(name, maintain_order=True)
    return told


def _by_persons(told: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Slices of rows sorted by person, none of whom stands in two."""
    persons, start = told["subject_no"], 0
    while start < told.height:
        last = persons[min(start + _SLICE_RECORDS, told.height) - 1]
        end = persons.search_sorted(last, side="right")
        yield told[start:end]
        start = end


def sweep_subject_keys(conn: Connection, keystore: KeyStore, made_before: datetime) -> int:
    """Destroy the keys made before an instant whose subject does not exist; return how many.

    They are left by loads that were rolled back after their keys were flushed.
    """
    numbers = pl.DataFrame(
        {"subject_no": keystore.subject_nos(made_before)}, {"subject_no": pl.Int64}
    )
    with conn.transaction():
        conn.execute(SQL["subject_number_stage"])
        copy_in(conn, sql.Identifier("pg_temp", "subject_number"), numbers)
        orphans = numbers_out(conn, "subject_number_orphans")
        conn.execute(SQL["subject_number_unstage"])
    return keystore.drop_subject_keys(orphans["subject_no"].to_list())


def _distinct(lookups: pl.Series) -> pl.DataFrame:
    distinct = lookups.drop_nulls().unique(maintain_order=True).alias("lookup")
    return distinct.to_frame().with_row_index("place").cast({"place": pl.Int64})


def _ask_for(conn: Connection, wanted: pl.DataFrame) -> None:
    conn.execute(SQL["subject_wanted_stage"])
    copy_in(conn, sql.Identifier("pg_temp", "subject_wanted"), wanted)
    conn.execute(SQL["subject_wanted_analyze"])


def _read_back(conn: Connection, wanted: pl.DataFrame) -> pl.DataFrame:
    found = numbers_out(conn, "subject_found")
    conn.execute(SQL["subject_wanted_unstage"])
    return wanted.join(found, on="place").select("lookup", "subject_no")

"""A person has one number, also when several loads meet them at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import psycopg
import pytest

from shopnow.kernel import connect
from shopnow.privacy import (
    Pseudonyms,
    find_subjects,
    record_subjects,
    resolve_subjects,
    sweep_subject_keys,
)

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import Connection

    from shopnow.kernel import Settings
    from shopnow.privacy import KeyStore

pytestmark = pytest.mark.integration

LOOKUPS = pl.Series([bytes([i]) * 16 for i in range(6)])


def numbers(found: pl.DataFrame) -> dict[bytes, int]:
    return dict(found.select("lookup", "subject_no").iter_rows())


def test_each_person_gets_one_number_for_good(conn: Connection) -> None:
    first = resolve_subjects(conn, "customer", LOOKUPS.head(3))
    assert first.schema == {"lookup": pl.Binary, "subject_no": pl.Int64}
    again = resolve_subjects(
        conn, "customer", pl.concat([LOOKUPS, LOOKUPS, pl.Series([None], dtype=pl.Binary)])
    )
    assert numbers(first).items() <= numbers(again).items()
    assert len(set(numbers(again).values())) == 6
    assert conn.execute("SELECT count(*), max(subject_no) FROM privacy.subject").fetchone() == (
        6,
        6,
    )


def test_looking_makes_nobody(conn: Connection) -> None:
    known = resolve_subjects(conn, "customer", LOOKUPS.head(2))
    assert numbers(find_subjects(conn, LOOKUPS)) == numbers(known)
    assert find_subjects(conn, LOOKUPS.head(0)).schema == known.schema
    assert resolve_subjects(conn, "customer", LOOKUPS.head(0)).is_empty()


def test_one_transaction_may_resolve_several_times(conn: Connection) -> None:
    with conn.transaction():
        first = resolve_subjects(conn, "customer", LOOKUPS.head(3))
        second = resolve_subjects(conn, "seller_contact", LOOKUPS.tail(3))
    assert not set(numbers(first).values()) & set(numbers(second).values())


def test_only_keyed_hashes_get_in(conn: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        resolve_subjects(conn, "customer", pl.Series([b"ada@example.org"]))
    with pytest.raises(psycopg.errors.CheckViolation):
        resolve_subjects(conn, "passer-by", LOOKUPS)


def test_loads_at_the_same_time_agree(warehouse: Settings, keystore: KeyStore) -> None:
    identifiers = pl.Series([f"c-{i}" for i in range(3000)])
    lookups = Pseudonyms(keystore).subject_lookups("s", "customer", identifiers)
    together = Barrier(4)

    def load(seed: int) -> dict[bytes, int]:
        with connect(warehouse) as own:
            together.wait(timeout=30)
            return numbers(resolve_subjects(own, "customer", lookups.shuffle(seed)))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(load, range(4)))
    assert found[0] == found[1] == found[2] == found[3]
    assert len(set(found[0].values())) == 3000


def test_records_that_speak_of_a_person_are_noted(conn: Connection) -> None:
    number = resolve_subjects(conn, "customer", LOOKUPS.head(1))["subject_no"][0]
    frame = pl.DataFrame(
        {
            "subject_no": [number, number, None],
            "delivery_key": [5] * 3,
            "line_no": [2, 3, 4],
            "record_no": [1, 2, 3],
        }
    )
    assert record_subjects(conn, frame) == 1
    rows = conn.execute("SELECT delivery_key, line_nos, record_nos FROM privacy.subject_record")
    assert rows.fetchall() == [(5, [2, 3], [1, 2])]


def test_many_records_are_noted_by_person_and_delivery(conn: Connection) -> None:
    resolve_subjects(conn, "customer", LOOKUPS)
    random = np.random.default_rng(11)
    rows = 450_000
    frame = pl.DataFrame(
        {
            "subject_no": random.integers(1, 60_000, rows),
            "delivery_key": random.integers(5, 8, rows),
            "line_no": random.integers(1, 2**40, rows),
            "record_no": random.permutation(rows) + 1,
        }
    ).with_columns(pl.when(pl.col("record_no") % 9 > 0).then("subject_no").alias("subject_no"))
    said = frame.drop_nulls().sort("subject_no", "delivery_key", "record_no")
    wanted = said.group_by("subject_no", "delivery_key", maintain_order=True).agg(
        "line_no", "record_no"
    )
    assert record_subjects(conn, frame) == wanted.height
    found = conn.execute(
        "SELECT subject_no, delivery_key, line_nos, record_nos FROM privacy.subject_record"
        " ORDER BY subject_no, delivery_key"
    )
    assert found.fetchall() == wanted.rows()
    assert record_subjects(conn, frame.clear()) == 0


def test_keys_of_nobody_are_swept_and_others_stay(
    conn: Connection, keystore: KeyStore, at: datetime
) -> None:
    number = resolve_subjects(conn, "customer", LOOKUPS.head(1))["subject_no"][0]
    keystore.subject_keys([number, 4000, 5000])
    assert sweep_subject_keys(conn, keystore, at) == 0
    assert sweep_subject_keys(conn, keystore, at + timedelta(hours=1)) == 2
    assert keystore.subject_nos(at + timedelta(hours=1)) == [number]

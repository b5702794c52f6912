"""What lands is sealed under a name that says nothing; what nobody knows is swept."""

from __future__ import annotations

import hashlib
import io
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import Home
from shopnow.privacy import MissingKeyError, SealBrokenError
from shopnow.staging import Swept, discard, land, land_stream, open_landed, sweep_orphans

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from psycopg import Connection

    from shopnow.kernel import Settings
    from shopnow.privacy import KeyStore
    from shopnow.staging import LandedFile

pytestmark = pytest.mark.integration

CONTENT = b"order_id,customer_email\n1,ada.lovelace@example.org\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give a delivered file whose name and content are readable."""
    path = tmp_path / "orders_of_ada.csv"
    path.write_bytes(CONTENT)
    return path


def test_a_file_lands_sealed_under_a_name_that_says_nothing(
    warehouse: Settings, keystore: KeyStore, source: Path, at: datetime
) -> None:
    landed = land(warehouse, keystore, source, at.date())
    assert (landed.sha256, landed.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert landed.landing_path == f"2026/03/01/{landed.ref}.sealed"
    assert landed.path == Home(warehouse.home).landing / landed.landing_path
    assert landed.path.stat().st_mode & 0o777 == 0o600
    assert landed.path.parent.stat().st_mode & 0o077 == 0
    assert b"ada" not in landed.path.read_bytes()
    with open_landed(warehouse, keystore, landed.landing_path) as stream:
        assert stream.read() == CONTENT


def test_the_files_of_a_bundle_share_a_key_and_nothing_else(
    warehouse: Settings, keystore: KeyStore, source: Path, at: datetime
) -> None:
    first = land(warehouse, keystore, source, at.date())
    second = land(warehouse, keystore, source, at.date(), key_ref=first.key_ref)
    assert first.path.read_bytes()[24:] != second.path.read_bytes()[24:]
    with open_landed(warehouse, keystore, second.landing_path, first.ref) as stream:
        assert stream.read() == CONTENT
    with pytest.raises(MissingKeyError):
        open_landed(warehouse, keystore, second.landing_path)


def test_a_discarded_file_is_gone_with_its_key(
    warehouse: Settings, keystore: KeyStore, at: datetime
) -> None:
    landed = land_stream(warehouse, keystore, io.BytesIO(CONTENT), at.date())
    discard(keystore, landed)
    assert not landed.path.exists()
    with pytest.raises(MissingKeyError):
        keystore.delivery_key(landed.ref)
    discard(keystore, landed)


def test_a_source_that_cannot_be_read_leaves_neither_file_nor_key(
    warehouse: Settings, keystore: KeyStore, tmp_path: Path, at: datetime
) -> None:
    with pytest.raises(OSError, match="directory"):
        land(warehouse, keystore, tmp_path, at.date())
    with pytest.raises(FileNotFoundError):
        land(warehouse, keystore, tmp_path / "absent", at.date())
    assert keystore.delivery_refs(at + timedelta(days=1)) == []
    assert not [path for path in Home(warehouse.home).landing.rglob("*") if path.is_file()]


def test_an_altered_landing_file_is_refused(
    warehouse: Settings, keystore: KeyStore, source: Path, at: datetime
) -> None:
    landed = land(warehouse, keystore, source, at.date())
    os.truncate(landed.path, landed.path.stat().st_size - 1)
    with pytest.raises(SealBrokenError):
        open_landed(warehouse, keystore, landed.landing_path)


def test_orphans_are_swept_and_what_a_delivery_keeps_stays(
    conn: Connection, warehouse: Settings, keystore: KeyStore, source: Path, at: datetime
) -> None:
    kept, orphan, young = (land(warehouse, keystore, source, at.date()) for _ in range(3))
    second = land(warehouse, keystore, source, at.date(), key_ref=kept.key_ref)
    part = orphan.path.with_suffix(".part")
    part.write_bytes(b"left by a crash")
    receive(conn, [kept, second], at)
    for path in (kept.path, second.path, orphan.path, part):
        os.utime(path, (at.timestamp() - 60, at.timestamp() - 60))
    os.utime(young.path, (at.timestamp(), at.timestamp()))

    assert sweep_orphans(conn, warehouse, keystore, at) == Swept(files=2, keys=0)
    assert sorted(path for path in (kept.path, second.path, young.path) if path.exists()) == sorted(
        [kept.path, second.path, young.path]
    )
    assert not orphan.path.exists()
    swept = sweep_orphans(conn, warehouse, keystore, at + timedelta(seconds=1))
    assert swept == Swept(files=1, keys=2)
    with open_landed(warehouse, keystore, second.landing_path, kept.ref) as stream:
        assert stream.read() == CONTENT


def receive(conn: Connection, files: list[LandedFile], at: datetime) -> None:
    """Write the rows that a receipt writes."""
    row = conn.execute(
        "INSERT INTO staging.delivery (sender_no, source, feed, mode, sha256, effective_at,"
        " effective_is_declared, received_at, state, contract_version)"
        " VALUES (0, 's', 'orders', 'delta', %s, %s, false, %s, 'received', '1')"
        " RETURNING delivery_key",
        [bytes.fromhex(files[0].sha256), at, at],
    ).fetchone()
    assert row is not None
    for number, file in enumerate(files, 1):
        conn.execute(
            "INSERT INTO staging.delivery_file (delivery_key, file_no, part, file_name, sha256,"
            " size_bytes, landing_ref, landing_path) VALUES (%s, %s, 'p', 'f', %s, %s, %s, %s)",
            [row[0], number, bytes.fromhex(file.sha256), file.size, file.ref, file.landing_path],
        )

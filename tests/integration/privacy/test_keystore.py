"""The key store keeps keys wrapped, flushed before use, and destroys them for good."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import FixedClock, Home
from shopnow.privacy import KeyStore, KeyStoreError, MissingKeyError

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_OTHER_PROCESS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from shopnow.kernel import FixedClock, Home
from shopnow.privacy import KeyStore
with KeyStore(Path(sys.argv[1]), FixedClock(datetime(2026, 3, 1, tzinfo=UTC))) as store:
    keys = store.subject_keys(range(1, 400))
    new = store.new_delivery_key(sys.argv[2])
    print(store.named_key("pseudonym").hex(), keys[7].hex(), new.hex())
"""


def opened(home: Path) -> KeyStore:
    return KeyStore(home, FixedClock(AT))


def test_keys_are_the_same_after_opening_again(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        named, subjects = store.named_key("pseudonym"), store.subject_keys([3, 1, 3])
        delivery, fingerprint = store.new_delivery_key("r1"), store.fingerprint
    with opened(tmp_path) as again:
        assert again.named_key("pseudonym") == named
        assert again.subject_keys([1, 3, 5]) | subjects == again.subject_keys([1, 3, 5])
        assert again.delivery_key("r1") == delivery
        assert again.fingerprint == fingerprint
    assert set(subjects) == {1, 3}
    assert all(len(key) == 32 for key in (named, delivery, *subjects.values()))
    assert len({named, delivery, *subjects.values()}) == 4


def test_a_key_is_in_the_file_when_it_is_returned(tmp_path: Path) -> None:
    with opened(tmp_path) as store, opened(tmp_path) as other:
        assert other.subject_keys([1]) == store.subject_keys([1])
        key = store.new_delivery_key("r")
        assert other.delivery_key("r") == key


def test_no_key_stands_in_the_file_in_clear(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        keys = [
            store.named_key("a"),
            store.new_delivery_key("r"),
            *store.subject_keys([1]).values(),
        ]
    content = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert not any(key in content or key.hex().encode() in content for key in keys)


def test_only_the_owner_reads_keys_and_master_key(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.named_key("a")
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert {path.name for path in files} == {"master.key", "keystore.sqlite"}
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_the_master_key_is_no_password_of_a_role(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    home.password("shopnow_etl")
    opened(tmp_path).close()
    home.write_passfile("127.0.0.1", 5432)
    passwords = home.passfile.read_text()
    assert "shopnow_etl" in passwords
    assert (home.secrets / "master.key").read_text().strip() not in passwords


def test_a_destroyed_key_is_gone_and_its_bytes_are_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "keystore.sqlite"
    with opened(tmp_path) as store:
        store.new_delivery_key("r")
        first = store.subject_keys([1])[1]
        (wrapped,) = sqlite3.connect(file).execute("SELECT wrapped FROM subject_key").fetchone()
        assert wrapped in file.read_bytes()
        assert store.drop_subject_keys([1, 2]) == 1
        assert store.drop_delivery_keys(["r"]) == 1
        with pytest.raises(MissingKeyError):
            store.delivery_key("r")
        assert store.subject_keys([1])[1] != first
    assert wrapped not in file.read_bytes()


def test_a_delivery_key_is_never_replaced(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        key = store.new_delivery_key("r")
        with pytest.raises(KeyStoreError):
            store.new_delivery_key("r")
        assert store.delivery_key("r") == key


def test_keys_are_listed_by_age(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.new_delivery_key("r")
        store.subject_keys([4])
        assert store.delivery_refs(AT) == []
        assert store.delivery_refs(AT + timedelta(seconds=1)) == ["r"]
        assert store.subject_nos(AT + timedelta(seconds=1)) == [4]


def test_a_missing_master_key_is_said_and_never_replaced(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "secrets" / "master.key").unlink()
    with pytest.raises(KeyStoreError, match="missing"):
        opened(tmp_path)
    assert not (tmp_path / "secrets" / "master.key").exists()


@pytest.mark.parametrize("content", ["00" * 32, "not a key", ""])
def test_another_master_key_is_refused(tmp_path: Path, content: str) -> None:
    opened(tmp_path).close()
    (tmp_path / "secrets" / "master.key").write_text(content)
    with pytest.raises(KeyStoreError):
        opened(tmp_path)


def test_a_file_that_is_no_key_store_is_said(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "keys" / "keystore.sqlite").write_bytes(b"something else " * 100)
    with pytest.raises(KeyStoreError, match="cannot be read"):
        opened(tmp_path)


def test_a_key_moved_to_another_subject_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.subject_keys([1])
        with sqlite3.connect(tmp_path / "keys" / "keystore.sqlite") as file:
            file.execute("UPDATE subject_key SET subject_no = 2")
        file.close()
        with pytest.raises(KeyStoreError):
            store.subject_keys([2])


def test_processes_that_start_together_agree_on_every_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _OTHER_PROCESS, str(tmp_path)]
    running = [
        subprocess.Popen([*command, ref], stdout=subprocess.PIPE, text=True) for ref in "abc"
    ]
    said = [process.communicate(timeout=60)[0].split() for process in running]
    assert len({tuple(words[:2]) for words in said}) == 1
    assert len({words[2] for words in said}) == 3


@pytest.mark.slow
def test_a_quarter_of_a_million_keys_take_less_than_three_seconds(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        start = time.perf_counter()
        store.subject_keys(range(1, 250_001))
        assert time.perf_counter() - start < 3

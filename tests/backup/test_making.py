"""Making backups: whole or not at all, one at a time, sealed elsewhere, without passwords."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.backup.conftest import ask

from shopnow.backup import (
    BackupBrokenError,
    BackupBusyError,
    BackupError,
    DiskFullError,
    Kind,
    backups_of,
    copy_all,
    fetch,
    prune,
    run_backup,
    shelf_for,
    shelf_of,
    verify,
)
from shopnow.backup.catalogue import only_one
from shopnow.backup.copies import copies_at
from shopnow.backup.files import unpack_within
from shopnow.backup.store import take_mark
from shopnow.kernel import FixedClock, Settings, SystemClock, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.backup import Mark

pytestmark = pytest.mark.integration

CLOCK = SystemClock()
SHOPNOW = Path(sys.executable).with_name("shopnow")


def command(settings: Settings, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "SHOPNOW_HOME": str(settings.home), "SHOPNOW_SERVER_SYNC": "no",
    }  # fmt: skip
    return subprocess.Popen(
        [SHOPNOW, *words],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_backup_killed_at_any_moment_never_counts(shop: Settings) -> None:
    shelf = shelf_of(shop)
    known = {backup.id for backup in backups_of(shelf)}
    for moment in range(3):
        process = command(shop, "backup", "run", "full")
        end = time.monotonic() + 30
        # From the first byte on; then later and later.
        while not list(shelf.root.glob(".*.partial")) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(moment * 0.25)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        # Neither the program nor what it began goes on: the server would wait for it for ever.
        end = time.monotonic() + 20
        while ask(shop, left := "SELECT pid FROM pg_stat_replication") and time.monotonic() < end:
            time.sleep(0.05)
        assert ask(shop, left) == []
        for backup in backups_of(shelf):
            if backup.id not in known:  # it was done before the signal came: then it is good
                known.add(backup.id)
        assert {backup.id for backup in backups_of(shelf)} == known
    assert ask(shop, "SELECT 1") == [(1,)]
    made = run_backup(shop, CLOCK, Kind.FULL)
    assert list(shelf.root.glob(".*.partial")) == []
    assert all(one.good for one in verify(shop, lambda _: None) if one.id in {*known, made.id})


def test_two_backups_at_once_are_one_and_a_clear_refusal(shop: Settings) -> None:
    with (
        only_one(shelf_of(shop), "sauvegarde full"),
        pytest.raises(BackupBusyError, match="sauvegarde full"),
    ):
        run_backup(shop, CLOCK, Kind.METADATA)


def test_loads_wait_for_the_moment_of_a_mark_and_not_while_it_is_counted(shop: Settings) -> None:
    before = ask(shop, "SELECT count(*) FROM dwh.written")[0][0]
    marks: list[Mark] = []
    counting = threading.Thread(target=lambda: marks.append(take_mark(shop, CLOCK, "essai")))
    waiting = (
        "SELECT 1 FROM pg_stat_activity WHERE application_name = 'shopnow backup'"
        " AND wait_event_type = 'Lock' AND query LIKE '%hash_record_extended%'"
    )
    with connect(shop, None, autocommit=False) as holder:
        holder.execute("LOCK TABLE dwh.dim_category IN ACCESS EXCLUSIVE MODE")
        counting.start()
        end = time.monotonic() + 30
        while not ask(shop, waiting) and time.monotonic() < end:
            time.sleep(0.02)
        with connect(shop, None, autocommit=False) as load:
            load.execute("LOCK TABLE journal.loader_lock IN SHARE UPDATE EXCLUSIVE MODE NOWAIT")
            load.execute("SELECT 1 FROM journal.loader_lock WHERE lock_no = 1 FOR UPDATE NOWAIT")
            load.execute("INSERT INTO dwh.written SELECT coalesce(max(n), 0) + 1, now()"
                         " FROM dwh.written")  # fmt: skip
            load.commit()
        assert counting.is_alive()
        holder.rollback()
    counting.join()
    (mark,) = marks
    assert mark.exact
    assert mark.tables["dwh.written"].rows == before


def test_the_programs_of_a_backup_yield_to_whoever_wants_the_processor(shop: Settings) -> None:
    seen: set[int] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if child.name() == "pg_basebackup":
                        seen.add(child.nice())

    thread = threading.Thread(target=watch)
    thread.start()
    run_backup(shop, CLOCK, Kind.FULL)
    done.set()
    thread.join()
    assert min(psutil.Process().nice() + shop.backup_nice, 19) in seen


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own of seventy megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "size=70m", "tmpfs"]
    done = subprocess.run(["mount", *options, folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_stops_the_backup_and_nothing_else(
    shop: Settings, small_disk: Path
) -> None:
    filler = small_disk / "filler"
    filler.write_bytes(b"0" * (3 << 20))
    elsewhere = replace(shop, backup_dir=small_disk / "backups")
    # Enough by the estimate, not enough for the archives: it fails in the middle.
    assert run_backup(elsewhere, CLOCK, Kind.FULL).size > 4 << 20
    while (free := os.statvfs(small_disk)).f_bavail * free.f_bsize > 66 << 20:
        filler.open("ab").write(b"0" * (1 << 20))
    ask(shop, "CREATE TABLE dwh.bulky AS SELECT md5(n::text) || md5((-n)::text) AS t"
        " FROM generate_series(1, 900000) AS n")  # fmt: skip
    try:
        with pytest.raises(DiskFullError, match=r"disque plein|place insuffisante"):
            run_backup(elsewhere, CLOCK, Kind.FULL)
        assert len(backups_of(shelf_of(elsewhere))) == 1
        assert ask(shop, "SELECT count(*) FROM dwh.bulky") == [(900_000,)]
    finally:
        ask(shop, "DROP TABLE dwh.bulky")


def test_an_incremental_backup_is_small_beside_the_full_one(shop: Settings) -> None:
    full = run_backup(shop, CLOCK, Kind.FULL)
    ask(shop, "UPDATE dwh.dim_category SET path_fr = path_fr")
    small = run_backup(shop, CLOCK, Kind.INCREMENTAL)
    assert small.parent == full.id
    assert small.size < full.size / 4


def test_metadata_carry_structure_and_declarations_and_no_password(
    shop: Settings, tmp_path: Path
) -> None:
    made = run_backup(shop, CLOCK, Kind.METADATA)
    with tarfile.open(shelf_of(shop).folder(made.id) / "metadata.tar.gz") as archive:
        unpack_within(archive, "data")
        archive.extractall(tmp_path)  # noqa: S202  # within it, by the line above
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {"schema.sql", "roles.sql", "state.json", "contracts/orders.yaml"} <= names
    assert "shopnow_analyst" in (tmp_path / "roles.sql").read_text()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"SCRAM-SHA-256$" not in content
    secrets = [path.read_bytes().strip() for path in (shop.home / "secrets").iterdir()]
    assert secrets
    assert not [secret for secret in secrets if len(secret) < 100 and secret in content]


def test_keys_are_backed_up_away_from_data_and_only_for_a_month(
    shop: Settings, tmp_path: Path
) -> None:
    made = run_backup(shop, CLOCK, Kind.KEYS)
    keys = shelf_for(shop, Kind.KEYS)
    assert shop.home not in keys.folder(made.id).parents
    assert (keys.folder(made.id) / "keystore.sqlite").is_file()
    with pytest.raises(BackupError, match="à côté des données"):
        shelf_of(replace(shop, backup_keys_dir=shelf_of(shop).root / "keys"))
    later = FixedClock(made.ended_at.replace(year=made.ended_at.year + 1))
    copy = replace(shop, backup_dir=tmp_path / "none")
    prune(copy, later, lambda _: None)
    assert backups_of(keys) == []


def _written(root: Path) -> dict[Path, tuple[int, int]]:
    """Every file below, with its inode and the moment of its last writing."""
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def test_a_second_copy_is_sealed_and_opens_with_its_key_alone(
    shop: Settings, tmp_path: Path
) -> None:
    made = run_backup(shop, CLOCK, Kind.METADATA)
    url = f"file://{tmp_path / 'elsewhere'}"
    settings = replace(shop, backup_copy=url)
    assert copy_all(settings, CLOCK, lambda _: None) > 1
    first = _written(tmp_path / "elsewhere")
    sent = copy_all(settings, CLOCK, lambda _: None)
    # The server archives its log while we copy: only what is new may be sent, nothing twice.
    again = _written(tmp_path / "elsewhere")
    assert {name: again[name] for name in first} == first
    assert sent == len(again) - len(first)
    copied = [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]
    assert {path.suffix for path in copied} == {".sealed"}
    assert not [path for path in copied if b"shopnow_analyst" in path.read_bytes()]
    (tmp_path / "home" / "secrets").mkdir(parents=True)
    other = Settings(home=tmp_path / "home")
    with pytest.raises(BackupBrokenError, match="autre clé"):
        fetch(other, CLOCK, copies_at(other, url), lambda _: None)
    key = (shop.home / "secrets" / "backup.key").read_text()
    (other.home / "secrets" / "backup.key").write_text(key)
    brought = fetch(other, CLOCK, copies_at(other, url), lambda _: None)
    assert made.id in brought
    assert {b.id for b in backups_of(shelf_of(other))} == {b.id for b in backups_of(shelf_of(shop))}
    assert all(one.good for one in verify(other, lambda _: None))


def test_a_backup_that_was_altered_or_lost_is_named_by_verify(shop: Settings) -> None:
    made = run_backup(shop, CLOCK, Kind.METADATA)
    path = shelf_of(shop).folder(made.id) / "metadata.tar.gz"
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    (bad,) = [one for one in verify(shop, lambda _: None) if not one.good]
    assert bad.id == made.id
    path.unlink()
    (bad,) = [one for one in verify(shop, lambda _: None) if not one.good]
    assert "manque" in bad.problem
    path.write_bytes(kept)

"""The second copy at real stores: SFTP with a declared host key, and an object store."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import fsspec
import pytest
from tests.backup.conftest import OPTIONS, declare, url_of

from shopnow.backup import (
    BackupError,
    Kind,
    backups_of,
    copy_all,
    fetch,
    prune,
    run_backup,
    shelf_of,
)
from shopnow.backup.copies import copies_at
from shopnow.kernel import FixedClock, Settings, SystemClock
from shopnow.kernel.server import place_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sftp_drop import SftpDrop

pytestmark = pytest.mark.integration

CLOCK = SystemClock()


@pytest.mark.usefixtures("undeclared")
def test_by_sftp_copies_come_and_go_and_a_stranger_is_told_nothing(
    shop: Settings, drop: SftpDrop, tmp_path: Path
) -> None:
    settings = replace(shop, backup_copy=url_of(drop))
    with pytest.raises(BackupError, match="n'est pas déclarée") as caught:
        copy_all(settings, CLOCK, lambda _: None)
    assert "host_key" in caught.value.hint
    declare(shop, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGRpZmZlcmVudA==")
    with pytest.raises(BackupError, match="n'a pas la clé de serveur déclarée"):
        copy_all(settings, CLOCK, lambda _: None)
    assert drop.logins == []
    declare(shop, drop.host_key)
    run_backup(shop, CLOCK, Kind.METADATA)
    assert copy_all(settings, CLOCK, lambda _: None) > 1
    stored = [path for path in drop.folder.rglob("*") if path.is_file()]
    assert stored
    assert {path.suffix for path in stored} == {".sealed"}
    other = Settings(home=tmp_path / "home")
    (other.home / "secrets").mkdir(parents=True)
    for name in (OPTIONS, "backup.key"):
        shutil.copyfile(shop.home / "secrets" / name, other.home / "secrets" / name)
    with copies_at(other, url_of(drop)) as copies:
        fetch(other, CLOCK, copies, lambda _: None)
    assert {b.id for b in backups_of(shelf_of(other))} == {b.id for b in backups_of(shelf_of(shop))}


def test_at_an_object_store_each_file_appears_once_and_retention_reaches_it(
    shop: Settings, tmp_path: Path
) -> None:
    settings = replace(shop, backup_copy="memory://shopnow-copies", backup_dir=tmp_path / "own")
    made = run_backup(settings, CLOCK, Kind.METADATA)
    copy_all(settings, CLOCK, lambda _: None)
    store = fsspec.filesystem("memory")
    names = [str(name) for name in store.find("/shopnow-copies")]
    assert [name for name in names if made.id in name]
    assert {name.rpartition(".")[2] for name in names} == {"sealed"}
    segments = {name for name in names if "/wal/" in name}
    assert len(segments) == len(list(place_of(shop).archive.glob("*.gz")))  # type: ignore[union-attr]
    for _ in range(settings.backup_floor):
        run_backup(settings, CLOCK, Kind.METADATA)
    later = made.ended_at.replace(year=made.ended_at.year + 2)
    prune(settings, FixedClock(later), lambda _: None)
    assert not [name for name in store.find("/shopnow-copies") if made.id in str(name)]


def test_no_key_is_drawn_by_whoever_fetches(shop: Settings, tmp_path: Path) -> None:
    other = Settings(home=tmp_path / "home")
    with pytest.raises(BackupError, match=r"backup\.key") as caught:
        copies_at(other, f"file://{tmp_path}", may_draw=False)
    assert "key --import" in caught.value.hint
    assert not (other.home / "secrets").exists()

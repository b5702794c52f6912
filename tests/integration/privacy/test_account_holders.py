"""Holders of accounts of the pages are persons like others: vault, export, erasure, retention."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopnow.cli.base import run
from shopnow.kernel import FixedClock, Settings, SystemClock, connect
from shopnow.privacy import apply_retention, open_key_store, prove_retention, scan
from shopnow.security import Accounts, suspend_account

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.security]
NAME, EMAIL = "Camille Essai-Titulaire", "camille.essai@personne.test"


@pytest.fixture
def call(warehouse: Settings, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Give the command line on the warehouse of the test: exit code and what was said."""

    def called(*words: str) -> tuple[int, str]:
        code = run([
            *("--home", str(warehouse.home), "--set", f"database={warehouse.database}"),
            *("--set", "server_sync=false", "--set", "server_archive=false"),
            *words,
        ])  # fmt: skip
        return code, capsys.readouterr().out

    return called


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with connect(settings, None) as conn:
        return conn.execute(query).fetchall()


def held(call: Callable[..., tuple[int, str]], login: str) -> str:
    """Make an account with a holder; returns its password."""
    code, said = call(
        "web", "add", login, "--role", "operator", "--name", NAME, "--email", EMAIL, "--json"
    )
    assert code == 0
    return str(json.loads(said)["password"])


def test_a_holder_is_in_the_vault_alone_and_is_told_what_is_held(
    warehouse: Settings, call: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    held(call, "camille")
    assert rows(warehouse, "SELECT kind FROM privacy.subject") == [("account",)]
    report = scan(warehouse, SystemClock())
    assert (report.found, report.persons) == ((), 1)
    folder = str(tmp_path / "answer")
    for naming in (("--account", "camille"), ("--email", EMAIL.upper())):
        code, _ = call("privacy", "export", *naming, "--reason", "demande 7", "--output", folder)
        assert code == 0
        facts = json.loads((tmp_path / "answer" / "donnees.json").read_text("utf-8"))
        assert facts["identities"] == [{"kind": "account", "email": EMAIL, "name": NAME}]
        assert [one["login"] for one in facts["accounts"]] == ["camille"]
        page = (tmp_path / "answer" / "donnees.html").read_text("utf-8")
        assert "titulaire de compte" in page
        assert re.search("<td>camille</td>", page)


def test_erasing_a_holder_takes_the_account_and_its_sessions(
    warehouse: Settings, call: Callable[..., tuple[int, str]]
) -> None:
    word = held(call, "camille")
    with connect(warehouse, "shopnow_web_staff") as conn:
        accounts = Accounts(SystemClock())
        assert accounts.fits(accounts.kept_hash(conn, "camille"), word)
        token = accounts.open_session(conn, "camille")
        code, said = call("privacy", "erase", "--account", "camille")
        assert (code, "security.web_account" in said) == (0, True)
        assert accounts.person(conn, token) is not None
        code, said = call("privacy", "erase", "--account", "camille", "--apply")
        assert (code, "titulaire de compte" in said) == (0, True)
        assert accounts.person(conn, token) is None
        assert not accounts.fits(accounts.kept_hash(conn, "camille"), word)
    assert rows(warehouse, "SELECT * FROM privacy.vault") == []
    assert call("privacy", "erase", "--account", "camille")[0] == 1
    assert call("privacy", "erase", "--email", EMAIL)[0] == 1
    # Who was erased may hold an account again one day, as somebody new.
    held(call, "camille")
    assert len(rows(warehouse, "SELECT DISTINCT subject_no FROM privacy.vault")) == 1


def test_removing_an_account_takes_its_holder_out_of_the_vault(
    warehouse: Settings, call: Callable[..., tuple[int, str]]
) -> None:
    held(call, "camille")
    code, said = call("web", "remove", "camille")
    assert (code, "titulaire effacé" in said) == (0, True)
    assert rows(warehouse, "SELECT * FROM privacy.vault") == []
    with open_key_store(warehouse, SystemClock()) as keystore:
        assert keystore.kept_subject_keys([1, 2, 3]) == {}


def test_a_holder_is_kept_while_the_account_is_open_and_a_year_after(
    warehouse: Settings, call: Callable[..., tuple[int, str]]
) -> None:
    held(call, "camille")
    now = SystemClock().now()
    later, much_later = (
        FixedClock(now + timedelta(days=800)),
        FixedClock(now + timedelta(days=1600)),
    )
    apply_retention(warehouse, later)
    assert len(rows(warehouse, "SELECT * FROM privacy.vault")) == 2
    suspend_account(warehouse, later, "camille")
    proof = {one.treatment: one for one in prove_retention(warehouse, much_later)}["comptes"]
    assert (proof.is_over, proof.oldest_at) == (True, later.now())
    done = {one.treatment: one for one in apply_retention(warehouse, much_later)}["comptes"]
    assert (done.removed, done.outcome) == (1, "done")
    assert rows(warehouse, "SELECT * FROM security.web_account") == []
    assert rows(warehouse, "SELECT * FROM privacy.vault") == []

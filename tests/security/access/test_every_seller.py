"""A declaration that lets in every seller: one `access apply` grants what is missing, and no more.

The figures for twenty thousand of them, in and out again, go to build/evidence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.security.access.conftest import CLOCK, own_warehouse

from shopnow.deliverables import Measured, write_evidence
from shopnow.journal import access_ledger
from shopnow.kernel import Settings, connect
from shopnow.security import (
    apply_access,
    apply_grants,
    apply_revoke,
    check_access,
    plan_revoke_seller,
    plan_seller,
    read_ledger,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.integration, pytest.mark.security]
EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
SHOPNOW = Path(sys.executable).with_name("shopnow")
ROLES = 20_000


def registered(settings: Settings, sellers: int) -> None:
    """Register sellers S1, S2, …; nothing else is known of them."""
    with connect(settings, "shopnow_owner") as conn, conn.transaction():
        conn.execute(
            "INSERT INTO security.seller (seller_no, opened_on)"
            " SELECT n, '2024-01-01' FROM generate_series(1, %(sellers)s) AS n",
            {"sellers": sellers},
        )
        conn.execute(
            "INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)"
            " SELECT 'olist', 'S' || n, '1900-01-01', n FROM generate_series(1, %(sellers)s) AS n",
            {"sellers": sellers},
        )


def for_every_seller(settings: Settings, folder: Path) -> Settings:
    """Return the same warehouse under a declaration that lets in every seller."""
    text = settings.access_file.read_text(encoding="utf-8")
    assert text.count("every: none") == 1
    declared = folder / "access.yaml"
    declared.write_text(text.replace("every: none", "every: pages"), encoding="utf-8")
    return replace(settings, access_file=declared)


@pytest.fixture
def market(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a warehouse with sellers S1 to S4, where every seller is let in."""
    folder = tmp_path_factory.mktemp("market")
    for settings in own_warehouse(test_server, folder):
        registered(settings, 4)
        yield for_every_seller(settings, folder)


def shopnow(settings: Settings, *words: str) -> tuple[int, Any]:
    """Run the installed command; returns its exit code and what it reported."""
    done = subprocess.run(
        [
            SHOPNOW, "--home", settings.home, "--set", f"database={settings.database}",
            "--set", f"access_file={settings.access_file}", "--set", "server_sync=false",
            "--set", "server_archive=false", *words, "--json",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def let_in(settings: Settings) -> set[tuple[str, bool]]:
    accesses = read_ledger(settings, CLOCK).values()
    return {(one.label, one.can_login) for one in accesses if one.is_open}


def test_nobody_is_let_in_unless_the_file_says_so(market: Settings) -> None:
    usual = replace(market, access_file=Settings().access_file)
    assert check_access(usual) == ()
    assert apply_access(usual) == ()
    assert let_in(usual) == set()


def test_one_command_lets_in_every_seller_once(market: Settings) -> None:
    code, plan = shopnow(market, "access", "check")
    assert code == 1
    assert [(one["code"], one["target"], one["mendable"]) for one in plan] == [
        ("access_missing", f"pages-s{number}", True) for number in range(1, 5)
    ]
    code, planned = shopnow(market, "access", "apply")
    assert (code, len(planned["left"])) == (1, 4)
    assert let_in(market) == set()
    code, done = shopnow(market, "access", "apply", "--apply")
    assert (code, done["left"]) == (0, [])
    assert let_in(market) == {(f"pages-s{number}", False) for number in range(1, 5)}
    entries = list(access_ledger(market, CLOCK).entries())
    assert [(entry.kind, len(entry.body["accesses"])) for entry in entries] == [
        ("access_granted", 4)
    ]
    with connect(market, "shopnow_owner") as conn:
        events = conn.execute(
            "SELECT payload ->> 'accesses' FROM journal.event WHERE error_code = 'access_granted'"
        ).fetchall()
    assert events == [("4",)]
    assert shopnow(market, "access", "check") == (0, [])
    shopnow(market, "access", "apply", "--apply")
    assert len(list(access_ledger(market, CLOCK).entries())) == 1


def test_a_seller_that_came_later_is_a_difference_until_it_is_applied(market: Settings) -> None:
    assert apply_access(market) == ()
    with connect(market, "shopnow_owner") as conn:
        conn.execute("INSERT INTO security.seller VALUES (5, '2025-01-01', FALSE)")
    assert [(one.code, one.target) for one in check_access(market)] == [
        ("access_missing", "pages-5")
    ]
    assert apply_access(market) == ()


def test_who_was_shown_out_stays_out_until_granted_by_command(market: Settings) -> None:
    group = plan_seller(market, CLOCK, ["S1", "S2"], login="groupe")
    apply_grants(market, CLOCK, [group])
    assert apply_access(market) == ()
    assert let_in(market) == {("groupe", True), ("pages-s3", False), ("pages-s4", False)}
    for seller in ("S2", "S3"):
        apply_revoke(market, CLOCK, plan_revoke_seller(market, CLOCK, seller))
    assert apply_access(market) == ()
    assert let_in(market) == {("groupe", True), ("pages-s4", False)}
    apply_grants(market, CLOCK, [plan_seller(market, CLOCK, ["S3"])])
    assert apply_access(market) == ()
    assert let_in(market) == {("groupe", True), ("pages-s3", False), ("pages-s4", False)}


def test_closed_and_merged_sellers_are_due_nothing(market: Settings) -> None:
    with connect(market, "shopnow_owner") as conn:
        conn.execute(
            "INSERT INTO dwh.dim_seller (seller_no, seller_id, seller_name, status, valid_from,"
            " valid_to, is_current, version, known_from, delivery_key, record_no, source_line)"
            " SELECT n, 'S' || n, 'Essai', word, '2025-01-01', '9999-12-31 00:00+00', TRUE, 1,"
            " '2025-01-01', 0, 0, 0 FROM (VALUES (1, 'closed'), (2, 'suspended')) AS v (n, word)"
        )
        conn.execute("INSERT INTO security.seller_bridge VALUES (3, 4, '2025-01-01')")
    assert apply_access(market) == ()
    assert let_in(market) == {("pages-s2", False), ("pages-s4", False)}


@pytest.fixture
def crowd(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a warehouse with twenty thousand sellers, where every seller is let in."""
    folder = tmp_path_factory.mktemp("crowd")
    for settings in own_warehouse(test_server, folder):
        registered(settings, ROLES)
        yield for_every_seller(settings, folder)


def timed(settings: Settings, *words: str) -> tuple[float, int, Any]:
    began = time.perf_counter()
    code, facts = shopnow(settings, *words)
    return time.perf_counter() - began, code, facts


@pytest.mark.slow
def test_twenty_thousand_come_and_go_by_one_command_each(crowd: Settings) -> None:
    """Showing them out may take no longer than letting them in."""
    granting, code, done = timed(crowd, "access", "apply", "--apply")
    assert (code, len(done["planned"]), done["left"]) == (0, ROLES, [])
    checking, code, found = timed(crowd, "access", "check")
    assert (code, found) == (0, [])
    with connect(crowd, None) as conn:
        remark = f"ShopNow access of {crowd.database}"
        row = conn.execute(
            "SELECT count(*) FROM pg_shdescription WHERE description = %s", [remark]
        ).fetchone()
        assert row == (ROLES,)
    revoking, code, done = timed(crowd, "access", "revoke", "seller", "--every", "--apply")
    assert (code, len(done["ending"])) == (0, ROLES)
    with connect(crowd, None) as conn:
        row = conn.execute(
            "SELECT count(*) FROM pg_shdescription WHERE description = %s", [remark]
        ).fetchone()
    assert row == (0,)
    assert shopnow(crowd, "access", "check") == (0, [])
    write_evidence(
        EVIDENCE / "seller-roles.json",
        criterion="C16-16",
        command="pytest -m slow tests/security/access/test_every_seller.py",
        figures=[
            Measured("roles", ROLES, "rôles", "rôles de vendeur accordés par un `access apply`"),
            Measured("seconds", granting, "s", "durée de cette commande"),
            Measured("check_seconds", checking, "s", "durée de la comparaison qui suit"),
            Measured("revoke_seconds", revoking, "s", "durée du retrait de tous, une commande"),
        ],
        measured_at=CLOCK.now(),
        conditions={"load": " ".join(f"{one:.1f}" for one in os.getloadavg())},
    )
    assert revoking <= 2 * granting

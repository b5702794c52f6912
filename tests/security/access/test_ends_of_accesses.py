"""How accesses end: suspended, expired, revoked, with another password; at once and for good.

Asked as whoever was let in, with the password that was shown once.
"""

from __future__ import annotations

import time
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.security.access.conftest import CLOCK, let_in, lines_seen, login

from shopnow.kernel import Settings, UsageError, connect
from shopnow.security import apply_revoke, draw_password, plan_revoke, resume, set_expiry, suspend

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

pytestmark = [pytest.mark.integration, pytest.mark.security]
HOUR = timedelta(hours=1)


def until_refused(session: psycopg.Connection[TupleRow]) -> None:
    """Ask for rows for a second or two: a session that was ended is told so at its next word."""
    for _ in range(20):
        session.execute("SELECT count(*) FROM dwh.fact_order")
        time.sleep(0.1)


def test_suspended_means_no_row_at_once_and_resumed_all_of_them(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="suspendu")
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}
        suspend(filled, CLOCK, ["suspendu"])
        assert lines_seen(session) == set()
        assert session.execute("SELECT security.my_sellers()").fetchone() == ([],)
        resume(filled, CLOCK, ["suspendu"])
        assert lines_seen(session) == {1}


def test_expired_means_no_row_in_an_open_session_and_no_new_one(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="expire", expires_at=CLOCK.now() + HOUR)
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}
        set_expiry(filled, CLOCK, "expire", CLOCK.now() - HOUR)
        assert lines_seen(session) == set()
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    set_expiry(filled, CLOCK, "expire", None)
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}


def test_revoked_means_session_ended_login_refused_and_role_gone(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="retire")
    with closing(login(filled, granted)) as session:
        apply_revoke(filled, CLOCK, plan_revoke(filled, CLOCK, ["retire"]))
        with pytest.raises(psycopg.OperationalError):
            until_refused(session)
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    with connect(filled, None) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = %s", [granted.access.role_name]
        ).fetchone()
    assert row == (0,)
    with pytest.raises(UsageError, match="no open access"):
        plan_revoke(filled, CLOCK, ["retire"])
    assert let_in(filled, "S001", name="retire").access.role_name != granted.access.role_name


def test_a_new_password_ends_the_old_one_and_its_sessions(filled: Settings) -> None:
    granted = let_in(filled, "S002", name="motdepasse")
    with closing(login(filled, granted)) as session:
        fresh = draw_password(filled, CLOCK, "motdepasse")
        with pytest.raises(psycopg.OperationalError):
            until_refused(session)
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    with login(filled, granted, password=fresh.password) as session:
        assert lines_seen(session) == {2}

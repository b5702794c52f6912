"""Logins of sellers and staff: what each sees, and what none of them may do.

Asked as whoever was let in, with the password that was shown once.
"""

from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from tests.security.access.conftest import CLOCK, let_in, lines_seen, login, withdraw_all

from shopnow.kernel import Settings, UsageError, acting_as, connect
from shopnow.security import (
    apply_grants,
    apply_revoke,
    check_access,
    plan_revoke_seller,
    plan_seller,
    plan_staff,
    resume,
    suspend,
)

pytestmark = [pytest.mark.integration, pytest.mark.security]


def test_a_seller_sees_its_own_rows_and_nobody_elses(filled: Settings) -> None:
    first, second = let_in(filled, "S001", name="un"), let_in(filled, "S002", name="deux")
    for granted, own in ((first, {1}), (second, {2})):
        with login(filled, granted) as session:
            assert lines_seen(session) == own
            row = session.execute(
                "SELECT count(*), min(title) FROM seller.my_products WHERE seller_no = ANY('{1,2}')"
            ).fetchone()
            assert row == (3, f"Article {min(own)}-1")


def test_two_logins_of_one_seller_and_one_login_of_a_group(filled: Settings) -> None:
    again = let_in(filled, "S001", name="un-bis")
    group = let_in(filled, "S001", "S003", name="groupe")
    with login(filled, again) as session:
        assert lines_seen(session) == {1}
    with login(filled, group) as session:
        assert lines_seen(session) == {1, 3}
    plan = plan_revoke_seller(filled, CLOCK, "S003")
    assert [one.label for one in plan.narrowed] == ["groupe"]
    with login(filled, group) as session:
        apply_revoke(filled, CLOCK, plan)
        assert lines_seen(session) == {1}


def test_names_of_roles_say_nothing_of_the_seller(filled: Settings) -> None:
    granted = let_in(filled, "S004", name="opaque")
    assert "s004" not in granted.access.role_name
    assert granted.access.label not in granted.access.role_name


def test_a_shared_order_tells_two_sellers_nothing_in_common(first_day: Settings) -> None:
    """Neither the reference of the order nor that of the buyer matches between two sellers."""
    with connect(first_day, "shopnow_owner") as connection:
        row = connection.execute(
            "SELECT order_id, array_agg(DISTINCT seller_no) FROM dwh.fact_order"
            " WHERE seller_no > 0 GROUP BY order_id HAVING count(DISTINCT seller_no) > 1 LIMIT 1"
        ).fetchone()
        assert row is not None, "the tiny marketplace has an order of two sellers"
        names = connection.execute(
            "SELECT min(seller_id) FROM security.seller_identifier WHERE seller_no = ANY(%(nos)s)"
            " GROUP BY seller_no ORDER BY seller_no",
            {"nos": row[1]},
        ).fetchall()
    seen = []
    for (seller_id,) in names:
        label = f"partage-{str(seller_id).lower()}"
        with login(first_day, let_in(first_day, seller_id, name=label)) as session:
            rows = session.execute("SELECT order_ref, buyer_ref FROM seller.my_orders").fetchall()
            assert rows
            seen.append({value for line in rows for value in line})
            for column in ("order_id", "customer_no", "customer_key", "line_no"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(
                        sql.SQL("SELECT {} FROM dwh.fact_order").format(sql.Identifier(column))
                    )
    withdraw_all(first_day)
    assert seen[0].isdisjoint(seen[1])


def test_passwords_stand_nowhere(filled: Settings) -> None:
    granted = let_in(filled, "S002", name="secret")
    word = (granted.password or "").encode()
    assert word
    assert word.decode() not in repr(granted)
    files = [path for path in filled.home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if word in path.read_bytes()]
    with connect(filled, "shopnow_owner") as connection:
        for (text,) in connection.execute("SELECT payload::text || message FROM journal.event"):
            assert word.decode() not in text


def test_a_role_without_access_sees_nothing(filled: Settings) -> None:
    """Somebody made a role by hand and put it into the group: it is mapped to no seller."""
    with connect(filled, None) as connection:
        connection.execute("CREATE ROLE stray_by_hand")
        connection.execute("GRANT shopnow_seller TO stray_by_hand")
        try:
            with acting_as(connection, "stray_by_hand"):
                assert lines_seen(connection) == set()
            found = {(one.code, one.target) for one in check_access(filled)}
            assert ("membership_extra", "stray_by_hand in shopnow_seller") in found
        finally:
            connection.execute("DROP ROLE stray_by_hand")


def test_the_pages_take_a_role_for_one_transaction_and_have_nothing_without(
    filled: Settings,
) -> None:
    plans = [plan_seller(filled, CLOCK, [name]) for name in ("S001", "S002")]
    first, second = [one.access for one in apply_grants(filled, CLOCK, plans)]
    assert not first.can_login
    assert first.web_login is not None
    with connect(filled, first.web_login) as pages:
        for _ in range(3):
            for access, own in ((first, {1}), (second, {2})):
                with acting_as(pages, access.role_name):
                    assert lines_seen(pages) == own
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    pages.execute("SELECT 1 FROM dwh.fact_order")
        for role in ("shopnow_seller", "shopnow_analyst", "shopnow_etl", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), acting_as(pages, role):
                pages.execute("SELECT 1")


def test_a_seller_becomes_nobody_and_keeps_its_limits(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="bornes")
    other = let_in(filled, "S002", name="autre")
    with login(filled, granted) as session:
        for role in ("shopnow_seller", other.access.role_name, "shopnow_owner", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SET temp_file_limit = -1")
        for statement in (
            "CREATE TEMPORARY TABLE mine (n integer)",
            "CREATE TABLE public.mine (n integer)",
            "CREATE FUNCTION seller.leak() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "UPDATE security.seller_access SET seller_no = 2",
            "SELECT * FROM security.access",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)
        rows = session.execute("SELECT role_name FROM security.seller_access").fetchall()
        assert rows == [(granted.access.role_name,)]


def test_staff_is_let_in_by_name_and_the_star_for_ninety_days(filled: Settings) -> None:
    plan = plan_staff(filled, CLOCK, "analyst_detail", "essai.etoile")
    assert plan.expires_at is not None
    assert plan.expires_at - CLOCK.now() <= timedelta(days=90)
    with pytest.raises(UsageError, match="90 days"):
        plan_staff(filled, CLOCK, "analyst_detail", "essai.long", CLOCK.now() + timedelta(days=91))
    for role in ("etl", "owner", "backup", "seller", "web_staff"):
        with pytest.raises(UsageError, match="nobody is let in as"):
            plan_staff(filled, CLOCK, role, "essai.fort")
    granted = apply_grants(filled, CLOCK, [plan])[0]
    with login(filled, granted) as session:
        assert session.execute("SELECT current_user").fetchone() == ("essai.etoile",)
        assert lines_seen_by_staff(session) == {1, 2, 3, 4}
        assert session.execute("SHOW log_statement").fetchone() == ("all",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SET log_statement = none")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT 1 FROM privacy.vault")


def lines_seen_by_staff(session: psycopg.Connection[tuple[object, ...]]) -> set[object]:
    return {
        number for (number,) in session.execute("SELECT DISTINCT seller_no FROM dwh.fact_order")
    }


@pytest.mark.parametrize(
    ("sellers", "name", "refusal"),
    [
        (["S999"], "x1", "no seller 'S999'"),
        (["S001"], "Majuscule", "is no name"),
        (["S001"], "a", "is no name"),
        (["S001"], "-tiret", "is no name"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    filled: Settings, sellers: list[str], name: str, refusal: str
) -> None:
    with pytest.raises(UsageError, match=refusal):
        plan_seller(filled, CLOCK, sellers, login=name)


def test_merged_sellers_are_seen_by_the_one_that_stands_for_them(filled: Settings) -> None:
    """S63, S64: the roles of Y see both; when the merge is undone, its own again."""
    granted = let_in(filled, "S004", name="fusion")
    bridge = "INSERT INTO security.seller_bridge VALUES (3, 4, '2025-01-01')"
    with login(filled, granted) as session:
        with connect(filled) as loader, loader.transaction():
            loader.execute(bridge)
            loader.execute("SELECT security.follow_merges()")
        assert lines_seen(session) == {3, 4}
        suspend(filled, CLOCK, ["fusion"])
        assert lines_seen(session) == set()
        resume(filled, CLOCK, ["fusion"])
        assert lines_seen(session) == {3, 4}
        assert check_access(filled) == ()
        with connect(filled) as loader, loader.transaction():
            loader.execute("UPDATE security.seller_bridge SET valid_to = '2025-02-01'")
            loader.execute("SELECT security.follow_merges()")
        assert lines_seen(session) == {4}

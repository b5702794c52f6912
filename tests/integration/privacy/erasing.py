"""What the tests of erasure ask of a warehouse, before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.marketplace import NOON

from shopnow.kernel import FixedClock, Settings, connect
from shopnow.pipeline import Context, audit_history, plan_rebuild
from shopnow.privacy import (
    KeyStore,
    Person,
    erase,
    open_sealed,
    persons_by_email,
)

if TYPE_CHECKING:
    from shopnow.privacy import ErasurePlan

CLOCK = FixedClock(NOON + timedelta(days=1))
EMAIL = "Client0@bazar.test "


def ask(settings: Settings, statement: str, *values: object) -> list[Any]:
    with connect(settings, None) as conn:
        return conn.execute(statement.encode(), values or None).fetchall()


def found(settings: Settings, email: str = EMAIL) -> list[Person]:
    with connect(settings) as conn, KeyStore(settings.home, CLOCK) as keystore:
        return persons_by_email(conn, keystore, email)


def erased(settings: Settings, email: str = EMAIL) -> ErasurePlan:
    persons = found(settings, email)
    assert persons
    with KeyStore(settings.home, CLOCK) as keystore:
        return erase(settings, CLOCK, keystore, persons)


def versions(settings: Settings, number: int) -> list[Any]:
    return ask(
        settings,
        "SELECT customer_key, valid_from, valid_to, version, country, customer_id, city,"
        " postal_area, segment, previous_segment FROM dwh.dim_customer WHERE customer_no = %s"
        " ORDER BY valid_from",
        number,
    )


def lines(settings: Settings, number: int) -> dict[Any, Any]:
    rows = ask(
        settings,
        "SELECT seller_no, order_id, line_no, customer_key, line_amount, quantity, buyer_ref"
        " FROM dwh.fact_order WHERE customer_no = %s",
        number,
    )
    return {row[:6]: row[6] for row in rows}


def landed(settings: Settings) -> dict[int, bytes]:
    """The readable content of each delivery's files that can still be opened."""
    content: dict[int, bytes] = {}
    files = "SELECT delivery_key, landing_ref, landing_path FROM staging.delivery_file ORDER BY 1"
    with KeyStore(settings.home, CLOCK) as keystore:
        for key, ref, path in ask(settings, files):
            with open_sealed(settings.home / "landing" / path, keystore.delivery_key(ref)) as file:
                content[key] = content.get(key, b"") + file.read()
    return content


def state(settings: Settings) -> dict[str, list[Any]]:
    """What must be the same however often an erasure was killed; random names left out."""
    return {
        "versions": ask(
            settings,
            "SELECT d.customer_key, d.valid_from, d.city, d.segment, s.erased_at IS NULL"
            " FROM dwh.dim_customer AS d LEFT JOIN privacy.subject AS s"
            " ON s.subject_no = d.customer_no ORDER BY 1, 2",
        ),
        "log": ask(
            settings, "SELECT customer_no, effective_at FROM history.customer_change ORDER BY 1, 2"
        ),
        "vault": ask(settings, "SELECT subject_no, attribute FROM privacy.vault ORDER BY 1, 2"),
        "records": ask(settings, "SELECT count(*) FROM privacy.subject_record"),
        "sealed": ask(
            settings,
            "SELECT delivery_key, line_no, line_sealed IS NULL FROM quality.reject ORDER BY 1, 2",
        ),
        "left": ask(settings, "SELECT delivery_key FROM privacy.reseal"),
        "list": ask(settings, "SELECT kind, count(*) FROM privacy.suppression GROUP BY 1"),
        "files": [sorted(landed(settings).items())],
    }  # fmt: skip


def check_sound(settings: Settings) -> None:
    with Context.open(settings, CLOCK) as context:
        report = audit_history(settings, context.contracts, CLOCK)
        assert [check.name for check in report.checks if check.findings] == []
        plan = plan_rebuild(settings, context.contracts, CLOCK, ["customer"])
    assert not plan.differs, plan

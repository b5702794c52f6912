"""The same delivery twice leaves every row of the warehouse as it was (DESIGN 4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.marketplace import NOON, Shipment, day_one, day_two, deliver, run
from tests.warehouse_state import differences, exact, portable

from shopnow.kernel import connect

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.acceptance


def test_the_same_bytes_again_change_nothing(second_day: Settings, tmp_path: Path) -> None:
    schemas = ("dwh", "history", "mart", "staging", "quality", "privacy")
    before = exact(second_day, schemas)
    marts = portable(second_day, ("mart",))
    receipts = deliver(second_day, day_two(), tmp_path)
    assert {receipt.verdict for receipt in receipts} == {"duplicate"}
    assert all("déjà reçu" in receipt.message for receipt in receipts)
    assert run(second_day).published == []
    assert exact(second_day, schemas) == before
    # Bytes of the first day again: older than the newest delivery, but their records date
    # themselves, so that they are deliveries like others.
    receipts = deliver(second_day, day_one(), tmp_path, at=NOON + timedelta(days=1))
    assert {receipt.verdict for receipt in receipts} == {"new"}
    report = run(second_day)
    assert len(report.published) == len(receipts)
    after = exact(second_day, ("dwh", "history"))
    assert after == {t: before[t] for t in after}, differences(before, after)
    # Marts of what is sold and seen; mart.seller_quality counts the deliveries themselves.
    figures = portable(second_day, ("mart",))
    changed = {name for name in figures if figures[name] != marts[name]}
    assert changed <= {"mart.seller_quality"}, differences(marts, figures)


@pytest.mark.parametrize("how", ["blank line appended", "other effective time", "reversed"])
def test_the_same_content_in_other_bytes_changes_nothing(
    second_day: Settings, tmp_path: Path, how: str
) -> None:
    before = exact(second_day, ("dwh", "history"))
    shipments = [*day_one(), *day_two()]
    if how == "blank line appended":
        shipments = [replace(s, content=s.content + b"\n") for s in shipments]
    elif how == "reversed":
        shipments = [_reversed(s) for s in shipments]
    declared = NOON + timedelta(days=1) if how == "other effective time" else None
    keys = [r.delivery_key for r in deliver(second_day, shipments, tmp_path, effective_at=declared)]
    assert None not in keys
    report = run(second_day, at=NOON + timedelta(days=2))
    assert sorted(report.published) == keys
    after = exact(second_day, ("dwh", "history"))
    assert after == before, differences(before, after)
    with connect(second_day) as conn:
        counts = conn.execute(
            "SELECT delivery_key, accepted, superseded, records, rejected, duplicate"
            " FROM staging.delivery WHERE delivery_key = ANY(%s) ORDER BY 1",
            [keys],
        ).fetchall()
    for key, accepted, superseded, records, rejected, duplicate in counts:
        assert accepted == 0, f"delivery {key} accepted {accepted} repetitions"
        assert records == rejected + duplicate + superseded


def _reversed(shipment: Shipment) -> Shipment:
    lines = shipment.content.decode().splitlines()
    head, body = ([lines[0]], lines[1:]) if shipment.name.endswith(".csv") else ([], lines)
    return replace(shipment, content=("\n".join([*head, *reversed(body)]) + "\n").encode())

"""Indicators on a loaded warehouse: what is measured, when it alarms, when there is no data."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace

from shopnow.alerts import (
    Reading,
    Watched,
    list_episodes,
    load_indicators,
    load_judge,
    metrics_text,
    readings,
    sample,
    series,
    watch_once,
)
from shopnow.desk import list_tickets
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    import psycopg

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

NOW = marketplace.NOON + timedelta(minutes=5)


@pytest.fixture
def conn(first_day: Settings) -> Iterator[psycopg.Connection]:
    with connect(first_day) as connection:
        yield connection


def watch(conn: psycopg.Connection, settings: Settings, now: datetime) -> Watched:
    return watch_once(conn, settings, now, judge=load_judge(settings))


def alerts(conn: psycopg.Connection, rule: str) -> list[str]:
    return [one.label for one in list_episodes(conn, rule=rule)]


def test_every_declared_indicator_is_read_and_none_else(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    declared = load_indicators(first_day)
    sample(conn, first_day, declared.values(), NOW, everything=True)
    found = readings(conn, declared, NOW)
    assert {one.indicator.name for one in found} == declared.keys()
    by_name = {(one.indicator.name, one.label): one for one in found}
    assert by_name["etl_success_pct", ""].value == 100
    assert by_name["feed_freshness_minutes", "orders"].health == "good"
    assert by_name["mart_lateness_minutes", "seller_daily_sales"].value == 0
    # Nothing was ever backed up: no data, and never green.
    assert {one.health for one in found if one.indicator.name == "backup_age_hours"} == {"no_data"}
    order = [one.health for one in found]
    assert order == sorted(order, key=["breach", "no_data", "warn", "good"].index)


def test_measurements_make_a_history_and_metrics(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    declared = load_indicators(first_day)
    some = [declared["etl_success_pct"], declared["feed_freshness_minutes"]]
    for minutes in range(3):
        assert sample(conn, first_day, some, NOW + timedelta(minutes=minutes)) > 0
    # Not due again before its time.
    assert sample(conn, first_day, some, NOW + timedelta(minutes=2, seconds=10)) == 0
    later = NOW + timedelta(minutes=2)
    line = series(conn, "feed_freshness_minutes", NOW, later)["orders"]
    assert [round(value) for _, value in line if value is not None] == [5, 6, 7]
    text = metrics_text(conn, first_day, later).decode()
    assert 'shopnow_feed_freshness_seconds{label="orders"} 420.0' in text
    assert 'shopnow_indicator_health{indicator="disk_used_pct",label=""} 3.0' in text
    assert 'shopnow_tickets_open{priority="P1"} 0.0' in text


def test_a_feed_that_stops_is_late_then_without_data(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    watch(conn, first_day, NOW)
    assert alerts(conn, "flux-en-retard") == []
    for after, late, mute in (
        (timedelta(hours=3), ["clickstream"], []),
        (timedelta(hours=60), ["clickstream", "orders"], []),
        (timedelta(hours=75), [], ["clickstream", "orders"]),
    ):
        for rounds in range(8):
            watch(conn, first_day, NOW + after + timedelta(minutes=rounds))
        found = set(alerts(conn, "flux-en-retard"))
        assert found >= set(late)
        assert bool(found) is bool(late)
        assert set(alerts(conn, "flux-muet")) >= set(mute)
    end = NOW + timedelta(hours=75, minutes=7)
    [reading] = [
        one for one in readings(conn, load_indicators(first_day), end)
        if one.indicator.name == "feed_freshness_minutes" and one.label == "orders"
    ]  # fmt: skip
    assert (reading.value, reading.health) == (None, "no_data")


def _lateness(conn: psycopg.Connection, settings: Settings, now: datetime) -> list[Reading]:
    name = "mart_lateness_minutes"
    one = {name: load_indicators(settings)[name]}
    sample(conn, settings, one.values(), now, everything=True)
    return readings(conn, one, now)


def test_a_mart_that_does_not_follow_is_noticed(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    with connect(first_day, "shopnow_owner") as owner:
        assert owner.execute("DELETE FROM mart.seller_daily_sales").rowcount
    now = NOW + timedelta(minutes=60)
    watch(conn, first_day, now)
    assert alerts(conn, "mart-en-retard") == ["seller_daily_sales"]
    # However long ago it was loaded: what did not follow does not become good with time.
    later = {one.label: one for one in _lateness(conn, first_day, now + timedelta(days=30))}
    assert later["seller_daily_sales"].health == "breach"
    [ticket] = list_tickets(conn, fingerprint="mart-en-retard:seller_daily_sales")
    assert (ticket.priority, ticket.role) == ("P2", "exploitant")


def test_a_seller_at_sixty_percent_rejects_and_a_corrupt_file(
    first_day: Settings, conn: psycopg.Connection, tmp_path: Path
) -> None:
    bad = [f"S1,B{n},,,,Nulle part,perdu,2025-03-06T08:00:00Z" for n in range(12)]
    good = [f"S1,G{n},Titre,Fer,,Maison,active,2025-03-06T08:00:00Z" for n in range(8)]
    header = "seller,sku,title,brand,ean,category,status,updated_at"
    shipments = [
        marketplace.Shipment("bazar-products", "p.csv", marketplace.csv(header, *bad, *good)),
        marketplace.Shipment("bazar-offers", "o.csv", b"\x00\x01\x02corrupt"),
    ]
    at = marketplace.NOON + timedelta(days=2)
    marketplace.deliver(first_day, shipments, tmp_path / "outbox", at=at)
    report = marketplace.run(first_day, at=at)
    assert len(report.refused) == 1
    conn.execute("UPDATE journal.alert_cursor SET last_event_no = 0")
    now = at + timedelta(minutes=1)
    watch(conn, first_day, now)
    [label] = alerts(conn, "vendeur-en-rejet")
    [alert] = list_episodes(conn, rule="vendeur-en-rejet")
    assert label == "ShopNow"  # the platform sent it for the seller
    assert alert.value is not None
    assert alert.value >= 60
    events = conn.execute(
        "SELECT max(ts) FROM journal.event WHERE delivery_key = %s", (next(iter(report.refused)),)
    ).fetchone()
    assert events is not None
    judge = load_judge(first_day)
    # The journal dates events itself, by the clock of the world.
    watch_once(conn, first_day, events[0] + timedelta(seconds=15), judge=judge)
    assert [one for one in list_episodes(conn) if one.rule == "livraison-refusee"]


def test_a_query_that_fails_gives_no_data_and_stops_no_other(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    declared = load_indicators(first_day)
    broken = replace(declared["disk_used_pct"])
    lost = replace(first_day, home=first_day.home / "gone")
    sample(conn, lost, [broken, declared["etl_success_pct"]], NOW, everything=True)
    found = {one.indicator.name: one for one in readings(conn, declared, NOW)}
    assert found["disk_used_pct"].health == "no_data"
    assert found["etl_success_pct"].health == "good"


@pytest.mark.skipif(
    shutil.which("promtool") is None,
    reason="promtool (Debian package prometheus) is not on the path",
)
def test_promtool_takes_the_metrics_of_a_loaded_warehouse(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    declared = load_indicators(first_day)
    sample(conn, first_day, declared.values(), NOW, everything=True)
    text = metrics_text(conn, first_day, NOW)
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, check=False, timeout=60
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")

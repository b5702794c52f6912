"""The plan names what was written, in an order that can be loaded, and the same seed repeats it."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml

from shopnow.demo import DEFECTS, DemoPlan, generate

if TYPE_CHECKING:
    from pathlib import Path


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def small(folder: Path, seed: int = 7) -> DemoPlan:
    return generate(folder, seed=seed, days=4, sellers=9, products=120, orders=150, clicks=400)


def test_the_same_seed_and_scale_write_the_same_bytes(tmp_path: Path) -> None:
    small(tmp_path / "one")
    small(tmp_path / "two")
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_writes_other_files(tmp_path: Path) -> None:
    small(tmp_path / "one")
    small(tmp_path / "two", seed=8)
    assert digests(tmp_path / "one") != digests(tmp_path / "two")


@pytest.mark.parametrize("days", [1, 2, 5])
def test_the_smallest_scales_work(tmp_path: Path, days: int) -> None:
    plan = generate(tmp_path, days=days, sellers=4, products=12, orders=3, clicks=5)
    assert len(plan.days) == days
    assert plan.counts.order_events >= 3


def test_days_follow_one_another(plan: DemoPlan) -> None:
    assert [day.day for day in plan.days] == list(range(1, 15))
    assert [day.on for day in plan.days] == [
        date(2026, 1, 5) + timedelta(days=n) for n in range(14)
    ]


def test_every_delivery_is_a_file_of_its_day_and_no_file_is_left_over(plan: DemoPlan) -> None:
    planned = {delivery.path for delivery in plan.deliveries}
    assert len(planned) == plan.counts.deliveries == len(plan.deliveries)
    written = {path for path in plan.folder.glob("day-*/*") if path.name != "labels.csv"}
    assert planned == written
    assert all(one.path.parent.name == f"day-{one.day:02d}" for one in plan.deliveries)


def test_only_the_late_and_the_repeated_delivery_are_not_of_their_day(plan: DemoPlan) -> None:
    elsewhere = {
        f"{one.path.parent.name}/{one.path.name}"
        for day in plan.days
        for one in day.deliveries
        if one.effective_at.date() != day.on
    }
    assert elsewhere == {plan.stories["late_statement"], plan.stories["resend"]}
    assert all(one.effective_at.tzinfo is UTC for one in plan.deliveries)


def test_sellers_come_before_goods_and_goods_before_prices_and_orders(plan: DemoPlan) -> None:
    rank = {"sellers": 0, "products": 1, "offers": 2, "orders": 3, "clickstream": 4}
    for day in plan.days:
        ranks = [rank[one.feed] for one in day.deliveries]
        assert ranks == sorted(ranks)


def test_each_delivery_has_its_declared_source(plan: DemoPlan) -> None:
    documents = {path: yaml.safe_load(path.read_text("utf-8")) for path in plan.sources}
    by_name = {document["name"]: document for document in documents.values()}
    assert len(by_name) == len(plan.sources) == 12 * 2 + 6
    for path, document in documents.items():
        assert path == plan.sources_dir / document["sender"] / f"{document['name']}.yaml"
    for one in plan.deliveries:
        assert (by_name[one.source]["sender"], by_name[one.source]["feed"]) == (
            one.sender,
            one.feed,
        )


def test_first_lists_are_full_and_the_rest_are_changes(plan: DemoPlan) -> None:
    seen: set[str] = set()
    full_again = []
    for one in plan.deliveries:
        if one.feed in {"sellers", "products", "offers"} and one.source not in seen:
            assert one.mode == "full"
        elif one.mode == "full":
            full_again.append(f"{one.path.parent.name}/{one.path.name}")
        seen.add(one.source)
    assert full_again == [plan.stories["full_with_withdrawals"]]


def test_totals_agree_with_the_plan_and_the_labels(plan: DemoPlan) -> None:
    counts = plan.counts
    assert counts.lines == sum(one.lines for one in plan.deliveries)
    by_feed = Counter[str]()
    for one in plan.deliveries:
        by_feed[one.feed] += one.lines
    assert by_feed["offers"] == counts.offers
    assert counts.clicks <= by_feed["clickstream"] <= counts.clicks * 1.01
    assert counts.order_events + counts.returns <= by_feed["orders"]
    found = Counter[str]()
    for day in plan.days:
        with day.labels.open(encoding="utf-8", newline="") as stream:
            found.update(row["defect"] for row in csv.DictReader(stream))
    assert dict(found) == dict(counts.defects)


def test_about_three_lines_in_a_hundred_are_dirty_and_every_defect_occurs(plan: DemoPlan) -> None:
    share = plan.counts.dirty_lines / plan.counts.lines
    assert 0.025 <= share <= 0.035
    assert set(plan.counts.defects) == set(DEFECTS)


def test_the_repeated_file_is_byte_for_byte_the_earlier_one(plan: DemoPlan) -> None:
    by_name = {f"{one.path.parent.name}/{one.path.name}": one for one in plan.deliveries}
    again = by_name[plan.stories["resend"]]
    twins = [
        one
        for one in plan.deliveries
        if one.source == again.source and one.effective_at == again.effective_at
    ]
    assert len(twins) == 2
    assert twins[0].path.read_bytes() == twins[1].path.read_bytes()
    assert twins[0].day < twins[1].day


def test_all_stories_are_told(plan: DemoPlan) -> None:
    assert set(plan.stories) >= {
        "early_seller", "early_order_seller", "early_product", "early_order_product",
        "late_statement", "late_product", "resend", "binary_file", "wrong_delimiter",
        "full_with_withdrawals",
    }  # fmt: skip
    assert all(isinstance(one.effective_at, datetime) for one in plan.deliveries)

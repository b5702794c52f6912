"""Partitions are named after the period they hold."""

from __future__ import annotations

from datetime import date

import pytest

from shopnow.facts.partitions import partition_name


@pytest.mark.parametrize(
    ("table", "first", "months", "name"),
    [
        ("fact_order", date(2026, 1, 1), 3, "fact_order_2026q1"),
        ("fact_order", date(2026, 10, 1), 3, "fact_order_2026q4"),
        ("fact_clickstream", date(2026, 9, 1), 1, "fact_clickstream_2026m09"),
    ],
)
def test_a_partition_says_its_period(table: str, first: date, months: int, name: str) -> None:
    assert partition_name(table, first, months) == name

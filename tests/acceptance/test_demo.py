"""The demo against its labels: every planted defect is found, and nothing else is rejected."""

from __future__ import annotations

import csv
import shlex
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.acceptance.conftest import call, called_inside

from shopnow.demo import DEFECTS
from shopnow.kernel import connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import LoadedDemo

pytestmark = pytest.mark.acceptance

# What the warehouse calls each defect.
RULES = {
    "missing_title": "missing_value",
    "price_word": "not_a_number",
    "negative_price": "negative_value",
    "bad_gtin": "bad_gtin",
    "unknown_category": "unknown_category",
    "unknown_status": "unknown_word",
    "bad_date": "bad_timestamp",
    "quantity_zero": "zero_quantity",
    "empty_order_id": "missing_value",
    "unknown_event_type": "unknown_word",
    "foreign_seller": "foreign_seller",
    "ragged_line": "ragged_line",
    "broken_json": "invalid_json",
}


class Place(NamedTuple):
    """A line of a delivered file; line 0 is the whole file."""

    file: str
    line: int


@pytest.fixture(scope="session")
def labels(loaded_demo: LoadedDemo) -> dict[Place, str]:
    """Give the defect planted at each place; file names are unique over all days."""
    found = {}
    for path in loaded_demo.files.glob("day-*/labels.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[Place(row["file"], int(row["line"]))] = row["defect"]
    return found


@pytest.fixture(scope="session")
def rejects(loaded_demo: LoadedDemo) -> dict[Place, set[str]]:
    """Give the rules that rejected at each place."""
    found: dict[Place, set[str]] = defaultdict(set)
    with connect(loaded_demo.settings) as connection:
        rows = connection.execute(
            "SELECT f.file_name, r.line_no, r.rule_codes FROM quality.reject r"
            " JOIN staging.delivery_file f USING (delivery_key, file_no)"
        )
        for file, line, codes in rows:
            found[Place(file, line)] |= set(codes)
    return found


def test_the_small_demo_holds_every_kind_of_defect(labels: dict[Place, str]) -> None:
    assert set(labels.values()) == set(DEFECTS)


def test_every_defect_that_spoils_a_record_is_rejected_for_its_reason(
    labels: dict[Place, str], rejects: dict[Place, set[str]]
) -> None:
    spoiled = {
        place: defect
        for place, defect in labels.items()
        if DEFECTS[defect].outcome in ("reject", "unreadable")
    }
    missed = {
        place: (defect, rejects.get(place))
        for place, defect in spoiled.items()
        if RULES[defect] not in rejects.get(place, set())
    }
    assert not missed


def test_nothing_but_what_is_labelled_is_rejected(
    labels: dict[Place, str], rejects: dict[Place, set[str]]
) -> None:
    bad = {
        place for place, defect in labels.items()
        if DEFECTS[defect].outcome in ("reject", "unreadable")
    }  # fmt: skip
    assert not {place: rules for place, rules in rejects.items() if place not in bad}


def test_what_can_be_read_is_cleaned_and_kept(
    loaded_demo: LoadedDemo, labels: dict[Place, str], rejects: dict[Place, set[str]]
) -> None:
    with connect(loaded_demo.settings) as connection:
        cleaned = {
            Place(file, line)
            for file, line in connection.execute(
                "SELECT f.file_name, c.line_no FROM quality.cleaning c"
                " JOIN staging.delivery_file f USING (delivery_key)"
                " WHERE c.rule_code = 'decimal_comma'"
            )
        }
    commas = {place for place, defect in labels.items() if defect == "decimal_comma"}
    assert commas
    assert commas <= cleaned
    assert not commas & rejects.keys()


def test_repeated_lines_are_counted_as_duplicates(
    loaded_demo: LoadedDemo, labels: dict[Place, str]
) -> None:
    planted = Counter(place.file for place, defect in labels.items() if defect == "duplicate_line")
    assert planted
    found = {
        one["file_name"]: one["duplicate"]
        for one in loaded_demo.json("delivery", "list", "--limit", "1000")
        if one["feed"] in ("products", "offers", "clickstream", "orders")
    }
    # A line of an order holds its header and its items: at least two records.
    for file, duplicates in found.items():
        repeated = planted[file]
        if file.startswith("orders"):
            assert duplicates >= 2 * repeated
        else:
            assert (file, duplicates) == (file, repeated)


def test_unreadable_files_are_refused_and_a_resend_is_recognised(
    loaded_demo: LoadedDemo, labels: dict[Place, str]
) -> None:
    refused = {
        one["file_name"]: one["reason"]
        for one in loaded_demo.json("delivery", "list", "--state", "refused")
    }
    planted = {place.file: defect for place, defect in labels.items() if place.line == 0}
    resent = [file for file, defect in planted.items() if defect == "duplicate_delivery"]
    assert refused.keys() == planted.keys() - set(resent)
    assert all(reason.startswith(planted[file]) for file, reason in refused.items())
    assert [one["file"] for one in loaded_demo.report["duplicates"]] == resent


def test_every_record_of_every_delivery_has_one_outcome(loaded_demo: LoadedDemo) -> None:
    for one in loaded_demo.json("delivery", "list", "--state", "published", "--limit", "1000"):
        outcomes = ("accepted", "rejected", "duplicate", "superseded", "held")
        assert one["records"] == sum(one[name] for name in outcomes), one["file_name"]
    assert not loaded_demo.json("delivery", "list", "--state", "failed")


def test_the_history_tells_the_planted_stories(loaded_demo: LoadedDemo) -> None:
    stories = loaded_demo.report["stories"]
    kept = {one["dimension"]: one for one in loaded_demo.report["warehouse"]["dimensions"]}
    assert kept["seller"]["versions"] > kept["seller"]["members"]
    assert kept["seller"]["filled"] >= 1
    assert kept["product"]["filled"] >= 1
    assert kept["product"]["rewritten"] >= 1
    seller = loaded_demo.json("seller", "show", stories["early_seller"])
    assert not seller["current"]["is_inferred"]
    traced = loaded_demo.json("trace", "order", stories["early_order_seller"])
    assert {one["kind"] for one in traced} >= {"order", "item", "order statement"}


def test_every_command_that_the_page_proposes_works(outside: Path) -> None:
    home = outside / "page-home"
    try:
        done = call(home, "demo", "--small", "--days", "3")
        assert done.returncode == 0, done.stderr
        page, _, proposals = done.stdout.partition("Où regarder ensuite")
        assert "Ce qui a été rejeté, et pourquoi" in page
        assert max(map(len, page.splitlines())) <= 100
        prefix = f"--home {home} "
        lines = [line.partition(prefix)[2] for line in proposals.splitlines() if prefix in line]
        assert len(lines) >= 6
        for line in lines:
            words = shlex.split(line.partition("  ")[0])
            told = call(home, *words) if words[0] == "sql" else called_inside(home, *words)
            assert (words, told.returncode, told.stderr) == (words, 0, "")
            assert told.stdout
    finally:
        call(home, "down")

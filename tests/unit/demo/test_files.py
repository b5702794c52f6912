"""Every file reads back under the dialect of its source, and labels point at its dirt."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from shopnow.demo import CATEGORIES, DemoPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.demo.model import DemoDelivery

Source = dict[str, Any]
Labels = dict[int, str]


def sources(plan: DemoPlan) -> dict[str, Source]:
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in plan.sources]
    return {document["name"]: document for document in documents}


def labels(plan: DemoPlan) -> dict[tuple[int, str], Labels]:
    found: dict[tuple[int, str], Labels] = defaultdict(dict)
    for day in plan.days:
        with day.labels.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found[day.day, row["file"]][int(row["line"])] = row["defect"]
    return found


def text_of(delivery: DemoDelivery, source: Source) -> str:
    content = delivery.path.read_bytes()
    if delivery.path.suffix == ".gz":
        content = gzip.decompress(content)
    return content.decode(source["dialect"]["encoding"]).removeprefix("\ufeff")


def readable(plan: DemoPlan) -> Iterator[tuple[DemoDelivery, Source, Labels]]:
    known, marked = sources(plan), labels(plan)
    for delivery in plan.deliveries:
        found = marked[delivery.day, delivery.path.name]
        if not {"binary_file", "wrong_delimiter"} & set(found.values()):
            yield delivery, known[delivery.source], found


def paths(source: Source) -> set[str]:
    found = set()
    for record in source["records"].values():
        for field in record["fields"].values():
            path = field.get("path") if isinstance(field, dict) else field
            found |= {path} if isinstance(path, str) else set(path or ())
    return found


def csv_records(text: str, dialect: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    skipped = dialect["header_line"] - 1
    lines = io.StringIO(text.split("\n", skipped)[skipped], newline="")
    reader = csv.reader(lines, delimiter=dialect["delimiter"], strict=True)
    start = 1
    for record in reader:
        yield start + skipped, record
        start = reader.line_num + 1


def test_every_file_name_fits_the_pattern_of_its_source(plan: DemoPlan) -> None:
    known = sources(plan)
    for one in plan.deliveries:
        assert fnmatch(one.path.name, known[one.source]["file_pattern"])


def test_csv_files_parse_and_only_labelled_lines_are_ragged(plan: DemoPlan) -> None:
    for delivery, source, marked in readable(plan):
        if source["format"] != "csv":
            continue
        (_, header), *records = csv_records(text_of(delivery, source), source["dialect"])
        assert paths(source) <= set(header), delivery.path
        ragged = {line for line, record in records if len(record) != len(header)}
        assert ragged == {line for line, defect in marked.items() if defect == "ragged_line"}
        assert len(records) == delivery.lines
        assert set(marked) - {0} <= {line for line, _ in records}


def test_ndjson_files_parse_and_only_labelled_lines_are_broken(plan: DemoPlan) -> None:
    for delivery, source, marked in readable(plan):
        if source["format"] != "ndjson":
            continue
        broken = set()
        lines = text_of(delivery, source).splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                assert isinstance(json.loads(line), dict)
            except json.JSONDecodeError:
                broken.add(number)
        assert broken == {line for line, defect in marked.items() if defect == "broken_json"}
        assert len(lines) == delivery.lines


def test_labels_point_at_the_line_with_the_defect(plan: DemoPlan) -> None:
    signs = {"price_word": "sur demande", "bad_date": "32/13/2026", "ragged_line": "perdue",
             "unknown_category": "Divers > Inclassable", "unknown_event_type": "survol",
             "empty_order_id": '"order_id": ""', "quantity_zero": '"quantity": 0'}  # fmt: skip
    checked = set()
    for delivery, source, marked in readable(plan):
        lines = text_of(delivery, source).split("\n")
        for line, defect in marked.items():
            if defect in signs:
                # A quoted description may hold line ends: the sign is then a few lines below.
                assert signs[defect] in "\n".join(lines[line - 1 : line + 3])
                checked.add(defect)
            elif defect == "duplicate_line":
                assert lines[line - 1] in lines[: line - 1]
    assert checked == set(signs)


def test_categories_are_those_of_the_tree(plan: DemoPlan) -> None:
    known = {one.path_fr for one in CATEGORIES}
    found: set[str] = set()
    for delivery, source, marked in readable(plan):
        if delivery.feed != "products" or source["format"] != "csv":
            continue
        (_, header), *records = csv_records(text_of(delivery, source), source["dialect"])
        place = header.index(source["records"]["product"]["fields"]["source_category"])
        found |= {record[place] for line, record in records if line not in marked}
    assert found <= known
    assert len(found) > 30


def test_status_words_are_in_the_declared_vocabulary(plan: DemoPlan) -> None:
    ours = {"active", "paused", "withdrawn"}
    seen: set[str] = set()
    for delivery, source, marked in readable(plan):
        if delivery.feed != "products" or source["format"] != "csv":
            continue
        field = source["records"]["product"]["fields"]["status"]
        column = field["path"] if isinstance(field, dict) else field
        words = field.get("words", {}) if isinstance(field, dict) else {}
        (_, header), *records = csv_records(text_of(delivery, source), source["dialect"])
        place = header.index(column)
        said = {record[place] for line, record in records if line not in marked}
        seen |= {words.get(word, word.lower()) for word in said}
    assert seen == ours


def orders(plan: DemoPlan) -> Iterator[tuple[int, dict[str, Any]]]:
    for delivery, source, marked in readable(plan):
        if delivery.source == "demo-orders":
            for number, line in enumerate(text_of(delivery, source).splitlines(), start=1):
                if number not in marked:
                    yield delivery.day, json.loads(line)


def test_people_are_obviously_fictitious(plan: DemoPlan) -> None:
    for _, event in orders(plan):
        customer = event["customer"]
        assert customer["email"].endswith(("@example.org", "@example.com"))
        assert re.fullmatch(r"(01 99 00|06 39 98) \d\d \d\d", customer["phone"])
        assert customer["address"].endswith("rue de l'Exemple")


def shape_of(event: dict[str, Any]) -> str:
    keys = set(event["items"][0])
    if "seller" in event:
        return "P5"
    if "vendor_id" in keys:
        return "P3"
    if "seller_id" in keys:
        return "P4"
    return "P1" if "unit_price" in keys else "P2"


def test_orders_come_in_five_shapes_with_later_events_and_right_totals(plan: DemoPlan) -> None:
    shapes, statuses = set(), defaultdict(list)
    for day, event in orders(plan):
        shapes.add(shape_of(event))
        statuses[event["order_id"]].append((day, event["status"], event["event_id"]))
        prices = [item.get("unit_price", item.get("price")) for item in event["items"]]
        total = sum(
            price * item["quantity"] for price, item in zip(prices, event["items"], strict=True)
        )
        assert event["total_amount"] == pytest.approx(total, abs=0.005)
        assert event["sent_at"] > event["timestamp"]
    assert shapes == {"P1", "P2", "P3", "P4", "P5"}
    said = {status for events in statuses.values() for _, status, _ in events}
    assert said == {"PLACED", "SHIPPED", "DELIVERED", "CANCELLED"}
    for events in statuses.values():
        days = [day for day, _, _ in events]
        assert days == sorted(days)
        assert len({event_id for _, _, event_id in events}) == len(events)


def test_some_orders_arrive_late_and_customers_move(plan: DemoPlan) -> None:
    first_day = plan.days[0].on.toordinal()
    epoch = plan.days[0].deliveries[0].effective_at.fromtimestamp(0).toordinal()
    late = 0
    cities: dict[str, set[str]] = defaultdict(set)
    for day, event in orders(plan):
        placed = int(event["timestamp"] // 86400) + epoch - first_day + 1
        late += event["status"] == "PLACED" and placed < day
        cities[event["customer"]["id"]].add(event["customer"]["city"])
    assert late > 10
    assert len(cities[plan.stories["mover"]]) == 2


def test_the_early_orders_name_what_is_not_there_yet(plan: DemoPlan) -> None:
    placed = {event["order_id"]: (day, event) for day, event in reversed(list(orders(plan)))}
    day, event = placed[plan.stories["early_order_seller"]]
    assert event["items"][0]["vendor_id"] == plan.stories["early_seller"]
    firsts = [one.day for one in plan.deliveries if one.sender == plan.stories["early_seller"]]
    assert day < min(firsts)
    day, event = placed[plan.stories["early_order_product"]]
    product = plan.stories["early_product"]
    assert event["items"][0]["product_id"] == product
    sent = [
        one.day
        for one, source, _ in readable(plan)
        if one.feed == "products" and product in text_of(one, source)
    ]
    assert day < min(sent)


def test_about_a_quarter_of_the_clicks_are_anonymous(plan: DemoPlan) -> None:
    clicks = []
    for delivery, source, marked in readable(plan):
        if delivery.feed == "clickstream":
            lines = text_of(delivery, source).splitlines()
            clicks += [json.loads(x) for n, x in enumerate(lines, start=1) if n not in marked]
    share = sum(click["user_id"] is None for click in clicks) / len(clicks)
    assert 0.2 <= share <= 0.3
    assert any(re.fullmatch(r"/seller/S\d{3}/product/.+", click["url"]) for click in clicks)
    assert {click["event_type"] for click in clicks} == {
        "view_page", "add_to_cart", "checkout_start",
    }  # fmt: skip

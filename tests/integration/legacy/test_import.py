"""The former warehouse as four deliveries like any other: counted, dated, priced, traceable."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import pytest
from psycopg import sql
from tests.former_warehouse import (
    SNAPSHOT,
    Former,
    write_csv,
    write_parquet,
    write_tables,
)
from tests.integration.legacy.conftest import NOW, Imported, take_in
from tests.marketplace import copy_of
from tests.warehouse_state import DWH, differences, exact, portable, unbalanced

from shopnow.kernel import FixedClock, Settings, UsageError, connect, connection_url
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, import_legacy, receive, trace_order

pytestmark = pytest.mark.integration
EVENTS = Path(__file__).parents[3] / "examples" / "shopnow-events" / "orders.yaml"
PURPOSES = (
    "subject_lookup", "customer_id", "order_ref", "buyer_ref", "session_ref", "user_ref",
    "email_lookup",
)  # fmt: skip
LATER = datetime(2025, 6, 3, 12, tzinfo=UTC)


def ask(settings: Settings, statement: LiteralString, **names: str) -> list[tuple[Any, ...]]:
    parts = {name: sql.Identifier(*text.split(".")) for name, text in names.items()}
    with connect(settings, None) as conn:
        return conn.execute(sql.SQL(statement).format(**parts)).fetchall()


def counts(settings: Settings) -> dict[str, tuple[int, ...]]:
    rows = ask(
        settings,
        "SELECT feed, records, accepted, rejected, duplicate, superseded, held"
        " FROM staging.delivery WHERE state = 'published'",
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def test_every_row_has_one_outcome_and_repeats_are_counted(imported: Imported) -> None:
    former = imported.former
    lines, visits = (len(former.tables[name]) for name in ("fact_order", "fact_clickstream"))
    lines_again, visits_again = (
        len(former.repeated[name]) for name in ("fact_order", "fact_clickstream")
    )
    assert counts(imported.settings) == {
        "customers": (296, 296, 0, 0, 0, 0),
        "products": (117, 117, 0, 0, 0, 0),
        "orders": (lines, lines - lines_again, 0, lines_again, 0, 0),
        "clickstream": (visits, visits - visits_again, 0, visits_again, 0, 0),
    }
    assert unbalanced(imported.settings) == []


def test_the_house_is_the_seller_of_all(imported: Imported) -> None:
    for table in ("dwh.fact_order", "dwh.fact_clickstream", "dwh.dim_product"):
        found = ask(
            imported.settings,
            "SELECT DISTINCT seller_no FROM {table} WHERE product_key > 0",
            table=table,
        )
        assert found == [(0,)]
    assert ask(imported.settings, "SELECT count(*) FROM security.seller_identifier") == [(0,)]


def test_a_price_that_was_never_stored_stays_null_and_is_flagged(imported: Imported) -> None:
    once = imported.former.once().tables["fact_order"]
    unpriced = sum(row[4] is None for row in once)
    assert 0 < unpriced < len(once)
    assert ask(
        imported.settings,
        "SELECT count(*), count(unit_price), count(line_amount), count(commission_amount),"
        " min(unit_price) > 0 FROM dwh.fact_order",
    ) == [(len(once), len(once) - unpriced, len(once) - unpriced, 0, True)]
    stored = sum(row[4] is None for row in imported.former.tables["fact_order"])
    assert ask(
        imported.settings,
        "SELECT rule_code, column_name, count(*) FROM quality.warning AS w"
        " JOIN staging.delivery AS d USING (delivery_key) WHERE d.feed = 'orders' GROUP BY 1, 2",
    ) == [("left_empty", "unit_price", stored)]


def test_marts_add_up_what_has_a_price(imported: Imported) -> None:
    assert ask(
        imported.settings,
        "SELECT sum(lines), sum(gross_amount) FROM mart.marketplace_daily WHERE currency = 'USD'",
    ) == ask(imported.settings, "SELECT count(*), sum(line_amount) FROM dwh.fact_order")


@pytest.mark.parametrize(("dimension", "key", "place"), [("customer", 0, 2), ("product", 0, 1)])
def test_a_first_version_begins_with_the_first_order_that_names_it(
    imported: Imported, dimension: str, key: int, place: int
) -> None:
    first = imported.former.first_orders(place)
    members = [str(row[key]) for row in imported.former.tables[f"dim_{dimension}"]]
    # Who was never ordered by, or ordered, is known from the copy alone.
    wanted = sorted(
        first[member].replace(tzinfo=UTC) if member in first else SNAPSHOT for member in members
    )
    assert SNAPSHOT in wanted
    found = ask(
        imported.settings,
        "SELECT valid_from FROM {table} WHERE NOT is_inferred AND {key} > 0 ORDER BY 1",
        table=f"dwh.dim_{dimension}",
        key=f"{dimension}_key",
    )
    assert [row[0] for row in found] == wanted


def test_no_fact_lies_before_the_version_it_is_bound_to(imported: Imported) -> None:
    for dimension in ("customer", "product"):
        found = ask(
            imported.settings,
            "SELECT count(*) FROM dwh.fact_order AS f JOIN {table} AS d USING ({key})"
            " WHERE f.ordered_at < d.valid_from",
            table=f"dwh.dim_{dimension}",
            key=f"{dimension}_key",
        )
        assert found == [(0,)]


def test_members_that_facts_name_but_no_table_holds_are_inferred(imported: Imported) -> None:
    known = {str(row[0]) for row in imported.former.tables["dim_customer"]}
    orphans = set(imported.former.first_orders(2)) - known
    assert ask(
        imported.settings,
        "SELECT count(*), min(valid_from) FROM dwh.dim_customer WHERE is_inferred",
    ) == [(len(orphans), datetime(1900, 1, 1, tzinfo=UTC))]
    assert ask(
        imported.settings,
        "SELECT product_id FROM dwh.dim_product WHERE is_inferred ORDER BY 1",
    ) == [("P117",), ("P118",), ("P119",)]


def test_a_visitor_is_no_customer_and_makes_none(imported: Imported) -> None:
    once = imported.former.once().tables["fact_clickstream"]
    anonymous = sum(row[2] is None for row in once)
    assert ask(
        imported.settings,
        "SELECT customer_no, count(*) FROM dwh.fact_clickstream GROUP BY 1 ORDER BY 1",
    ) == [(-2, anonymous), (-1, len(once) - anonymous)]
    named = set(imported.former.first_orders(2)) | {
        str(row[0]) for row in imported.former.tables["dim_customer"]
    }
    assert ask(imported.settings, "SELECT count(*) FROM privacy.subject") == [(len(named),)]


def test_a_line_is_traced_to_its_place_in_the_export(imported: Imported) -> None:
    with Context.open(imported.settings) as context, connect(imported.settings) as conn:
        traced = trace_order(context, conn, "O-00007")
    export = (imported.folder / "fact_order.csv").read_text("utf-8").splitlines()
    lines = [one.row.source_line for one in traced if one.row.kind == "item"]
    wanted = [n for n, text in enumerate(export, 1) if text.startswith("O-00007,")]
    assert lines
    assert set(lines) <= set(wanted)


def test_every_form_of_the_copy_says_the_same(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    """Other bytes are other deliveries; all they say is known, so the warehouse stays as it is."""
    take_in(another, write_csv(small, tmp_path / "text"))
    before = exact(another, DWH)
    take_in(another, write_parquet(small, tmp_path / "parquet"))
    schema = write_tables(small, another, "former_dsn")
    take_in(another, connection_url(another, "postgres"), schema=schema)
    assert exact(another, DWH) == before
    lines = len(small.tables["fact_order"])
    assert ask(
        another,
        "SELECT records, duplicate FROM staging.delivery WHERE feed = 'orders'"
        " ORDER BY delivery_key",
    ) == [(lines, len(small.repeated["fact_order"])), (lines, lines), (lines, lines)]


def test_the_same_import_again_changes_nothing(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    export = write_csv(small, tmp_path / "export")
    take_in(another, export)
    before = exact(another)
    again = take_in(another, export, at=LATER)
    assert [receipt.verdict for _, receipt in again.receipts] == ["duplicate"] * 4
    assert exact(another) == before
    undeclared = take_in(another, export, at=LATER, snapshot_at=None)
    assert [receipt.verdict for _, receipt in undeclared.receipts] == ["duplicate"] * 4
    assert exact(another) == before


def test_a_later_copy_adds_what_is_new_and_repeats_the_rest(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    some = Former(small.tables | {"fact_order": small.once().tables["fact_order"][::2]})
    take_in(another, write_csv(some, tmp_path / "one"))
    take_in(another, write_csv(small, tmp_path / "two"), at=LATER, snapshot_at=LATER)
    assert ask(another, "SELECT count(*) FROM dwh.fact_order") == [
        (len(small.once().tables["fact_order"]),)
    ]
    assert unbalanced(another) == []


def test_repeats_may_be_kept_as_lines(another: Settings, tmp_path: Path) -> None:
    at = datetime(2025, 3, 1, 10)  # noqa: DTZ001 — as the old table has it
    line = ("O1", "P1", "C1", 1, 2, "PLACED", at)
    tables: dict[str, Any] = {
        "dim_customer": [("C1", "Une Personne", "une@former.test", "1 rue", "Lyon", "France")],
        "dim_product": [("P1", "Article", "Books")],
        "fact_order": [line, line],
        "fact_clickstream": [("E1", "S1", None, "/", "view_page", at)],
    }
    folder = write_csv(Former(tables), tmp_path / "export")
    with Context.open(another, FixedClock(LATER)) as context:
        import_legacy(context, str(folder), keep_repeats=True, only_audit=True)
        source = context.source("legacy-orders")
    assert source.repeats == "keep"


def test_whatever_comes_first_the_end_is_the_same(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    """The import before live orders or after them: members know now what they never learnt."""
    with Context.open(another) as context:
        context.learn(EVENTS)
        # Made before the copy: two warehouses with the same pseudonyms.
        for purpose in PURPOSES:
            context.keystore.named_key(purpose)
    swapped = copy_of(another, tmp_path / "swapped")
    export = write_csv(small, tmp_path / "export")
    events = tmp_path / "orders.ndjson"
    events.write_text(live_orders(small), encoding="utf-8")
    take_in(another, export)
    live(another, events)
    live(swapped, events)
    later = take_in(swapped, export)
    assert later.elsewhere == 0
    one, other = (portable(each, DWH) for each in (another, swapped))
    drop_database(another, swapped.database)
    assert one == other, differences(one, other)
    moved = "SELECT count(DISTINCT country), count(*) FROM dwh.dim_customer WHERE version = 2"
    assert ask(another, moved) == [(1, 3)]
    assert (
        ask(another, "SELECT country FROM legacy.dim_customer WHERE country = 'Greece'")
        == [("Greece",)] * 3
    )


def live_orders(former: Former) -> str:
    """Orders of three former customers who live in Greece by then, as the live stream has them."""
    people = former.tables["dim_customer"][20:23]
    return "".join(
        json.dumps(
            {
                "event_id": f"e{n}", "order_id": f"LIVE-{n}", "status": "PLACED",
                "customer": {"id": person[0], "name": person[1], "country": "Greece"},
                "items": [{"product_id": "P050", "name": "Article", "category": "Books",
                           "unit_price": 5, "quantity": 1}],
                "total_amount": 5, "currency": "USD",
                "timestamp": datetime(2025, 6, 2, 8, n, tzinfo=UTC).timestamp(),
            }
        ) + "\n"
        for n, person in enumerate(people)
    )  # fmt: skip


def live(settings: Settings, path: Path) -> None:
    with Context.open(settings, FixedClock(NOW)) as context:
        receive(context, context.source("shopnow-events-orders"), [path])
        assert Conductor(context).run().published


def test_orders_that_came_by_another_way_too_are_announced(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    with Context.open(another) as context:
        context.learn(EVENTS)
    events = tmp_path / "orders.ndjson"
    events.write_text(live_orders(small).replace("LIVE-0", "O-00007"), encoding="utf-8")
    live(another, events)
    with Context.open(another, FixedClock(LATER)) as context:
        told = import_legacy(context, str(write_csv(small, tmp_path / "export")), only_audit=True)
    assert told.elsewhere == 1


def test_nothing_personal_stands_in_any_table(imported: Imported) -> None:
    wanted = [str(cell) for row in imported.former.tables["dim_customer"] for cell in row[:4]]
    wanted += [str(row[2]) for row in imported.former.tables["fact_clickstream"] if row[2]]
    wanted += [str(row[1]) for row in imported.former.tables["fact_clickstream"]]
    schemas = ("staging", "history", "quality", "dwh", "mart", "privacy", "journal", "security")
    text = "\n".join(row for rows in exact(imported.settings, schemas).values() for row in rows)
    assert "O-00007" in text
    assert [value for value in wanted if value in text] == []


def test_a_copy_that_a_killed_import_left_is_destroyed(
    small: Former, another: Settings, tmp_path: Path
) -> None:
    left = another.home / "import-legacy-left"
    left.mkdir()
    (left / "dim_customer.csv").write_text("somebody", "utf-8")
    os.utime(left, (0, 0))
    with Context.open(another, FixedClock(LATER)) as context:
        import_legacy(context, str(write_csv(small, tmp_path / "export")), only_audit=True)
    assert not left.exists()


def test_a_folder_without_the_four_tables_is_refused_whole(
    another: Settings, small: Former, tmp_path: Path
) -> None:
    folder = write_csv(small, tmp_path / "export")
    (folder / "fact_order.csv").unlink()
    with Context.open(another) as context:
        with pytest.raises(UsageError, match="fact_order"):
            import_legacy(context, str(folder))
        (folder / "fact_order.csv").write_text("order_id,product\nO1,P1\n", "utf-8")
        with pytest.raises(UsageError, match="lacks product_id, customer_id"):
            import_legacy(context, str(folder))
        with pytest.raises(UsageError, match="no folder and no connection string"):
            import_legacy(context, str(tmp_path / "nowhere"))
    assert ask(another, "SELECT count(*) FROM staging.delivery") == [(0,)]
    assert not list(another.home.glob("import-legacy-*"))

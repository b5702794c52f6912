"""Every labelled line of the ShopNow event files ends as the table of decisions says.

The files are loaded once, in one warehouse; each record is then found again by its number, its
outcome told from rejects, change logs and facts, and compared with `event_outcomes`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
from tests.acceptance.event_files import CHILD, expected_records, read_lines, told_again_later
from tests.acceptance.event_outcomes import DUPLICATE, FIRST_NAMED, GOOD, SUPERSEDED, TABLE, Fate
from tests.data import shared_data
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]

# Later than every honest time of the files, the last change of a vendor included.
RUN_AT = datetime(2025, 12, 20, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
FILES = ("vendors", "products", "orders", "clickstream")


# -- what is found -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loaded:
    """A warehouse that holds the four files, and the delivery of each."""

    settings: Settings
    deliveries: dict[str, int]

    def rows(self, query: LiteralString, **values: object) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with connect(self.settings, None) as conn:
            return conn.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def loaded(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """Give a warehouse into which the four files were loaded in one run."""
    folder = shared_data("shopnow-events")
    home = tmp_path_factory.mktemp("events")
    settings = new_warehouse(test_server, home, "events")
    with Context.open(settings, FixedClock(RUN_AT)) as context:
        keys = {}
        for name in FILES:
            source = context.learn(ROOT / "examples" / "shopnow-events" / f"{name}.yaml")
            receipt = receive(context, source, [folder / f"{name}.ndjson"])
            assert receipt.delivery_key is not None
            keys[name] = receipt.delivery_key
        report = Conductor(context).run()
    assert (report.failed, report.refused) == ({}, {})
    assert sorted(report.published) == sorted(keys.values())
    yield Loaded(settings, keys)
    drop_database(test_server, settings.database)


def found_fates(loaded: Loaded, name: str) -> dict[int, Fate]:
    """What became of every record of a delivery, by record number."""
    key = loaded.deliveries[name]
    fates: dict[int, Fate] = {}
    for record_no, codes in loaded.rows(
        "SELECT record_no, rule_codes FROM quality.reject"
        " WHERE delivery_key = %(key)s AND record_no > 0", key=key,
    ):  # fmt: skip
        fates[record_no] = Fate("rejected", frozenset(codes))
    outcomes = _logged(loaded, name) | _standing(loaded, name)
    warned = _told(loaded, "SELECT record_no, rule_code FROM quality.warning"
                           " WHERE delivery_key = %(key)s", key)  # fmt: skip
    cleaned = _told(loaded, "SELECT record_no, rule_code FROM quality.cleaning"
                            " WHERE delivery_key = %(key)s", key)  # fmt: skip
    for record_no, outcome in outcomes.items():
        fates[record_no] = Fate(
            outcome,
            warnings=frozenset(warned.get(record_no, set())) - {"unknown_seller"},
            cleanings=frozenset(cleaned.get(record_no, set())) - {"translated"},
        )
    return fates


def _told(loaded: Loaded, query: LiteralString, key: int) -> Mapping[int, set[str]]:
    told: dict[int, set[str]] = defaultdict(set)
    for record_no, code in loaded.rows(query, key=key):
        told[record_no].add(code)
    return told


_SELLERS_SAID: LiteralString = """
    SELECT seller_no::text, effective_at, source_sequence, content_hash, record_no
    FROM history.seller_change WHERE delivery_key = %(key)s
"""
_PRODUCTS_SAID: LiteralString = """
    SELECT seller_no::text || '/' || product_id, effective_at, source_sequence, content_hash,
        record_no
    FROM history.product_change WHERE delivery_key = %(key)s
"""
_OFFERS_SAID: LiteralString = """
    SELECT seller_no::text || '/' || product_id, effective_at, source_sequence, content_hash,
        record_no
    FROM history.offer_change WHERE delivery_key = %(key)s
"""
_ORDERS_SAID: LiteralString = """
    SELECT order_id, effective_at, source_sequence, content_hash, record_no
    FROM history.order_change WHERE delivery_key = %(key)s
"""
_LOGS: dict[str, tuple[LiteralString, ...]] = {
    "vendors": (_SELLERS_SAID,),
    "products": (_PRODUCTS_SAID, _OFFERS_SAID),
    "orders": (_ORDERS_SAID,),
    "clickstream": (),
}


def _logged(loaded: Loaded, name: str) -> dict[int, str]:
    """Outcomes of statements, told from their change log by rule R2 of the history."""
    outcomes = {}
    for query in _LOGS[name]:
        said: dict[Any, list[tuple[int, int, int]]] = defaultdict(list)
        rows = loaded.rows(query, key=loaded.deliveries[name])
        for thing, effective_at, sequence, content, record_no in rows:
            said[thing, effective_at].append((sequence, content, record_no))
        for statements in said.values():
            statements.sort()
            winner = statements[-1][1]
            seen = False
            for _, content, record_no in statements:
                if content != winner:
                    outcomes[record_no] = "superseded"
                else:
                    outcomes[record_no] = "duplicate" if seen else "accepted"
                    seen = True
    return outcomes


def _standing(loaded: Loaded, name: str) -> dict[int, str]:
    """Outcomes of facts: those that stand are accepted; the others were told from them."""
    key = loaded.deliveries[name]
    if name == "orders":
        facts = "SELECT record_no FROM dwh.fact_order WHERE delivery_key = %(key)s"
    elif name == "clickstream":
        facts = "SELECT record_no FROM dwh.fact_clickstream WHERE delivery_key = %(key)s"
    else:
        return {}
    return {record_no: "accepted" for (record_no,) in loaded.rows(facts, key=key)}


# -- the tests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_label_has_a_decision_and_every_decision_a_line(name: str) -> None:
    lines = read_lines(name)
    assert {line.label for line in lines} | {line.decision for line in lines} == set(TABLE[name])
    assert all(decision.why for decision in TABLE[name].values())


@pytest.mark.parametrize("name", FILES)
def test_every_record_ends_as_decided(loaded: Loaded, name: str) -> None:
    lines = read_lines(name)
    found = found_fates(loaded, name)
    wrong = []
    told_again = told_again_later(lines)
    for record in expected_records(name, lines):
        fate: Fate | None = record.fate
        # A fact that lost leaves no trace of its own: the delivery's counts tell how many.  An
        # order line carries the number of the record that said it last.
        if record.kind in ("item", "click") and fate in (DUPLICATE, SUPERSEDED):
            fate = GOOD if record.kind == "item" and fate == DUPLICATE else None
        elif record.kind == "item" and record.line_no in told_again:
            fate = None
        actual = found.pop(record.record_no, None)
        if actual != fate:
            label = next(line.decision for line in lines if line.no == record.line_no)
            wrong.append((record.line_no, record.kind, label, record.fate, actual))
    assert not wrong
    assert not found


@pytest.mark.parametrize("name", FILES)
def test_lines_and_records_add_up(loaded: Loaded, name: str) -> None:
    lines = read_lines(name)
    expected = expected_records(name, lines)
    outcomes = Counter(record.fate.outcome for record in expected)
    unreadable = [line for line in lines if TABLE[name][line.decision].record is None]
    [found] = loaded.rows(
        "SELECT lines, blank, unreadable, records, accepted, rejected, duplicate, superseded, held"
        " FROM staging.delivery WHERE delivery_key = %(key)s",
        key=loaded.deliveries[name],
    )
    assert found == (
        len(lines), 0, len(unreadable), len(expected), outcomes["accepted"], outcomes["rejected"],
        outcomes["duplicate"], outcomes["superseded"], 0,
    )  # fmt: skip
    # Every line has a record, or is unreadable: one reject that names its line.
    assert {record.line_no for record in expected} | {line.no for line in unreadable} == {
        line.no for line in lines
    }
    rejects = loaded.rows(
        "SELECT line_no, rule_codes FROM quality.reject"
        " WHERE delivery_key = %(key)s AND record_no = 0 ORDER BY line_no",
        key=loaded.deliveries[name],
    )
    assert rejects == [
        (line.no, sorted(TABLE[name][line.decision].first.codes)) for line in unreadable
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_seller_is_announced_once_when_first_named(loaded: Loaded, name: str) -> None:
    found = loaded.rows(
        "SELECT line_no FROM quality.warning"
        " WHERE delivery_key = %(key)s AND rule_code = 'unknown_seller'",
        key=loaded.deliveries[name],
    )
    assert {line_no for (line_no,) in found} == FIRST_NAMED.get(name, set())


def test_sellers_of_the_case_that_stand_out(loaded: Loaded) -> None:
    versions = loaded.rows(
        "SELECT seller_id, seller_name, status, commission_pct, valid_from, is_inferred"
        " FROM dwh.dim_seller WHERE seller_id IN ('ARDFIL00', 'FJOFIL02', 'NOPE99', 'PETPOISAR3')"
        " ORDER BY seller_id, valid_from"
    )
    first = datetime(1900, 1, 1, tzinfo=UTC)
    assert versions == [
        # A late event opens the past; one that changes nothing opens no version.
        ("ARDFIL00", "Ardoise & Fils", "active", Decimal("10.82"), _at(1761908000), False),
        ("ARDFIL00", "Ardoise & Fils", "active", Decimal("12.32"), _at(1765364000), False),
        ("ARDFIL00", "Ardoise & Fils", "suspended", Decimal("12.32"), _at(1766228000), False),
        ("FJOFIL02", "FJORD & FILS", "active", Decimal("15.84"), _at(1764507200), False),
        ("NOPE99", None, None, None, first, True),
        ("PETPOISAR3", "Petit Pois SARL", "suspended", Decimal("17.39"), _at(1764629600), False),
    ]
    # Upper or lower case, one seller; UUIDs of all files agree.
    assert not loaded.rows(
        "SELECT upper(seller_id) FROM security.seller_identifier GROUP BY 1 HAVING count(*) > 1"
    )


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_orders_of_the_case_that_stand_out(loaded: Loaded) -> None:
    lines = {line.no: line for line in read_lines("orders")}
    headers = {
        row[0]: row[1:]
        for row in loaded.rows(
            "SELECT order_id, status, purchased_at, cancelled_at, is_complete, customer_no,"
            " seller_nos FROM dwh.fact_order_header"
        )
    }
    for line in lines.values():
        if line.content is None or not line.content.get("order_id"):
            continue
        header = headers.get(f"shopnow:{line.content['order_id']}")
        decision = TABLE["orders"][line.decision]
        if decision.record is None or decision.record.outcome == "rejected":
            assert header is None or decision.record is None, line
            continue
        assert header is not None, line
        status, purchased_at, cancelled_at, is_complete, customer_no, seller_nos = header
        assert is_complete == (
            "rejected" not in (decision.first.outcome, decision.children.outcome)
        ), line
        if "missing_customer" in decision.record.warnings:
            assert customer_no == -1
        if line.decision in ("vendor_id_null", "vendor_id_missing"):
            assert 0 in seller_nos
        if line.decision == "vendor_id_lower_case":
            assert len(seller_nos) == 1
        if line.decision == "same_order_new_event_status_change":
            assert (status, cancelled_at) == ("cancelled", _moment(line.content))
        if line.decision == "changed_later":
            assert (status, purchased_at) == ("cancelled", _moment(line.content))


def _moment(event: dict[str, Any]) -> datetime:
    """The event's time; fractions of a second as they are written."""
    whole, _, fraction = str(event["timestamp"]).partition(".")
    return _at(int(whole)).replace(microsecond=int(fraction[:6].ljust(6, "0") or 0))


def test_the_traps_of_the_payloads(loaded: Loaded) -> None:
    clicks, anonymous, matched = loaded.rows(
        "SELECT count(*), count(*) FILTER (WHERE customer_no = -2),"
        " count(*) FILTER (WHERE customer_no >= 0) FROM dwh.fact_clickstream"
    )[0]
    sessions, in_session = loaded.rows(
        "SELECT count(DISTINCT session_ref), count(session_ref) FROM dwh.fact_clickstream"
    )[0]
    currencies = loaded.rows("SELECT currency, sum(line_amount) FROM dwh.fact_order GROUP BY 1")
    # T3: the visitors' ids are never customers' ids.  T4: a session never has a second event.
    # T5: anonymous visits are there.  T6: one currency, and it is not the house's.
    assert (clicks, anonymous, matched) == (482, 88, 0)
    assert (sessions, in_session) == (478, 478)
    assert [currency for currency, _ in currencies] == ["USD"]
    # T8: commissions stand in percent.  T13: the house and the unknown seller are two.
    assert loaded.rows(
        "SELECT min(commission_pct) >= 10, max(commission_pct) <= 25 FROM dwh.dim_seller"
    ) == [(True, True)]
    assert loaded.rows("SELECT count(*) FROM dwh.fact_order WHERE seller_no = -1") == [(0,)]
    _write_evidence(loaded, {
        "T3_clicks_of_known_customers": matched, "T3_match_rate_pct": 0.0,
        "T4_sessions": sessions, "T4_events_with_session": in_session,
        "T5_anonymous_clicks": anonymous, "clicks": clicks,
        "T6_amount_by_currency": {currency: str(amount) for currency, amount in currencies},
    })  # fmt: skip


def _write_evidence(loaded: Loaded, traps: dict[str, object]) -> None:
    """The table as it came out, for the reader of `build/evidence`."""
    files: dict[str, object] = {}
    for name in FILES:
        lines = read_lines(name)
        records = expected_records(name, lines)
        counts = Counter(line.decision for line in lines)
        files[name] = {
            "lines": len(lines),
            "records": len(records),
            "outcomes": Counter(record.fate.outcome for record in records),
            "decisions": {
                label: {
                    "lines": counts[label],
                    "record": _words(decision.record),
                    "children": _words(decision.children) if name in CHILD else None,
                    "first_child": _words(decision.first) if name in CHILD else None,
                    "why": decision.why,
                }
                for label, decision in TABLE[name].items()
            },
        }
    target = ROOT / "build" / "evidence" / "event-outcomes.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {"run_at": RUN_AT.isoformat(), "files": files, "traps": traps}
    target.write_text(
        json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False) + "\n",
        encoding="utf-8",
    )


def _words(fate: Fate | None) -> str:
    if fate is None:
        return "unreadable"
    extras = sorted(fate.codes | fate.warnings | fate.cleanings)
    return fate.outcome + (f" ({', '.join(extras)})" if extras else "")

"""Dirty deliveries of sellers, whatever becomes of them: no record and no line is ever lost.

Several sellers and feeds, full lists and news, files that nobody can read, identifiers of others,
deliveries that the guard or a circuit breaker holds, decisions of people: after each run every
record has one outcome, every line one place, and the quality history says the same counts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from tests.market import Market, open_market
from tests.warehouse_state import unbalanced

from shopnow.kernel import UsageError, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import (
    change_breaker,
    decide,
    list_breakers,
    plan_breaker,
    plan_decision,
    receive,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings
    from shopnow.pipeline import Decision

pytestmark = pytest.mark.properties
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "0"))
SELLERS = ("C1", "C2", "C3")
_RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
_IDS = st.sampled_from([*SELLERS, "C1 ", "", "NOBODY"])
_SKUS = st.sampled_from(["P1", "P2", "P3", "", " P1\u00a0"])
_PRODUCT = st.builds(
    "{},{},{},Bel,{},{}".format, _IDS, _SKUS, st.sampled_from(["Vase", " Vase", ""]),
    st.sampled_from(["Maison", "Nulle part", ""]), st.sampled_from(["active", "pause", "vivant"]),
)  # fmt: skip
_OFFER = st.builds(
    "{},{},{}".format, _SKUS, st.sampled_from(["9.50", "-1", "free", "9,50", ""]),
    st.sampled_from(["3", "many", ""]),
)  # fmt: skip
_OBJECT = st.sampled_from([
    '{"sku": "P1", "price": 9.5, "stock": 3}', '{"sku": "P2", "price": "free"}', "{", "[]", "null",
    '{"sku": "P1", "price": 9.5, "stock": 3, "note": "x"}', '{"other": 1}', '{"sku": "P3"}',
])  # fmt: skip
_NOISE = st.one_of(
    st.sampled_from(["", "   ", "too,few", "a,b,c,d,e,f,g,h", 'x,"open', '"two\nlines",P9,V,B,,']),
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30),
)
_DECISIONS: tuple[Decision | None, ...] = ("approved", "refused", None)
_LINE_OF = {"products": _PRODUCT, "offers": _OFFER, "stream": _OBJECT}


@dataclass(frozen=True)
class Sent:
    """One delivery: who sends what through which source, and how much of it over and over."""

    seller: str
    feed: str
    mode: str
    lines: tuple[str, ...]
    times: int


@st.composite
def _sent(draw: st.DrawFn) -> Sent:
    feed = draw(st.sampled_from(sorted(_LINE_OF)))
    line = st.one_of(_LINE_OF[feed], _LINE_OF[feed], _NOISE)
    return Sent(
        draw(st.sampled_from(SELLERS)), feed, draw(st.sampled_from(["delta", "delta", "full"])),
        tuple(draw(st.lists(line, max_size=8))), draw(st.sampled_from([1, 1, 8])),
    )  # fmt: skip


@pytest.fixture(scope="module")
def market(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Give a market that takes in the deliveries of all examples."""
    home = tmp_path_factory.mktemp("conserved") / "home"
    opened = open_market(test_server, home, SELLERS, sorted(_LINE_OF))
    yield opened
    drop_database(test_server, opened.settings.database)


def sends(market: Market, sent: Sent) -> int | None:
    heads = {"products": ["seller,sku,title,brand,category,status"], "offers": ["sku,price,stock"]}
    lines = [*heads.get(sent.feed, []), *sent.lines * sent.times]
    path = market.folder / "file"
    path.write_bytes("\n".join(lines).encode() + b"\n")
    with market.context() as context:
        source = context.source(f"{sent.seller}-{sent.feed}")
        return receive(context, source, [path], mode=sent.mode).delivery_key


def decides(market: Market, choice: int) -> None:
    """Somebody looks at what is held, and closes a breaker now and then."""
    with market.context() as context, connect(market.settings) as conn:
        held = conn.execute("SELECT delivery_key FROM staging.delivery WHERE state = 'held'")
        for (key,) in held.fetchall():
            decision = _DECISIONS[(key + choice) % 3]
            if decision is not None:
                decide(context, conn, plan_decision(conn, key, decision), "ada")
        for one in list_breakers(conn, only_open=True):
            if choice % 2:
                try:
                    plan = plan_breaker(conn, str(one.seller_no), opens=False)
                except UsageError:
                    continue
                change_breaker(context, conn, plan, "ada", "vu")


def waiting_rows(market: Market) -> int:
    """Rows of records that stand in staging; none outlives its batch."""
    tables = market.ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'staging'::regnamespace"
        " AND relkind = 'r' AND relpersistence = 'u'"
    )
    with connect(market.settings) as conn:
        return sum(
            conn.execute(
                sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("staging", row["relname"]))
            ).fetchall()[0][0]
            for row in tables
        )


def _odd(market: Market) -> list[object]:
    """Deliveries whose lines, records, rejects or judgement do not agree."""
    return [dict(row) for row in market.ask(
        """
        SELECT d.delivery_key, d.state, d.lines, d.blank, d.unreadable, d.records, d.rejected,
            d.held, j.records AS judged, r.records AS rejects
        FROM staging.delivery AS d
        LEFT JOIN quality.judged_delivery AS j USING (delivery_key)
        LEFT JOIN staging.delivery_decision AS x USING (delivery_key)
        CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE record_no > 0) AS records,
                count(*) FILTER (WHERE record_no = 0) AS lines
            FROM quality.reject AS r WHERE r.delivery_key = d.delivery_key
        ) AS r
        WHERE d.sender_no > 0 AND (
            d.state NOT IN ('published', 'held', 'refused')
            OR d.records IS NOT NULL AND (
                d.lines <> d.blank + d.unreadable + d.records
                OR d.rejected <> r.records OR d.unreadable <> r.lines
                OR d.state = 'held' AND d.held <> d.records - d.rejected
                OR x.decision IS DISTINCT FROM 'refused' AND j.delivery_key IS NULL
                OR (j.records, j.unreadable) <> (d.records, d.unreadable)
                OR x.decision IS DISTINCT FROM 'refused' AND j.rejected <> d.rejected
            )
        )
        """
    )]  # fmt: skip


@settings(
    max_examples=EXAMPLES or 6, deadline=None, print_blob=True, suppress_health_check=_RELAXED
)
@given(days=st.lists(st.lists(_sent(), min_size=1, max_size=6), min_size=1, max_size=3),
       choice=st.integers(0, 5))  # fmt: skip
def test_no_record_of_a_seller_is_ever_lost(
    market: Market, days: list[list[Sent]], choice: int
) -> None:
    for deliveries in days:
        market.day += 1
        for sent in deliveries:
            sends(market, sent)
        report = market.runs()
        assert report.failed == {}
        assert unbalanced(market.settings) == []
        assert _odd(market) == []
        assert waiting_rows(market) == 0
        decides(market, choice)
    report = market.runs()
    assert report.failed == {}
    assert unbalanced(market.settings) == []
    assert _odd(market) == []

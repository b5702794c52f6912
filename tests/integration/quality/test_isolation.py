"""One seller that sends nothing but garbage: the forty-nine others are loaded, and on time."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from tests.market import garbage, good, open_market

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel.server import drop_database
from shopnow.marts import load_marts

if TYPE_CHECKING:
    from tests.market import Market

    from shopnow.kernel import Settings
    from shopnow.pipeline import RunReport

pytestmark = pytest.mark.integration
_EVIDENCE = Path(__file__).resolve().parents[3] / "build" / "evidence"
SELLERS = tuple(f"G{number:02d}" for number in range(1, 51))
GUILTY, OTHERS = SELLERS[0], SELLERS[1:]


def rubbish(market: Market, lines: int) -> list[int]:
    """Everything that the guilty seller sends before anybody else does."""
    source = f"{GUILTY}-products"
    whole = "\n".join(["seller,sku,title,brand,category,status", *garbage(GUILTY, 200)])
    keys = [
        market.receives(source, *garbage(GUILTY, lines)),
        market.receives(source, *("x," * (n % 40) for n in range(lines))),
        market.receives(source, *good(OTHERS[0], lines)),
        market.receives(source, '"' * 3_001, *["a,b\x00c"] * 500),
    ]
    keys += [
        market.receives_bytes(source, content)
        for content in (
            bytes(range(256)) * 4_000,
            b"\x1f\x8b" + b"\x00" * 5_000,
            gzip.compress(whole.encode())[:-20],
            gzip.compress(b"a" * (256 << 20)),
            b"<html><body>503 Service Unavailable</body></html>",
            "référence;désignation\n".encode("utf-16") + b"\xd8\x00" * 99,
        )
    ]
    return keys + [market.receives(source, *garbage(GUILTY, n % 7 + 1)) for n in range(60)]


def timed(market: Market) -> tuple[RunReport, float]:
    began = perf_counter()
    report = market.runs()
    return report, perf_counter() - began


@pytest.mark.parametrize("lines", [2_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_garbage_of_one_leaves_forty_nine_on_time(
    test_server: Settings, tmp_path: Path, lines: int
) -> None:
    market = open_market(test_server, tmp_path / "market", SELLERS)
    quiet = {s: market.receives(f"{s}-products", *good(s, 50)) for s in OTHERS}
    report, alone = timed(market)
    assert sorted(report.published) == sorted(quiet.values())

    market.day = 1
    bad = rubbish(market, lines)
    fine = {s: market.receives(f"{s}-products", *good(s, 50, title="Pot")) for s in OTHERS}
    report, beside = timed(market)
    assert sorted(report.published) == sorted(fine.values())
    assert report.failed == {}
    assert set(report.held) | set(report.refused) == set(bad), "each is answered, none is loaded"
    (mart,) = (one for one in load_marts(market.settings) if one.name == "seller_quality")
    assert beside < mart.freshness.total_seconds()
    titles = market.ask(
        "SELECT count(*) AS n FROM dwh.dim_product WHERE is_current AND title LIKE 'Pot %%'"
    )
    assert titles == [{"n": 49 * 50}]
    assert market.ask("SELECT 1 FROM dwh.dim_product WHERE seller_no = %s AND product_key > 0"
                      " AND title IS NOT NULL", market.number(GUILTY)) == []  # fmt: skip
    scores = market.ask(
        "SELECT seller_no = %s AS guilty, max(score) AS score FROM mart.seller_quality"
        " WHERE date_on = %s AND seller_no > 0 GROUP BY 1 ORDER BY 1",
        market.number(GUILTY), market.now.date(),
    )  # fmt: skip
    assert [(row["guilty"], row["score"]) for row in scores] == [(False, 100), (True, 0)]
    # Next day the breaker is open: what the others send is loaded, what it sends waits.
    market.day = 2
    waits = market.receives(f"{GUILTY}-products", *good(GUILTY, 5))
    goes = market.receives(f"{OTHERS[7]}-products", *good(OTHERS[7], 5, title="Bol"))
    report = market.runs()
    assert (report.published, list(report.held)) == ([goes], [waits])
    drop_database(test_server, market.settings.database)
    name = "one-garbage-seller" if lines > 2_000 else "one-garbage-seller-small"
    write_evidence(
        _EVIDENCE / f"{name}.json",
        criterion="one seller sending only garbage leaves 49 others on time",
        command="python -m pytest tests/integration/quality/test_isolation.py -m ''",
        figures=[
            Measured("sellers", 50, "count", "vendeurs, dont un n'envoie que du rebut"),
            Measured("garbage deliveries", len(bad), "count", "livraisons de rebut"),
            Measured("garbage lines", lines * 3, "count", "lignes de rebut dans les plus grandes"),
            Measured("others published", len(fine), "count", "livraisons des autres, publiées"),
            Measured("run without garbage", round(alone, 2), "second", "exécution sans rebut"),
            Measured("run with garbage", round(beside, 2), "second", "exécution avec le rebut"),
            Measured("target", mart.freshness.total_seconds(), "second", "fraîcheur promise"),
        ],
        measured_at=datetime.now(UTC),
        conditions={"fsync of the server": "off", "runs": "1"},
    )

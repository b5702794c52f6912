"""A corpus of ugly files, one defect each: read right, or refused with code and physical line.

The corpus is made here by a seeded generator (`tests/ugly`), delivered in one go and run once.
Every seeded defect has to be found where it stands, and nothing else may be.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
import yaml
from tests.figures import prove
from tests.ugly import goods
from tests.ugly.model import Case, corpus, described, source_yaml
from tests.warehouse_state import staging_rows, unbalanced
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]

NOW = datetime(2025, 4, 1, 8, tzinfo=UTC)
DEFECTS = Path(goods.__file__).with_name("DEFECTS.md")
CASES = corpus()
REJECTS: LiteralString = """
    SELECT delivery_key, line_no, kind, rule_codes FROM quality.reject
"""
PRODUCTS: LiteralString = """
    SELECT product_id, title, coalesce(description, ''), coalesce(gtin, ''), status
    FROM dwh.dim_product WHERE is_current AND NOT is_inferred
"""
OFFERS: LiteralString = "SELECT product_id, unit_price, stock_quantity FROM dwh.fact_offer"


@dataclass(frozen=True)
class Outcome:
    """What the warehouse says of the corpus."""

    settings: Settings
    deliveries: dict[str, tuple[Any, ...]]
    rejects: dict[str, list[tuple[int, str, set[str]]]]
    products: dict[str, tuple[str, ...]]
    offers: dict[str, tuple[Decimal, int]]


@pytest.fixture(scope="module")
def outcome(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """The corpus, delivered and run once."""
    folder = tmp_path_factory.mktemp("ugly")
    settings = new_warehouse(test_server, folder / "home", "ugly")
    keys = _deliver(settings, folder)
    yield _look(settings, keys)
    drop_database(test_server, settings.database)


def _deliver(settings: Settings, folder: Path) -> dict[int, str]:
    keys = {}
    with Context.open(settings, FixedClock(NOW)) as context, connect(settings) as conn:
        conn.autocommit = True
        for number, case in enumerate(CASES):
            mapping = folder / f"{number}.yaml"
            mapping.write_text(yaml.safe_dump(source_yaml(case), allow_unicode=True), "utf-8")
            file = folder / f"{number}.data"
            file.write_bytes(case.content)
            source = context.learn(mapping)
            # Two files of the corpus may be the same bytes, each of its own source.
            receipt = receive(context, source, [file], conn=conn)
            assert receipt.delivery_key is not None, case.name
            keys[receipt.delivery_key] = case.name
            file.unlink()
        report = Conductor(context).run()
    assert report.failed == {}
    return keys


def _look(settings: Settings, keys: dict[int, str]) -> Outcome:
    rejects: dict[str, list[tuple[int, str, set[str]]]] = {}
    with connect(settings) as conn:
        for key, line, kind, codes in conn.execute(REJECTS).fetchall():
            rejects.setdefault(keys[key], []).append((line, kind, set(codes)))
        deliveries = {
            keys[row[0]]: row[1:]
            for row in conn.execute(
                "SELECT delivery_key, state, reason, records, accepted, duplicate, unreadable"
                " FROM staging.delivery"
            ).fetchall()
        }
        products = {row[0]: row[1:] for row in conn.execute(PRODUCTS).fetchall()}
        offers = {row[0]: row[1:] for row in conn.execute(OFFERS).fetchall()}
    return Outcome(settings, deliveries, rejects, products, offers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_has_its_outcome(outcome: Outcome, case: Case) -> None:
    state, reason, *_ = outcome.deliveries[case.name]
    if case.refused:
        assert state == "refused", (state, outcome.rejects.get(case.name))
        assert reason.startswith(f"{case.refused[0]} : "), reason
        for word in case.refused[1:]:
            assert word in reason, reason
        assert case.name not in outcome.rejects
        return
    assert state == "published", reason
    found: dict[int, set[str]] = {}
    for line, _, codes in outcome.rejects.get(case.name, ()):
        # An offer stands on its product's line: that this one is rejected says nothing new.
        found.setdefault(line, set()).update(codes - {"parent_rejected"})
    assert found == case.rejects | {line: {code} for line, code in case.bad.items()}


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.refused], ids=lambda case: case.name
)
def test_every_clean_record_is_accepted_with_its_values(outcome: Outcome, case: Case) -> None:
    touched = {*case.rejects, *case.bad}
    words = {"actif": "active"}
    for row, line in zip(case.table, case.lines, strict=True):
        if line in touched:
            continue
        said = words.get(row["status"], row["status"])
        wanted = tuple(row[name].strip() for name in ("title", "description", "ean"))
        assert outcome.products[row["sku"]] == (*wanted, said), line
        assert outcome.offers[row["sku"]] == (Decimal(row["price"]), int(row["stock"])), line


def test_nothing_is_lost_and_the_figures_are_written(outcome: Outcome) -> None:
    assert unbalanced(outcome.settings) == []
    assert staging_rows(outcome.settings) == 0
    seeded = Counter[str]()
    for case in CASES:
        seeded["files"] += 1
        seeded["files refused"] += bool(case.refused)
        seeded["lines unreadable"] += len(case.bad)
        seeded["records rejected"] += len(case.rejects)
        seeded["defects"] += bool(case.refused) + len(case.bad) + len(case.rejects)
    missed = wrong = clean = 0
    for case in CASES:
        seeded_here = {*case.rejects, *case.bad}
        found = {line for line, _, _ in outcome.rejects.get(case.name, ())}
        missed += len(seeded_here - found)
        missed += bool(case.refused) and outcome.deliveries[case.name][0] != "refused"
        if not case.refused:
            clean += len(case.table) - len(seeded_here)
            wrong += len(found - seeded_here)
    prove(
        "ugly-files",
        "C16-12: every seeded defect is found where it stands, no clean record is rejected",
        {
            **seeded,
            "defects missed": missed,
            "clean records": clean,
            "clean records rejected": wrong,
        },
        test_nothing_is_lost_and_the_figures_are_written,
    )
    assert (missed, wrong) == (0, 0)


def test_the_corpus_is_the_same_each_time_and_its_list_is_written_down() -> None:
    assert [case.content for case in corpus()] == [case.content for case in CASES]
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    lines = DEFECTS.read_text(encoding="utf-8").splitlines()
    listed = lines[lines.index("| --- | --- |") + 1 :]
    assert listed == [described(case) for case in CASES]

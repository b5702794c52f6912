"""Replay of rejects: as if the rule had held from the start, once, and traced to the same line."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
from tests import marketplace
from tests.warehouse_state import differences, portable, staging_rows, unbalanced
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, UsageError, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import (
    Conductor,
    Context,
    add_alias,
    answer_delivery,
    audit_history,
    plan_replay,
    receive,
    replay,
    trace_record,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from shopnow.kernel import Settings
    from shopnow.pipeline import ReplayPlan

pytestmark = pytest.mark.integration
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
HEAD = "sku;titre;rayon;statut;prix"
_NUMBERS = itertools.count(1)
SHELF = """
name: {name}
sender: S1
system: bazar
feed: products
categories: house
mode: {mode}
format: csv
dialect: {{delimiter: ";"}}
records:
  product:
    fields: {{product_id: sku, title: titre, source_category: rayon, status: statut}}
  offer:
    fields: {{product_id: sku, unit_price: prix, currency: {{const: EUR}}}}
"""
# Day, source, lines.  « Bibelots » is a word that the tree does not know.
DAYS = (
    (1, "rayon", ("A;Vase bleu;Maison > Décoration;actif;10", "B;Vase vert;Bibelots;actif;11",
                  "C;Coq en bois;Bibelots;en pause;12")),
    (2, "rayon", ("B;Vase vert;Maison;retiré;11", "D;Lampe;Bibelots;actif;-3")),
    (3, "rayon", ("C;Coq en bois;Bibelots;actif;13", "A;Vase bleu;Bibelots;actif;10")),
    (4, "liste", ("A;Vase bleu;Maison;actif;10", "B;Vase vert;Bibelots;actif;9",
                  "E;Cadre;Bibelots;actif;5")),
    (6, "liste", ("A;Vase bleu;Maison;actif;10", "E;Cadre;Bibelots;actif;6")),
)  # fmt: skip

ORDERS = """
name: commandes
sender: platform
system: bazar
feed: orders
format: ndjson
order_namespace: c
records:
  order:
    fields: {order_id: id, purchased_at: at, said_at: at, status: {const: placed},
             currency: {const: EUR}}
  item:
    each: items
    fields: {order_id: $.id, product_id: sku, quantity: n, unit_price: prix, currency: devise,
             ordered_at: $.at}
"""


@dataclass
class Shop:
    """A seller's shop in a warehouse of its own."""

    settings: Settings
    folder: Path

    def context(self) -> Context:
        return Context.open(self.settings, FixedClock(NOW))

    def takes(
        self, source: str, lines: Sequence[str], day: int, corrects: int | None = None
    ) -> int:
        path = self.folder / f"{source}-{next(_NUMBERS)}.csv"
        path.write_text("\n".join((HEAD, *lines)) + "\n", "utf-8")
        at = datetime(2025, 5, day, tzinfo=UTC)
        with self.context() as context:
            receipt = receive(
                context, context.source(source), [path], effective_at=at, corrects=corrects
            )
            report = Conductor(context).run()
        assert receipt.delivery_key in report.published, report
        assert receipt.delivery_key is not None
        return receipt.delivery_key

    def knows(self, word: str = "Bibelots", category: str = "Maison > Décoration") -> None:
        with connect(self.settings) as conn:
            add_alias(conn, word, category, sender="S1", now=NOW, who="test")

    def plan(self, *, delivery_key: int | None = None, rule: str | None = None) -> ReplayPlan:
        with self.context() as context, connect(self.settings) as conn:
            return plan_replay(context, conn, delivery_key=delivery_key, rule=rule)

    def replays(self, *, delivery_key: int | None = None, rule: str | None = None) -> list[int]:
        with self.context() as context:
            with connect(self.settings) as conn:
                plan = plan_replay(context, conn, delivery_key=delivery_key, rule=rule)
                made = replay(context, conn, plan, "test")
            report = Conductor(context).run()
        assert not report.failed
        assert report.published == made
        return made

    def ask(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        with connect(self.settings) as conn:
            return conn.execute(query, values).fetchall()

    def state(self) -> dict[str, list[Any]]:
        return portable(self.settings, ("dwh",))

    def is_sound(self) -> None:
        """Counts add up, nothing is left over, history rebuilds to what it is."""
        assert unbalanced(self.settings) == []
        assert staging_rows(self.settings) == 0
        with self.context() as context:
            report = audit_history(self.settings, context.contracts, FixedClock(NOW))
        assert not report.findings


@pytest.fixture(scope="module")
def seller_known(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give a warehouse that knows the seller S1 and the tree: copy it."""
    home = tmp_path_factory.mktemp("replay") / "home"
    settings = new_warehouse(test_server, home, "replay")
    marketplace.prepare(settings)
    folder = home / "sources" / "S1"
    folder.mkdir(parents=True)
    for source, mode in (("rayon", "delta"), ("liste", "full")):
        (folder / f"{source}.yaml").write_text(SHELF.format(name=source, mode=mode), "utf-8")
    sellers = [one for one in marketplace.day_one() if one.source == "bazar-sellers"]
    marketplace.load(settings, sellers, home / "outbox")
    yield settings
    drop_database(test_server, settings.database)


@pytest.fixture
def shops(seller_known: Settings, tmp_path: Path) -> Iterator[Callable[[], Shop]]:
    """Give a function that opens a new shop."""
    opened: list[Settings] = []

    def new() -> Shop:
        folder = tmp_path / f"desk{len(opened)}"
        folder.mkdir()
        opened.append(marketplace.copy_of(seller_known, tmp_path / f"home{len(opened)}"))
        return Shop(opened[-1], folder)

    yield new
    for settings in opened:
        drop_database(seller_known, settings.database)


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 2, 0, 3, 1)], ids=["in time", "late"])
def test_a_replay_is_as_if_the_word_had_been_known_from_the_start(
    shops: Callable[[], Shop], order: tuple[int, ...]
) -> None:
    knowing, learning = shops(), shops()
    knowing.knows()
    for day, source, lines in (DAYS[at] for at in order):
        knowing.takes(source, lines, day)
        learning.takes(source, lines, day)
    assert differences(knowing.state(), learning.state())
    before = learning.ask("SELECT delivery_key, rejected, accepted FROM staging.delivery")
    learning.knows()
    plan = learning.plan(rule="unknown_category")
    assert (plan.looked_at, plan.passing) == (16, 15)
    # The product that passes now does not make the price of its line a good one.
    [price] = [one for one in plan.rules if one.rule == "negative_value"]
    assert (price.before, price.now) == (1, 1)
    made = learning.replays(rule="unknown_category")
    assert differences(knowing.state(), learning.state()) == ""
    learning.is_sound()
    # What was counted stays counted; a second time there is nothing to do.
    after = learning.ask(
        "SELECT delivery_key, rejected, accepted FROM staging.delivery WHERE replay_of IS NULL"
    )
    assert sorted(after) == sorted(before)
    assert learning.plan(rule="unknown_category").passing == 0
    assert learning.ask(
        "SELECT e.ending, count(*) FROM quality.reject_end AS e JOIN quality.reject AS r"
        " USING (delivery_key, file_no, line_no, record_no)"
        " WHERE r.state = 'replayed' AND e.by_delivery = ANY(%s) GROUP BY 1",
        made,
    ) == [("replayed", 15)]


def test_a_replayed_record_is_traced_to_its_line_and_told_to_its_sender(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    key = shop.takes("rayon", DAYS[0][2], 1)
    shop.knows()
    [made] = shop.replays(delivery_key=key)
    [(line, record)] = shop.ask(
        "SELECT source_line, record_no FROM dwh.dim_product WHERE delivery_key = %s"
        " AND product_id = 'B' AND is_current", made,
    )  # fmt: skip
    assert line == 3
    with shop.context() as context, connect(shop.settings) as conn:
        [traced] = [
            one for one in trace_record(context, conn, made, record)
            if one.row.kind == "product"
        ]  # fmt: skip
        assert traced.origin is not None
        assert (
            traced.origin.file.landing_path
            == shop.ask(
                "SELECT landing_path FROM staging.delivery_file WHERE delivery_key = %s", key
            )[0][0]
        )
        # Nothing is left that the sender would have to mend.
        assert list(answer_delivery(context, conn, key).lines) == []
        with pytest.raises(UsageError, match=f"rejects of delivery {key}"):
            answer_delivery(context, conn, made)
    shop.is_sound()


def test_what_contradicts_its_own_file_is_not_let_in_by_the_back_door(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    key = shop.takes("rayon", ("A;Un;Maison;actif;1", "A;Deux;Bibelots;actif;1"), 1)
    shop.knows()
    plan = shop.plan(delivery_key=key)
    assert plan.passing == 0
    assert "repeated_key" in {one.rule for one in plan.rules}


def test_what_a_person_refused_and_what_is_replayed_already_stays_alone(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    key = shop.takes("rayon", DAYS[0][2], 1)
    shop.knows()
    with shop.context() as context, connect(shop.settings) as conn:
        plan = plan_replay(context, conn, delivery_key=key)
        [made] = replay(context, conn, plan, "test")
        # It waits for a run: a second plan does not take the same records.
        assert plan_replay(context, conn, delivery_key=key).looked_at == 0
    assert shop.ask("SELECT state, replay_of FROM staging.delivery WHERE delivery_key = %s", made)
    with shop.context() as context:
        assert Conductor(context).run().published == [made]
    # The same bytes again are the duplicate of the delivery, whatever was replayed since.
    path = shop.folder / "again.csv"
    path.write_text("\n".join((HEAD, *DAYS[0][2])) + "\n", "utf-8")
    with shop.context() as context:
        assert receive(context, context.source("rayon"), [path]).verdict == "duplicate"


def test_a_changed_source_that_numbers_otherwise_stops_the_replay(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    key = shop.takes("rayon", DAYS[0][2], 1)
    shop.knows()
    file = shop.settings.home / "sources" / "S1" / "rayon.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("feed: products", "lines: {keep: {statut: [en pause]}}\n"
                                 "feed: products"), "utf-8")  # fmt: skip
    plan = shop.plan(delivery_key=key)
    assert plan.passing == 0
    assert "numérote autrement" in plan.deliveries[0].stopped


def test_a_corrected_file_takes_in_what_differs_and_ends_its_rejects(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    first = shop.takes("rayon", DAYS[0][2], 1)
    newer = shop.takes("rayon", ("A;Vase bleu;Maison;retiré;10",), 3)
    mended = [line.replace("Bibelots", "Maison") for line in DAYS[0][2]]
    second = shop.takes("rayon", mended, 5, corrects=first)
    [counts] = shop.ask(
        "SELECT records, accepted, rejected, duplicate FROM staging.delivery"
        " WHERE delivery_key = %s", second,
    )  # fmt: skip
    # The line of A is passed over: what was said of it since stays true.
    assert counts == (6, 4, 0, 2)
    assert newer
    assert shop.ask(
        "SELECT product_id, status FROM dwh.dim_product WHERE is_current AND product_id = 'A'"
        " AND seller_no > 0"
    ) == [("A", "withdrawn")]
    ends = "SELECT ending, by_delivery, count(*) FROM quality.reject_end GROUP BY 1, 2"
    assert shop.ask(ends) == [("corrected", second, 4)]
    assert shop.ask("SELECT count(*) FROM quality.reject WHERE state = 'open'"
                    " AND delivery_key = %s", first) == [(0,)]  # fmt: skip
    shop.is_sound()


def test_a_reject_ends_when_its_sender_speaks_of_the_same_thing_again(
    shops: Callable[[], Shop],
) -> None:
    shop = shops()
    first = shop.takes("rayon", DAYS[0][2], 1)
    second = shop.takes("rayon", ("B;Vase vert;Maison;actif;11", "Z;Autre;Bibelots;actif;1"), 2)
    rows: LiteralString = """
        SELECT DISTINCT e.delivery_key, r.line_no, e.ending FROM quality.reject_end AS e
        JOIN quality.reject AS r USING (delivery_key, file_no, line_no, record_no)
    """
    assert shop.ask(rows) == [(first, 3, "said_again")]
    whole = shop.takes("liste", ("C;Coq en bois;Maison;actif;12",), 3)
    # Another source of the same sender and feed spoke of C; Z waits.
    assert sorted(shop.ask(rows))[1:] == [(first, 4, "said_again")]
    assert whole > second
    last = shop.takes("liste", ("C;Coq en bois;Bidule;actif;12",), 4)
    shop.takes("liste", ("C;Coq en bois;Maison;actif;12",), 5)
    assert (last, 2, "full") in shop.ask(rows)
    shop.is_sound()


def test_a_file_corrects_only_what_its_own_source_sent(shops: Callable[[], Shop]) -> None:
    shop = shops()
    first = shop.takes("rayon", DAYS[0][2], 1)
    with pytest.raises(UsageError, match="no file of source liste"):
        shop.takes("liste", DAYS[0][2], 2, corrects=first)


@pytest.mark.parametrize("way", ["replayed", "said_again"])
def test_an_order_is_complete_again_when_its_last_article_was_judged_anew(
    shops: Callable[[], Shop], way: str
) -> None:
    shop = shops()
    file = shop.settings.home / "sources" / "platform" / "commandes.yaml"
    file.write_text(ORDERS, "utf-8")
    order: dict[str, Any] = {
        "id": "O1", "at": "2025-05-01T10:00:00Z",
        "items": [{"sku": "A", "n": 1, "prix": "2", "devise": "EUR"},
                  {"sku": "B", "n": 2, "prix": "3", "devise": "ZLOTY"}],
    }  # fmt: skip

    def sends(at: str) -> None:
        path = shop.folder / f"commandes-{next(_NUMBERS)}.ndjson"
        path.write_text(json.dumps(order | {"at": at}) + "\n", "utf-8")
        with shop.context() as context:
            receive(context, context.source("commandes"), [path])
            assert len(Conductor(context).run().published) == 1

    whole: LiteralString = "SELECT is_complete, computed_total FROM dwh.fact_order_header"
    sends("2025-05-01T10:00:00Z")
    assert shop.ask(whole) == [(False, 2)]
    if way == "replayed":
        file.write_text(ORDERS.replace("currency: devise",
                        "currency: {path: devise, words: {ZLOTY: PLN}}"), "utf-8")  # fmt: skip
        shop.replays(rule="unknown_currency")
    else:
        order["items"][1]["devise"] = "PLN"
        sends("2025-05-01T10:00:00Z")
    # An order that is merely said again stays marked: what it lacks may be said later still.
    assert shop.ask(whole) == [(way == "replayed", 8)]
    assert shop.ask("SELECT ending FROM quality.reject_end") == [(way,)]
    shop.is_sound()

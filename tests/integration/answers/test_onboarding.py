"""A new layout goes live by a file: drafted, tried, activated, watched, suspended."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests import marketplace
from tests.data import shared_data
from tests.runbooks import play, runbook
from tests.warehouses import new_warehouse

from shopnow.cli.base import run
from shopnow.kernel import FixedClock, Settings, UsageError, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Context, Trial, draft_source, take_sample
from shopnow.sources import load_contracts, load_source

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.acceptance
CONTRACTS = load_contracts(Path(__file__).parents[3] / "contracts")
HEADER = "Réf. article;Libellé;Code barre;Prix TTC;Quantité en stock;Famille"
GOOD = (
    "B1;Bougie;4006381333931;4,50;10;Maison",
    "B2;Bougie à l'huître;;5,00;3;Maison > Décoration",
)


@dataclass(frozen=True)
class Shop:
    """A warehouse that knows the seller S5, and how to call the command on it."""

    settings: Settings
    folder: Path

    def call(self, *words: str) -> int:
        return run(
            ["--home", str(self.settings.home), "--set", f"database={self.settings.database}",
             "--set", "server_sync=false", "--set", "server_archive=false", *words]
        )  # fmt: skip

    def file(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode("cp1252"))
        return path

    def counts(self) -> list[tuple[Any, ...]]:
        """What is in the tables that a trial must not touch."""
        with connect(self.settings) as conn:
            return [
                tuple(conn.execute(statement).fetchone() or ())
                for statement in (
                    "SELECT count(*) FROM staging.delivery",
                    "SELECT count(*) FROM quality.reject",
                    "SELECT count(*) FROM dwh.dim_product",
                    "SELECT count(*) FROM journal.event",
                )
            ]


@pytest.fixture(scope="module")
def sellers_known(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give a warehouse that knows the sellers of the tiny marketplace: copy it."""
    home = tmp_path_factory.mktemp("onboarding") / "home"
    settings = new_warehouse(test_server, home, "onboarding")
    marketplace.prepare(settings)
    sellers = [one for one in marketplace.day_one() if one.source == "bazar-sellers"]
    marketplace.load(settings, sellers, home / "outbox")
    yield settings
    drop_database(test_server, settings.database)


@pytest.fixture
def shop(sellers_known: Settings, tmp_path: Path) -> Iterator[Shop]:
    """Give an own copy of it."""
    settings = marketplace.copy_of(sellers_known, tmp_path / "home")
    folder = tmp_path / "desk"
    folder.mkdir()
    yield Shop(settings, folder)
    drop_database(sellers_known, settings.database)


def drafted(shop: Shop, sample: Path, feed: str = "products") -> Path:
    out = shop.folder / f"{sample.stem}.yaml"
    words = ("source", "new", str(sample), "--sender", "S5", "--feed", feed, "--out", str(out))
    assert shop.call(*words) == 0
    return out


def test_a_draft_loads_what_it_was_drafted_from(shop: Shop) -> None:
    sample = shop.file("articles.csv", HEADER, *GOOD)
    draft = drafted(shop, sample)
    source = load_source(draft)
    assert (source.sender, source.system, source.dialect.decimal) == ("S5", "bazar", ",")
    fields = {kind.kind: {n: f.paths for n, f in kind.fields.items()} for kind in source.records}
    assert fields["product"]["title"] == ("Libellé",)
    assert fields["offer"]["unit_price"] == ("Prix TTC",)
    assert fields["offer"]["stock_quantity"] == ("Quantité en stock",)
    assert shop.call("source", "activate", str(draft), "--sample", str(sample)) == 0
    assert shop.call("ingest", str(sample), "--source", source.name, "--run") == 0
    with connect(shop.settings) as conn:
        prices = conn.execute(
            "SELECT product_id, unit_price::text FROM dwh.fact_offer ORDER BY 1"
        ).fetchall()
    assert prices == [("B1", "4.500000"), ("B2", "5.000000")]


def test_a_draft_says_what_it_is_unsure_of(shop: Shop) -> None:
    sample = shop.file("mixed.csv", "Réf. article;Libellé;Prix TTC;Prix HT", "B1;Bougie;4,50;3,75")
    text = drafted(shop, sample).read_text("utf-8")
    assert "# À vérifier" in text
    assert "Windows-1252" in text
    assert "EUR est supposé" in text
    assert "# Colonnes non lues : Prix HT" in text


def test_a_trial_says_all_and_writes_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = drafted(shop, shop.file("good.csv", HEADER, *GOOD))
    bad = shop.file(
        "bad.csv", HEADER, *GOOD, "B3;;;gratuit;beaucoup;Maison", "B4;Vase;400;1,00;1;Jardin",
        "B1;Autre bougie;;9,00;1;Maison",
    )  # fmt: skip
    before = shop.counts()
    capsys.readouterr()
    report = shop.folder / "essai.xlsx"
    words = ("source", "check", str(draft), str(bad), "--out", str(report), "--json")
    assert shop.call(*words) == 1
    facts = json.loads(capsys.readouterr().out)
    assert shop.counts() == before
    found = {(one["rule"], tuple(one["first_lines"])) for one in facts["rules"]}
    assert ("missing_value", (4,)) in found
    assert ("not_a_number", (4,)) in found
    assert ("conflicting_duplicate", (2, 6)) in found
    assert not facts["passes"]
    sheets = zipfile.ZipFile(report)
    assert "essai" in sheets.read("xl/worksheets/sheet1.xml").decode().lower()
    assert shop.call("source", "activate", str(draft), "--sample", str(bad)) == 1
    assert shop.call("ingest", str(bad), "--source", "s5-products") == 2


def test_a_trial_and_a_delivery_say_the_same(shop: Shop) -> None:
    draft = drafted(shop, shop.file("good.csv", HEADER, *GOOD))
    bad = shop.file(
        "b.csv", HEADER, *GOOD, "B3;;;gratuit;beaucoup;Maison", "B4;Vase;400;1,00;1;Jardin",
        "B1;Autre bougie;;9,00;1;Maison", "B7;trop;de;cellules;ici;et;là",
    )  # fmt: skip
    with Context.open(shop.settings, FixedClock(marketplace.NOON)) as context:
        with connect(shop.settings) as conn:
            trial = Trial(context, conn, load_source(draft), bad)
            told = {
                (line.line_no, one.rule, one.attribute)
                for line in trial.answer().lines for one in line.findings
            }  # fmt: skip
        source = context.learn(draft)
    marketplace.deliver(
        shop.settings, [marketplace.Shipment(source.name, "b.csv", bad.read_bytes())],
        shop.folder / "outbox",
    )  # fmt: skip
    marketplace.run(shop.settings)
    with connect(shop.settings) as conn:
        said = conn.execute(
            "SELECT DISTINCT line_no, rule_code, column_name FROM quality.reject"
            " CROSS JOIN unnest(rule_codes, columns) AS why (rule_code, column_name)"
            " WHERE delivery_key = (SELECT max(delivery_key) FROM staging.delivery)"
            " AND rule_code <> 'parent_rejected' UNION SELECT line_no, rule_code, column_name"
            " FROM quality.warning WHERE line_no > 0"
            " AND delivery_key = (SELECT max(delivery_key) FROM staging.delivery)"
        ).fetchall()
    assert told == set(said)


def test_a_suspended_source_reads_nothing_until_it_is_active_again(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = shop.file("articles.csv", HEADER, *GOOD)
    draft = drafted(shop, sample)
    assert shop.call("source", "activate", str(draft)) == 0
    early = shop.file("early.csv", HEADER, "B0;Lampe;;gratuit;1;Maison")
    assert shop.call("ingest", str(early), "--source", "s5-products") == 0
    assert shop.call("source", "suspend", "s5-products") == 0
    # What was taken in before is loaded and answered.
    shop.call("run")
    assert shop.call("delivery", "report", "2") == 0
    assert "not_a_number" in capsys.readouterr().out
    assert shop.call("ingest", str(sample), "--source", "s5-products") == 2
    capsys.readouterr()
    assert shop.call("source", "list", "--json") == 0
    states = {one["name"]: one["state"] for one in json.loads(capsys.readouterr().out)}
    assert states["s5-products"] == "suspended"
    assert states["bazar-offers"] == "active"
    assert shop.call("source", "suspend", "s5-products") == 2
    assert shop.call("source", "activate", "s5-products") == 0
    assert shop.call("ingest", str(sample), "--source", "s5-products") == 0


def test_a_name_belongs_to_one_source(shop: Shop) -> None:
    sample = shop.file("articles.csv", HEADER, *GOOD)
    out = shop.folder / "s2.yaml"
    words = ("source", "new", str(sample), "--sender", "S2", "--feed", "products")
    assert shop.call(*words, "--out", str(out)) == 0
    text = out.read_text("utf-8")
    assert "name: s2-products-2\n" in text
    out.write_text(text.replace("s2-products-2", "bazar-products"), "utf-8")
    assert shop.call("source", "activate", str(out)) == 2
    assert shop.call(*words, "--out", str(out)) == 2


def test_what_cannot_be_drafted_is_said(tmp_path: Path) -> None:
    for name, content in (("a.csv", b""), ("a.xml", b"<a/>"), ("a.txt", b"one\ntwo\n")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UsageError):
            take_sample(path)


@pytest.mark.parametrize(("name", "feed", "expected"), [
    ("made_clictill_stock_cp1252.csv", "offers",
     {"product_id": "Référence", "unit_price": "Prix TTC", "stock_quantity": "Stock"}),
    ("made_mirakl_offers.csv", "offers",
     {"product_id": "sku", "unit_price": "price", "stock_quantity": "quantity"}),
    ("made_amazon_flatfile_offer.txt", "offers",
     {"product_id": "sku", "unit_price": "price", "stock_quantity": "quantity"}),
    ("shopify_bicycles.csv", "products",
     {"product_id": "Variant SKU", "unit_price": "Variant Price", "title": "Title",
      "gtin": "Variant Barcode", "stock_quantity": "Variant Inventory Qty"}),
    ("supplier_catalog_nordika_200.xlsx", "products",
     {"product_id": "product_id", "unit_price": "price_eur", "stock_quantity": "stock_quantity"}),
])  # fmt: skip
def test_the_draft_of_a_real_feed_finds_its_columns(
    name: str, feed: str, expected: dict[str, str]
) -> None:
    path = shared_data("feeds") / name
    draft = draft_source(
        take_sample(path), CONTRACTS, path=path, sender="S001", feed=feed, system="shopnow"
    )
    found = {one.attribute: one.column for kind in draft.guesses.values() for one in kind}
    assert {name: found.get(name) for name in expected} == expected
    assert yaml.safe_load(draft.text)["name"] == f"s001-{feed}"


def test_the_runbook_of_a_new_source(shop: Shop) -> None:
    sample = shop.file("articles.csv", HEADER, *GOOD)
    played = play(
        runbook("ajouter-une-source-vendeur"), shop.settings, shop.folder / "runbook",
        variables={"EXEMPLE": str(sample), "VENDEUR": "S5", "FLUX": "products"},
    )  # fmt: skip
    told = "".join(one.stdout for one in played)
    assert "À vérifier" in told
    assert "rien à signaler" in told
    assert re.search(r"Source s5-products activée", told)


def test_the_runbook_of_an_answer(shop: Shop) -> None:
    draft = drafted(shop, shop.file("good.csv", HEADER, *GOOD))
    rejected = shop.file("bad.csv", HEADER, *GOOD, "B3;Lampe;;gratuit;1;Maison")
    corrected = shop.file("corrected.csv", HEADER, *GOOD, "B3;Lampe;;12,00;1;Maison")
    assert shop.call("source", "activate", str(draft)) == 0
    assert shop.call("ingest", str(rejected), "--source", "s5-products", "--run") == 0
    desk = shop.folder / "runbook"
    played = play(
        runbook("repondre-a-un-vendeur-rejete"), shop.settings, desk,
        variables={"VENDEUR": "S5", "LIVRAISON": "2", "CORRIGE": str(corrected),
                   "SOURCE": "s5-products"},
    )  # fmt: skip
    assert "not_a_number" in "".join(one.stdout for one in played)
    assert zipfile.is_zipfile(desk / "reponse.xlsx")
    assert "this is not a number" in (desk / "answer.csv").read_text("utf-8-sig")
    assert json.loads((desk / "reponse.json").read_text("utf-8"))["rejected"] == 1

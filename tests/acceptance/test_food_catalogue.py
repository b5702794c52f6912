"""Open Food Facts against the house's own tree: barcodes, categories, words learnt, replay."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
from tests.data import shared_data
from tests.feeds import EXAMPLES
from tests.figures import prove
from tests.runbooks import play, runbook
from tests.warehouse_state import staging_rows, unbalanced
from tests.warehouses import new_warehouse

from shopnow.cli.base import run
from shopnow.demo import CATEGORIES
from shopnow.dimensions import house_tree, read_taxonomy
from shopnow.kernel import connect
from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]
SAMPLE = "catalogue/openfoodfacts_sample_dev.tsv.gz"
CONTRACTS = Path(__file__).parents[2] / "contracts"
TAXONOMIES = {
    "google": ("google_taxonomy_2021-09-21_fr-FR.txt.gz", "google_taxonomy_2021-09-21_en-US.txt.gz",
               5595),
    "shopify": ("shopify_2025-08_categories_fr.txt.gz", "shopify_2025-08_categories_en.txt.gz",
                10595),
}  # fmt: skip


@pytest.fixture(scope="module")
def grocer(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse with the house's tree and a seller of food, whose sample was judged by it."""
    sample = shared_data(SAMPLE)
    home = tmp_path_factory.mktemp("food") / "home"
    settings = new_warehouse(test_server, home, "food")
    text = (EXAMPLES / "open-food-facts.yaml").read_text("utf-8")
    source = home / "food.yaml"
    # "en:null" is that base's word for nothing.
    text = text.replace("category_id: main_category",
                        'category_id: {path: main_category, words: {"en:null": ""}}')  # fmt: skip
    source.write_text(text.replace("format: tsv", "format: tsv\ncategories: house"), "utf-8")
    assert call(settings, "category", "load") == 0
    assert call(settings, "ingest", str(EXAMPLES / "sellers.csv"), "--source-file",
                str(EXAMPLES / "sellers.yaml"), "--run") == 0  # fmt: skip
    assert call(settings, "ingest", str(sample), "--source-file", str(source), "--run") == 0
    yield settings
    drop_database(test_server, settings.database)


def call(settings: Settings, *words: str) -> int:
    return run(
        ["--home", str(settings.home), "--set", f"database={settings.database}",
         "--set", "server_sync=false", "--set", "server_archive=false", *words]
    )  # fmt: skip


def ask(settings: Settings, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    with connect(settings) as conn:
        return conn.execute(query, values).fetchall()


def reasons(settings: Settings) -> dict[str, int]:
    return dict(ask(
        settings,
        "SELECT code, count(*) FROM quality.reject CROSS JOIN unnest(rule_codes) AS r (code)"
        " WHERE state = 'open' GROUP BY code",
    ))  # fmt: skip


def test_the_sample_is_judged_and_a_learnt_word_brings_its_rejects_in(
    grocer: Settings, tmp_path: Path
) -> None:
    before = reasons(grocer)
    # 490 records: 207 say "null" and 71 nothing; the words of the other 212 are not the tree's.
    assert before == {"bad_gtin": 1, "missing_value": 11, "too_long": 1, "unknown_category": 212}
    [(records, accepted, rejected)] = ask(
        grocer,
        "SELECT records, accepted, rejected FROM staging.delivery WHERE source = %s",
        "feeds-open-food-facts",
    )
    assert records == accepted + rejected == 490
    played = play(
        runbook("changer-une-regle-et-rejouer"), grocer, tmp_path / "desk",
        variables={
            "VENDEUR": "food", "REGLE": "unknown_category", "MOTS_CHERCHES": "chocolat",
            "MOT": "en:chocolate-candies", "CATEGORIE": "Épicerie > Sucré > Chocolats",
        },
    )  # fmt: skip
    told = "".join(one.stdout for one in played)
    assert "SN080202" in told
    after = reasons(grocer)
    [(replayed, passed)] = ask(
        grocer, "SELECT records, accepted FROM staging.delivery WHERE replay_of IS NOT NULL"
    )
    assert replayed == passed == before["unknown_category"] - after["unknown_category"]
    known = ask(
        grocer, "SELECT count(*) FROM dwh.dim_product WHERE category_id = 'SN080202' AND is_current"
    )
    assert known == [(passed,)]
    # How the word was meant stands in the log, once for all of them.
    assert ask(
        grocer,
        "SELECT before, after, rule_code, records FROM quality.translation"
        " WHERE column_name = 'category_id'",
    ) == [("en:chocolate-candies", "SN080202", "category_alias", passed)]
    assert (unbalanced(grocer), staging_rows(grocer)) == ([], 0)
    prove(
        "categories",
        "C16-12, CAS-2: Open Food Facts judged for GTIN and category, rejects replayed",
        {
            "records": records, "accepted": accepted, "rejected": rejected,
            "GTIN wrong": before["bad_gtin"], "GTIN right": records - before["bad_gtin"],
            "category unknown": before["unknown_category"],
            "replayed after one word was learnt": passed,
        },
        test_the_sample_is_judged_and_a_learnt_word_brings_its_rejects_in,
    )  # fmt: skip


def test_the_answer_proposes_the_nearest_category_of_the_house(
    grocer: Settings, tmp_path: Path
) -> None:
    [(key,)] = ask(
        grocer, "SELECT delivery_key FROM staging.delivery WHERE source = %s"
        " AND replay_of IS NULL", "feeds-open-food-facts",
    )  # fmt: skip
    out = tmp_path / "reponse.csv"
    assert call(grocer, "delivery", "report", str(key), "--lang", "en", "--out", str(out)) == 0
    text = out.read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert any("Grocery > Savoury > Pasta and rice" in str(row.values()) for row in rows)
    assert any("Grocery > Chilled > Cheese" in str(row.values()) for row in rows)


@pytest.mark.parametrize("name", TAXONOMIES)
def test_the_world_s_taxonomies_are_read_and_loaded(
    grocer: Settings, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    french, english, count = TAXONOMIES[name]
    files = [str(shared_data(f"taxonomies/{one}")) for one in (french, english)]
    words = ("category", "load", "--fr", files[0], "--en", files[1], "--json")
    for changed in (count, 0):
        assert call(grocer, *words) == 0
        facts = json.loads(capsys.readouterr().out)
        assert (facts["taxonomy"], facts["categories"], facts["changed"]) == (name, count, changed)
    assert ask(grocer, "SELECT count(*) FROM dwh.dim_category WHERE taxonomy = 'house'") == [
        (len(read_taxonomy(house_tree(CONTRACTS), None).nodes),)
    ]


def test_the_house_s_tree_is_whole() -> None:
    nodes = read_taxonomy(house_tree(CONTRACTS), None).nodes
    assert len(nodes) >= 200
    for paths in ([one.path_fr for one in nodes], [one.path_en for one in nodes]):
        assert len(set(paths)) == len(nodes)
        assert all(path == path.strip() and "  " not in path for path in paths)
    assert all(one.path_fr.count(">") == one.path_en.count(">") for one in nodes)
    # The sample marketplace sells nothing that the tree does not know.
    ours = {(one.path_fr, one.path_en) for one in nodes}
    assert {(one.path_fr, one.path_en) for one in CATEGORIES} <= ours

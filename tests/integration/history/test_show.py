"""A member's life, told by the command: what changed, who said so, what was believed meanwhile."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.integration.history.conftest import FIRST, opened, products, sellers

from shopnow.cli.base import run
from shopnow.kernel import Settings, connect
from shopnow.kernel.server import drop_database
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.integration.history.conftest import Chronicle

    Ask = Callable[..., str]

pytestmark = pytest.mark.integration


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(settings: Settings, *words: str, code: int = 0) -> str:
        where = ["--home", str(settings.home), "--set", f"database={settings.database}"]
        assert run([*where, "dimension", *words]) == code
        out, err = capsys.readouterr()
        return out or err

    return asked


@pytest.fixture(scope="module")
def corrected(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chronicle]:
    """A product that is declared, changes, is corrected for a day already past, and confirmed."""
    made = opened(test_server, tmp_path_factory.mktemp("corrected"))
    seller = sellers("S1;Nom;;FR;Lyon;active;10;mode;2025-02-01")
    said = (
        "S1,P1,Titre,Fer,,Maison,active,2025-02-01T08:00:00Z",
        "S1,P1,Titre,Fer,,Maison > Cuisine,active,2025-02-10T08:00:00Z",
        "S1,P1,Autre,Fer,,Maison,paused,2025-02-05T08:00:00Z",
        "S1,P1,Titre,Fer,,Maison > Cuisine,active,2025-02-12T08:00:00Z",
    )
    for number, line in enumerate(said):
        more = [] if number else [seller]
        made.load(FIRST + timedelta(hours=number), *more, products(line))
    yield made
    drop_database(test_server, made.settings.database)


def test_each_moment_says_what_changed_and_which_delivery_said_so(
    corrected: Chronicle, ask: Ask
) -> None:
    told = json.loads(ask(corrected.settings, "show", "S1/P1", "--json"))
    events = [(one["event"], one["version"], one["is_late"]) for one in told["moments"]]
    assert events == [
        ("first", 1, False),
        ("changed", 2, True),
        ("changed", 3, False),
        ("confirmed", None, False),
    ]
    second = {c["attribute"]: (c["before"], c["after"]) for c in told["moments"][1]["changes"]}
    assert second == {"title": ("Titre", "Autre"), "status": ("active", "paused")}
    deliveries = [one["delivery_key"] for one in told["moments"]]
    assert len(set(deliveries)) == len(deliveries)
    assert {told["deliveries"][str(key)]["file_name"] for key in deliveries} == {"products.csv"}
    assert all(one["source_line"] == 2 for one in told["moments"])


def test_what_was_believed_is_told_with_its_time(corrected: Chronicle, ask: Ask) -> None:
    belief = json.loads(ask(corrected.settings, "show", "S1/P1", "--json"))["beliefs"][0]
    assert belief["reason"] == "rewritten"
    assert belief["known_to"].startswith("2025-03-20T10:00")
    text = ask(corrected.settings, "show", "S1/P1")
    assert "Ce que l'entrepôt a cru avant d'en savoir plus" in text
    assert "✗ cru du 2025-03-20 09:00 au 2025-03-20 11:00" in text


def test_a_newcomer_reads_it_in_french(corrected: Chronicle, ask: Ask) -> None:
    text = ask(corrected.settings, "show", "S1/P1")
    assert "● 2025-02-05 09:00  changement, appris après coup" in text
    assert "Statut\u00a0: actif → en pause" in text
    assert "Titre\u00a0: Titre → Autre  (corrigé partout)" in text
    assert "livraison 3 de la plateforme (produits)\u00a0: products.csv, ligne 2" in text
    assert "confirmé 1\u202ffois" in text or "confirmé 1 fois" in text
    assert max(map(len, text.splitlines())) <= 100


def test_one_time_as_it_was_or_as_it_was_believed(corrected: Chronicle, ask: Ask) -> None:
    words = ("show", "S1/P1", "--at", "2025-02-07", "--json")
    now = json.loads(ask(corrected.settings, *words))["version"]
    assert (now["version"], now["values"]["status"]) == (2, "paused")
    before = ("--known-on", "2025-03-20T10:30:00+01:00")
    then = json.loads(ask(corrected.settings, *words, *before))["version"]
    assert (then["version"], then["values"]["status"]) == (1, "active")
    text = ask(corrected.settings, *words[:-1], *before)
    assert "d'après ce que l'on savait le 2025-03-20 10:30" in text
    never = ask(corrected.settings, "show", "S1/P1", "--at", "2024-01-01")
    assert "aucune version" in never


def test_a_member_known_of_name_only(second_day: Settings, ask: Ask) -> None:
    text = ask(second_day, "show", "S9")
    assert "connu de nom seulement" in text
    assert "depuis toujours" in text


def test_a_withdrawn_product_says_so(own_chronicle: Chronicle, ask: Ask) -> None:
    settings = own_chronicle.settings
    lines = [f"S1,P{n},Titre,Fer,,Maison,active,2025-02-01T08:00:00Z" for n in (1, 2)]
    own_chronicle.load(FIRST, products(*lines))
    own_chronicle.load(FIRST + timedelta(hours=1), products(lines[0]), mode="full")
    with connect(settings) as conn:
        deleted = conn.execute("SELECT count(*) FROM dwh.dim_product WHERE is_deleted").fetchone()
    assert deleted == (1,)
    text = ask(settings, "show", "S1/P2")
    assert "retiré : absent d'une livraison complète" in text
    assert "retiré depuis le" in text


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("S1/P11", "S1/P1"),
        ("s2", "S2"),
        ("product:S1", "SELLER/PRODUCT"),
        ("nobody-at-all", "S001"),
    ],
)
def test_a_wrong_name_gets_the_nearest_one(
    second_day: Settings, ask: Ask, word: str, hint: str
) -> None:
    assert hint in ask(second_day, "show", word, code=2)


def test_a_customer_is_found_by_number_and_by_pseudonym(second_day: Settings, ask: Ask) -> None:
    with connect(second_day) as conn:
        row = conn.execute(
            "SELECT customer_no, customer_id FROM dwh.dim_customer WHERE customer_no > 0 LIMIT 1"
        ).fetchone()
    assert row is not None
    number, pseudonym = row
    by_number = ask(second_day, "show", f"customer:{number}")
    assert by_number == ask(second_day, "show", pseudonym)
    assert f"client {number}" in by_number


def test_every_attribute_has_a_type_and_a_reason(second_day: Settings, ask: Ask) -> None:
    facts = json.loads(ask(second_day, "types", "--json"))
    contracts = load_contracts(second_day.contracts_dir)
    declared = {(r.table, a.name) for r in contracts.kinds.values() for a in r.historised}
    assert {(fact["table"], fact["attribute"]) for fact in facts} == declared
    assert all(fact["scd_type"] in (0, 1, 2, 3) and fact["justification_fr"] for fact in facts)
    text = ask(second_day, "types")
    assert "2 historisé" in text
    assert max(map(len, text.splitlines())) <= 100

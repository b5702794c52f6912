"""What an answer quotes, and what it proposes."""

from __future__ import annotations

import pytest

from shopnow.pipeline.answering.masking import Mask
from shopnow.pipeline.answering.nearest import Nearest
from shopnow.pipeline.onboarding.guess import plain

MASK = Mask(frozenset({"contact"}), frozenset({"sku"}), speaks_of_people=False, text="[masqué]")
TREE = [("Maison > Décoration", "Home > Decor"), ("Maison > Cuisine", "Home > Kitchen"),
        ("Jardin > Mobilier de jardin", "Garden > Garden furniture")]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), [
    ("écrire à ada@exemple.fr demain", "écrire à [masqué] demain"),
    ("+33 6 12 34 56 78", "[masqué]"),
    ("tél. 06 12 34 56 78", "tél. [masqué]"),
    ("06.12.34.56.78", "[masqué]"),
    ("0009800001811", "0009800001811"),
    ("4006381333931", "4006381333931"),
    ("1 299,00 €", "1 299,00 €"),
    ("2026-01-31 14:05:00", "2026-01-31 14:05:00"),
    ("+12,50", "+12,50"),
])  # fmt: skip
def test_addresses_and_telephone_numbers_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert MASK.loose(text) == shown


def test_what_nobody_reads_is_hidden_where_a_feed_speaks_of_people() -> None:
    people = Mask(frozenset({"contact"}), frozenset({"sku"}), speaks_of_people=True, text="[…]")
    assert people.cell("sku", "R1") == "R1"
    assert people.cell("contact", "Ada Un") == "[…]"
    assert people.cell("remark", "Ada Un") == "[…]"
    assert people.cell("remark", "") == ""
    assert MASK.cell("remark", "Ada Un") == "Ada Un"


@pytest.mark.parametrize(("rule", "value", "wanted"), [
    ("unknown_category", "maison > decorations", "Maison > Décoration"),
    ("unknown_category", "Home > Decor", "Maison > Décoration"),
    ("unknown_category", "Mobilier jardin", "Jardin > Mobilier de jardin"),
    ("unknown_category", "Téléphonie", ""),
    ("unknown_currency", "EURO", "EUR"),
    ("unknown_currency", "€", "EUR"),
    ("unknown_country", "Frence", "FR"),
    ("not_a_number", "1 299,00 €", "1299,00"),
    ("not_a_number", "12.50 EUR", "12,50"),
    ("not_a_number", "1.299", ""),
    ("not_a_number", "sur demande", ""),
    ("missing_value", "x", ""),
])  # fmt: skip
def test_a_proposal_resembles_what_was_sent(rule: str, value: str, wanted: str) -> None:
    assert Nearest(TREE, ",").of(rule, value, None, None) == wanted


def test_names_are_compared_without_accents_case_and_punctuation() -> None:
    assert plain("Prix_TTC *") == plain("prix ttc") == "prix ttc"
    assert plain("SellerSKU") == "seller sku"

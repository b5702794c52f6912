"""The words of an answer in French and English: what each rule expected of a column."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shopnow.pipeline.answering.model import Finding
from shopnow.quality import code_pages

if TYPE_CHECKING:
    from shopnow.pipeline.answering.model import Language, Level
    from shopnow.sources import Attribute, Field, Source

EMPTY = {"fr": "(vide)", "en": "(empty)"}
_TIMES = {
    "iso": "2026-01-31T14:05:00+01:00",
    "local": "2026-01-31 14:05:00",
    "epoch_s": "1769864700",
    "epoch_ms": "1769864700000",
}
_MOMENT = datetime(2026, 1, 31, 14, 5, tzinfo=UTC)
_OF_TIME = {
    "bad_timestamp", "ambiguous_local_time", "nonexistent_local_time", "timestamp_out_of_bounds",
}  # fmt: skip
_SHOWN_WORDS = 12
_EXPECTED = {
    "not_an_integer": ("un nombre entier, par exemple 12", "a whole number, for instance 12"),
    "negative_value": ("0 ou plus", "0 or more"),
    "zero_quantity": ("1 ou plus", "1 or more"),
    "bad_gtin": (
        "8, 12, 13 ou 14 chiffres, le dernier calculé à partir des autres",
        "8, 12, 13 or 14 digits, the last computed from the others",
    ),
    "number_cut_by_spreadsheet": (
        "tous les chiffres du code-barres, colonne au format texte",
        "all digits of the barcode, in a column formatted as text",
    ),
    "unknown_currency": ("un code à 3 lettres : EUR, USD, GBP…", "3 letters: EUR, USD, GBP…"),
    "unknown_country": ("un code à 2 lettres : FR, BE, DE…", "2 letters: FR, BE, DE…"),
    "unknown_category": ("une catégorie de l'arbre ShopNow", "a category of ShopNow's tree"),
    "ambiguous_commission": ("un pourcentage, par exemple 12,5", "a percentage such as 12.5"),
    "bad_email": ("nom@domaine.fr", "name@domain.com"),
    "conflicting_duplicate": ("une seule ligne par article", "one line per product"),
    "bad_ip": ("une adresse IPv4 ou IPv6", "an IPv4 or IPv6 address"),
}


def finding(
    rule: str,
    level: Level,
    language: Language,
    *,
    attribute: Attribute | None = None,
    column: str = "",
    seen: str = "",
    expected: str = "",
    what: str = "",
    nearest: str = "",
    decimal: str = ".",
) -> Finding:
    """A rule that spoke, in the words of `language`; `what` replaces those of the catalogue.

    `decimal`: how the sender writes numbers, for the examples.
    """
    page = code_pages().get(rule)
    is_french = language == "fr"
    said = fix = ""
    if page is not None:
        said, fix = (page.what_fr, page.fix_fr) if is_french else (page.what_en, page.fix_en)
    return Finding(
        level=level,
        rule=rule,
        column=column,
        attribute=attribute.name if attribute else "",
        seen=seen,
        what=what or said or rule.replace("_", " "),
        expected=expected,
        fix=fix.replace("12.50", f"12{decimal}50"),
        nearest=nearest,
    )


def expected_by(
    rule: str, attribute: Attribute | None, spec: Field | None, source: Source, language: Language
) -> str:
    """What the rule wanted to see, "" where the words of the rule say all."""
    place = 0 if language == "fr" else 1
    if rule in _EXPECTED:
        return _EXPECTED[rule][place]
    if rule in _OF_TIME:
        forms = " / ".join(_time(form) for form in (spec.times if spec else ("iso", "local")))
        return f"{('une date, par exemple', 'a date, for instance')[place]} {forms}"
    if rule == "foreign_seller":
        return source.sender
    if attribute is None:
        return ""
    if rule == "missing_value":
        return _form(attribute, source, place)
    return _by_contract(rule, attribute, source, place)


def _by_contract(rule: str, attribute: Attribute, source: Source, place: int) -> str:
    match rule:
        case "unknown_word":
            return _words(attribute, place)
        case "not_a_number":
            return _number(source, place)
        case "out_of_range":
            return _bounds(attribute, place)
        case "too_long":
            return f"{attribute.max_length} {('caractères au plus', 'characters at most')[place]}"
        case "bad_format":
            return f"{('la forme', 'the form')[place]} {attribute.pattern}"
    return ""


def _form(attribute: Attribute, source: Source, place: int) -> str:
    if attribute.values:
        return _words(attribute, place)
    match attribute.type:
        case "decimal":
            return _number(source, place)
        case "integer":
            return _EXPECTED["not_an_integer"][place]
        case "timestamp":
            return f"{('une date, par exemple', 'a date, for instance')[place]} {_TIMES['local']}"
    return ("une valeur", "a value")[place]


def _time(form: str) -> str:
    """An example of a form of time; one with % is the sender's own."""
    return _TIMES.get(form) or _MOMENT.strftime(form)


def _number(source: Source, place: int) -> str:
    word = ("un nombre, par exemple", "a number, for instance")[place]
    return f"{word} 12{source.dialect.decimal}50"


def _words(attribute: Attribute, place: int) -> str:
    # Of several French words for a value the first is shown, with its accents where it has any.
    own: dict[str, str] = {}
    for word, code in attribute.words if place == 0 else ():
        if code not in own or (own[code].isascii() and not word.isascii()):
            own[code] = word
    shown = [own.get(value, value) for value in attribute.values[:_SHOWN_WORDS]]
    more = " …" if len(attribute.values) > _SHOWN_WORDS else ""
    return f"{('un de ces mots :', 'one of these words:')[place]} {', '.join(shown)}{more}"


def _bounds(attribute: Attribute, place: int) -> str:
    low, high = attribute.minimum, attribute.maximum
    if low is not None and high is not None:
        return f"{('entre', 'between')[place]} {low:g} {('et', 'and')[place]} {high:g}"
    if high is not None:
        return f"{high:g} {('au plus', 'at most')[place]}"
    return f"{low:g} {('au moins', 'at least')[place]}" if low is not None else ""

"""Identifiers as shops write them: barcodes, article numbers, the numbers of companies.

What a spreadsheet did to them is undone where only one reading is left, and refused with that
reason where digits are lost.  Company numbers are checked by python-stdnum.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality.model import REJECT, WARN, Findings
from shopnow.quality.references import bad_gtin
from shopnow.quality.texts import filled

if TYPE_CHECKING:
    from collections.abc import Collection

    from shopnow.sources import Attribute

# What a spreadsheet makes of a long number: its last digits are gone.
_CUT = r"^[0-9]+([.,][0-9]+)?[eE]\+[0-9]+$"
_GROUPED = r"^[0-9][0-9 .\u00a0\u202f-]*[0-9]$"
# Lengths that a leading zero was cut from, and the length with it: zeros weigh nothing in the sum.
_SHORT = {7: 8, 9: 12, 10: 12, 11: 12}
_SIREN_DIGITS, _SIRET_DIGITS = 9, 14
_VAT = re.compile(r"([A-Z]{2})[0-9A-Z+*]{2,13}")
# Where a letter stands before the digits, and the digits that every state's numbers have.
_LETTER_FIRST = ("AT", "ES", "FR")
_VAT_DIGITS = 7
_PUNCTUATION = re.compile(r"[\s.\u00a0\u202f-]+")


def barcodes(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    """GTINs with their check digit: no apostrophe, no grouping, leading zeros back in place."""
    bare = _without_apostrophe(text, attribute, out)
    where = bad_gtin(bare).arg_true()
    if not len(where):
        return bare
    # What is wrong is seen to alone; nearly all barcodes are right.
    found = Findings()
    mended = _mended(bare.gather(where), attribute, found)
    _spread(found, bare, where, out)
    return bare.clone().scatter(where, mended)


def _mended(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    """Barcodes that are wrong as they stand, put right where only one reading is left."""
    cut = text.str.contains(_CUT).fill_null(value=False)
    out.note(attribute.on_bad, "number_cut_by_spreadsheet", attribute.name, cut)
    mended = _padded(_compact(text, attribute, out), attribute, out)
    bad = bad_gtin(mended)
    out.note(attribute.on_bad, "bad_gtin", attribute.name, bad & ~cut)
    return mended.set(bad, None)


def _spread(found: Findings, text: pl.Series, where: pl.Series, out: Findings) -> None:
    """Say to `out` of all texts what was found of those at some places."""
    nowhere = pl.Series([False]).new_from_index(0, len(text))

    def everywhere(values: pl.Series, rest: pl.Series) -> pl.Series:
        return rest.clone().scatter(where, values)

    for level, notes in ((REJECT, found.rejects), (WARN, found.warnings)):
        for code, column, mask in notes:
            out.note(level, code, column, everywhere(mask, nowhere))
    for code, column, mask, before, after in found.cleanings:
        marked = everywhere(mask, nowhere)
        out.clean(code, column, marked, everywhere(before, text), everywhere(after, text))


def skus(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    """A seller's own article numbers: free, but not what a spreadsheet left of one."""
    bare = _without_apostrophe(text, attribute, out)
    cut = bare.str.contains(_CUT).fill_null(value=False)
    out.note(attribute.on_bad, "number_cut_by_spreadsheet", attribute.name, cut)
    return bare.set(cut, None) if cut.any() else bare


def legal_ids(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    """SIREN, SIRET and VAT numbers of the European Union; other registers are taken as they are."""
    has = filled(text)
    words = text.filter(has).unique()
    judged = {word: _legal_id(word) for word in words.to_list()}
    if all((word, True) == verdict for word, verdict in judged.items()):
        return text
    known = list(judged)
    clean = text.replace_strict(
        known, [clean for clean, _ in judged.values()], default=text, return_dtype=pl.String
    )
    changed = (clean != text).fill_null(value=False)
    out.clean("identifier_grouping", attribute.name, changed, text, clean)
    wrong = [word for word, (_, good) in judged.items() if not good]
    bad = has & text.is_in(pl.Series(wrong, dtype=pl.String).implode()).fill_null(value=False)
    out.note(attribute.on_bad, "bad_legal_id", attribute.name, bad)
    return clean.set(bad, None)


def _legal_id(word: str) -> tuple[str, bool]:
    """The number without grouping, and whether its check digits are right."""
    from stdnum.fr import siren, siret  # noqa: PLC0415 — most deliveries name no company

    compact = _PUNCTUATION.sub("", word.upper())
    if compact.isascii() and compact.isdigit():
        if len(compact) == _SIREN_DIGITS:
            return compact, siren.is_valid(compact)
        if len(compact) == _SIRET_DIGITS:
            return compact, siret.is_valid(compact)
    from stdnum.eu import vat  # noqa: PLC0415

    if _is_vat(compact, vat.MEMBER_STATES):
        return compact, vat.is_valid(compact)
    return word, True


def _is_vat(compact: str, states: Collection[str]) -> bool:
    """Say whether a number means to be one of the VAT system; `HRB 134306` is a German register."""
    found = _VAT.fullmatch(compact)
    if found is None or found[1].lower() not in {*states, "el"}:
        return False
    number = compact[2:]
    begins = number[0].isdigit() or found[1] in _LETTER_FIRST
    return begins and sum(sign.isdigit() for sign in number) >= _VAT_DIGITS


def _without_apostrophe(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    quoted = text.str.starts_with("'").fill_null(value=False)
    if not quoted.any():
        return text
    bare = text.str.strip_prefix("'")
    out.clean("leading_apostrophe", attribute.name, quoted, text, bare)
    return bare


def _compact(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    """Digits in groups, or with the decimals that a spreadsheet added, as one number."""
    grouped = text.str.contains(_GROUPED).fill_null(value=False)
    if not grouped.any():
        return text
    compact = text.str.replace(r"\.0+$", "").str.replace_all(r"[ .\u00a0\u202f-]", "")
    compact = compact.zip_with(grouped, text)
    changed = grouped & (compact != text).fill_null(value=False)
    out.clean("identifier_grouping", attribute.name, changed, text, compact)
    return compact


def _padded(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    digits = text.str.contains(r"^[0-9]{7}$|^[0-9]{9,11}$").fill_null(value=False)
    if not digits.any():
        return text
    padded = text
    for short, length in _SHORT.items():
        padded = text.str.zfill(length).zip_with(
            digits & (text.str.len_bytes() == short).fill_null(value=False), padded
        )
    good = digits & ~bad_gtin(padded)
    out.clean("gtin_padded", attribute.name, good, text, padded)
    return padded.zip_with(good, text)

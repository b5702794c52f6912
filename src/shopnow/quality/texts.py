"""Text is cleaned before it is judged: blanks, invisible characters, one Unicode form."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, cast

import numpy as np
import polars as pl

from shopnow.quality.glance import MANY, glance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.quality.glance import Glance

# No-break spaces become spaces; zero-width characters and byte order marks vanish (S46, S49).
_NO_BREAK = "[\u00a0\u202f\u2007]"
_INVISIBLE = "[\u200b\u200c\u200d\u2060\ufeff]"
_ODD = "[\u00a0\u202f\u2007\u200b\u200c\u200d\u2060\ufeff]"
# Latin letters, general punctuation and currency signs are in form NFC already and combine with
# nothing: only texts with other characters pay for the normalisation.
_MAY_COMPOSE = "[^\u0000-\u02ff\u2010-\u205e\u20a0-\u20bf]"
# Either: accented texts without any of these, nearly all, are looked through once.
_SUSPECT = "[^\u0000-\u009f\u00a1-\u02ff\u2010-\u202e\u2030-\u205e\u20a0-\u20bf]"
# Greek and Cyrillic letters that pass for Latin ones.
_LOOK_ALIKES = (
    "[\u0391-\u03a9\u03bf\u03c1\u0405\u0406\u0408\u0410-\u0425\u0430-\u0445\u0455\u0456\u0458]"
)
# Elements of HTML by their names: « <Fils> » of a trade name is none of them.
_ELEMENT = (
    r"</?(?i:a|abbr|b|big|blockquote|body|br|button|center|cite|code|dd|del|div|dl|dt|em|embed|"
    r"font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|label|li|link|mark|meta|"
    r"nav|noscript|object|ol|option|p|pre|q|s|script|section|select|small|span|strike|strong|"
    r"style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video)"
    r"(?:[\s/][^<>]*)?>"
)
# A tag, a comment, or an entity: "a < b" and "R&D" are neither.
_MARKUP = _ELEMENT + r"|<!--|&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});"
_HIDDEN = re.compile(r"(?is)<!--.*?(-->|$)|<(script|style)\b.*?(</\2>|$)")
_TAG = re.compile(_ELEMENT)
# How often each value has to stand there on average for the different ones to be looked at alone.
_REPEATS = 4
# Anything but what cleaning takes away.
_CONTENT = r"[^\s\u200b\u200c\u200d\u2060\ufeff]"
_BLANKS = re.compile(r"\s+")
_UUID = r"(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"


def clean_text(values: pl.Series) -> pl.Series:
    """Trimmed values in Unicode form NFC; null stays null and "" stays ""."""
    if values.dtype != pl.String:
        return values
    return cleaned(values, glance(values))[0]


def cleaned(values: pl.Series, look: Glance) -> tuple[pl.Series, pl.Series | None]:
    """Texts as `clean_text` gives them, and the places of those whose characters had to be seen to.

    The very same series where nothing changed; None where all characters are plain ones.
    """
    text, odd = values, None
    if not look.is_ascii:
        wide = (values.str.len_bytes() != values.str.len_chars()).fill_null(value=False).arg_true()
        suspect = values.gather(wide).str.contains(_SUSPECT)
        if suspect.any():
            odd = wide.filter(suspect)
            text = values.clone().scatter(odd, _plain(values.gather(odd)))
    stripped = text.str.strip_chars()
    # What is trimmed is shorter.
    if odd is None and int(stripped.str.len_bytes().sum()) == look.size:
        return values, None
    return stripped, odd


def _plain(values: pl.Series) -> pl.Series:
    if values.str.contains(_ODD).any():
        values = values.str.replace_all(_NO_BREAK, " ").str.replace_all(_INVISIBLE, "")
    return _composed(values)


def is_ascii(values: pl.Series) -> bool:
    """True where no value has a character of more than one byte; two sums, no comparison."""
    return bool(values.str.len_bytes().sum() == values.str.len_chars().sum())


def changed(before: pl.Series, after: pl.Series) -> pl.Series | None:
    """Where cleaning changed a text; None where it changed none."""
    if after is before:
        return None
    where = (after != before).fill_null(value=False)
    return where if where.any() else None


def _composed(values: pl.Series) -> pl.Series:
    """Values in form NFC; only those that may change are looked at one by one."""
    where = values.str.contains(_MAY_COMPOSE).fill_null(value=False).arg_true()
    if not len(where):
        return values
    return values.clone().scatter(where, values.gather(where).str.normalize("NFC"))


def look_alikes(values: pl.Series, odd: pl.Series | None) -> pl.Series | None:
    """Where Latin letters stand beside Greek or Cyrillic ones that look like them (S49).

    `odd`: the places of characters that are not plain, as `cleaned` gives them.  None where no
    value has any: nothing is merged, the sender is only told.
    """
    if odd is None:
        return None
    wide = values.gather(odd)
    mixed = wide.str.contains(_LOOK_ALIKES) & wide.str.contains("[A-Za-z]")
    if not mixed.any():
        return None
    found = pl.Series([False]).new_from_index(0, len(values))
    return found.scatter(odd.filter(mixed), values=True)


def without_markup(values: pl.Series) -> pl.Series:
    """Texts without HTML: tags and what they hide are gone, entities are letters.

    >>> without_markup(pl.Series(["<b>V&eacute;lo</b>", "a < b", None])).to_list()
    ['Vélo', 'a < b', None]
    """
    # Nearly no text has either sign, and to look for them is ten times quicker.
    if not values.str.contains("[<&]").any():
        return values
    where = values.str.contains(_MARKUP).fill_null(value=False).arg_true()
    if not len(where):
        return values
    bare = [_bare(text) for text in values.gather(where).to_list()]
    return values.clone().scatter(where, pl.Series(bare, dtype=pl.String))


def _bare(text: str) -> str:
    # What an entity stands for may be a tag again, in texts that were escaped twice.
    for _ in range(2):
        text = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text)))
    text = _TAG.sub(" ", _HIDDEN.sub(" ", text))
    return str(clean_text(pl.Series([_BLANKS.sub(" ", text)]))[0])


def one_case(identifiers: pl.Series) -> pl.Series:
    """Identifiers whose letter case says nothing, in one case: UUIDs lower, all others upper.

    >>> one_case(pl.Series(["fjofil02", "330A5BB3-647B-4354-AB17-E4B9D5792693"])).to_list()
    ['FJOFIL02', '330a5bb3-647b-4354-ab17-e4b9d5792693']
    """
    is_uuid = identifiers.str.contains(_UUID).fill_null(value=False)
    upper = identifiers.str.to_uppercase()
    if not is_uuid.any():
        return upper
    return identifiers.str.to_lowercase().zip_with(is_uuid, upper)


def filled(values: pl.Series) -> pl.Series:
    """True where there is content (neither absent nor empty)."""
    has = values.str.len_bytes() > 0
    return has.fill_null(value=False) if has.null_count() else has


def has_content(values: pl.Series) -> pl.Series:
    """True where something is left when a text is cleaned: `filled` of `clean_text`."""
    has = values.str.contains(_CONTENT)
    return has.fill_null(value=False) if has.null_count() else has


def distinct(values: pl.Series, look: Glance | None = None) -> tuple[pl.Series, pl.Series] | None:
    """The different values and the place of each value among them; None where few repeat.

    What is said of a value by its text alone is then said once: a column of a currency has four
    values, not a million.
    """
    if len(values) < MANY or values.dtype != pl.String:
        return None
    if (look or glance(values)).different * _REPEATS > len(values):
        return None
    # Categories of its own go with it: those that all share would stay as long as the process.
    numbered = values.cast(pl.Categorical(pl.Categories.random()))
    places = numbered.to_physical()
    nowhere = places.null_count()
    if nowhere == len(values):
        return None
    # They are numbered as they come: one place of each number shows its value.
    shown = np.zeros(cast("int", places.max()) + 1, dtype=np.int64)
    if len(shown) * 2 > len(values):
        return None
    rows = places.is_not_null().arg_true().to_numpy() if nowhere else np.arange(len(values))
    shown[(places.drop_nulls() if nowhere else places).to_numpy()] = rows
    each = values.gather(shown)
    if nowhere:
        places = places.fill_null(len(each))
        each = each.append(pl.Series([None], dtype=pl.String))
    return each.alias("value"), places


def translated(values: pl.Series, words: Mapping[str, str]) -> pl.Series:
    """Values by a vocabulary, letter case aside; a word it does not hold becomes null."""
    low = values.str.to_lowercase()
    if len(values) < len(words):
        found = [None if word is None else words.get(word) for word in low.to_list()]
        return pl.Series(values.name, found, dtype=pl.String)
    return low.replace_strict(
        list(words), list(words.values()), default=None, return_dtype=pl.String
    )

"""Text is cleaned before it is judged: blanks, invisible characters, one Unicode form."""

from __future__ import annotations

import polars as pl

# No-break spaces become spaces; zero-width characters and byte order marks vanish (S46, S49).
_NO_BREAK = "[\u00a0\u202f\u2007]"
_INVISIBLE = "[\u200b\u200c\u200d\u2060\ufeff]"


def clean_text(values: pl.Series) -> pl.Series:
    """Trimmed values in Unicode form NFC; null stays null and "" stays ""."""
    if values.dtype != pl.String:
        return values
    is_ascii = bool((values.str.len_bytes() == values.str.len_chars()).all())
    if not is_ascii:
        values = (
            values.str.replace_all(_NO_BREAK, " ")
            .str.replace_all(_INVISIBLE, "")
            .str.normalize("NFC")
        )
    return values.str.strip_chars()


def filled(values: pl.Series) -> pl.Series:
    """True where there is content (neither absent nor empty)."""
    return (values.str.len_bytes() > 0).fill_null(value=False)


def translated(values: pl.Series, words: dict[str, str]) -> pl.Series:
    """Values by a vocabulary, letter case aside; a word it does not hold becomes null."""
    return values.str.to_lowercase().replace_strict(
        list(words), list(words.values()), default=None, return_dtype=pl.String
    )

"""Titles by their words: one number for all that say the same words.

Titles are many and words are short, so that the bytes of all titles are seen to at once: what is
a letter, where words begin and end, and what each word is worth, which no order changes.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Numbers = NDArray[np.uint64]
    Places = NDArray[np.int64]

_PLAIN: Final = {
    **dict(zip("àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy", strict=True)),
    **dict.fromkeys(",.;:!?-_/\\|()[]{}'’\"«»*+&#\u00a0\t\n\0", " "), "œ": "oe", "æ": "ae",
}  # fmt: skip
# Beyond these letters, which take one byte or two that begin with _LEAD, polars makes texts plain.
_WIDE: Final = r"[^\x00-\x7f\u00c0-\u00ff]"
_LEAD: Final = 0xC3
_ASCII, _NOTHING, _BLANK = 0x80, 0, 0x20
# Bytes at once: the numbers made of them stay in the processor's cache.
_BLOCK: Final = 128 << 10
# Odd, so that there is one to divide by; of 64 bits, so that short words differ in all of them.
_FACTOR: Final = 0x9E3779B97F4A7C15
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_HALF: Final = np.uint64(32)


def title_marks(titles: pl.Series) -> pl.Series:
    """One number (UInt64) for all titles of the same words; null where there is no word.

    Case, accents, punctuation and the order of the words say nothing; numbers hold their unit.
    >>> title_marks(pl.Series(["Casserole inox 20 cm", "CASSEROLE 20cm, inox"])).n_unique()
    1
    """
    texts = titles.fill_null("")
    said = _bytes(texts)
    if _is_wide(said):
        texts = _narrowed(texts)
        said = _bytes(texts)
    ends = (texts.str.len_bytes().cast(pl.Int64) + 1).cum_sum().to_numpy()
    if not len(ends):
        return pl.Series("mark", [], dtype=pl.UInt64)
    marks, first, begin = [], 0, 0
    while first < len(ends):
        last = max(first + 1, int(np.searchsorted(ends, begin + _BLOCK, "right")))
        stop = int(ends[last - 1])
        marks.append(_marked(said[begin:stop], ends[first:last] - begin))
        first, begin = last, stop
    found = np.concatenate(marks)
    has_words = found != 0
    mark = pl.Series("mark", found)
    return mark if has_words.all() else mark.set(pl.Series(~has_words), None)


def _bytes(texts: pl.Series) -> Bytes:
    """The bytes of all texts; each ends with a blank, as its last word does."""
    joined = texts.str.join("\n").cast(pl.Binary).item() or b""
    return np.frombuffer(joined + b"\n", np.uint8)


def _is_wide(said: Bytes) -> bool:
    """Say whether there is any letter but ASCII and those of two bytes that begin with _LEAD."""
    return int((said >= _ASCII).sum()) != 2 * int((said == _LEAD).sum())


def _narrowed(texts: pl.Series) -> pl.Series:
    """The texts, those with other letters made plain: of them only what has no accent is left."""
    where = texts.str.contains(_WIDE).arg_true()
    plain = texts.gather(where).str.to_lowercase()
    plain = plain.str.replace_many(list(_PLAIN), list(_PLAIN.values()))
    return texts.clone().scatter(where, plain)


class _Words(NamedTuple):
    """Words in the order of their text: where each begins and ends, and how many a title has."""

    starts: Places
    stops: Places
    counts: Places


def _marked(said: Bytes, ends: Places) -> Numbers:
    """One number a title, 0 where it has no word; `ends`: behind each title's last byte."""
    letters, ends = _letters(said, ends)
    words = _words(letters, ends)
    if not len(words.starts):
        return np.zeros(len(ends), np.uint64)
    numbers = _numbers(letters, words)
    counts = words.counts
    joined = _joined(letters, words)
    if joined.any():
        numbers, counts = _with_units(numbers, words, joined)
    # What a sum hides, the same letter at the same place of two words, is mixed up before.
    numbers = (numbers ^ (numbers >> _HALF)) * _MIX
    numbers ^= numbers >> _HALF
    marks = np.zeros(len(ends), np.uint64)
    has_words = counts > 0
    begins = (np.cumsum(counts) - counts)[has_words]
    marks[has_words] = np.maximum(np.add.reduceat(numbers, begins), np.uint64(1))
    return marks


def _letters(said: Bytes, ends: Places) -> tuple[Bytes, Places]:
    """Texts as they are compared: lower case, no accents, a blank for any other sign."""
    ascii_letters, firsts, seconds = _tables()
    letters = np.frombuffer(bytearray(said).translate(ascii_letters), np.uint8)
    leads = np.flatnonzero(said == _LEAD)
    if not len(leads):
        return letters, ends
    followers = said[leads + 1]
    letters[leads], letters[leads + 1] = firsts[followers], seconds[followers]
    # Of an accented letter one byte is left; of `æ`, which is two letters, both are.
    dropped = leads[letters[leads] == _NOTHING]
    return letters[letters != _NOTHING], ends - np.searchsorted(dropped, ends)


def _words(letters: Bytes, ends: Places) -> _Words:
    is_letter = letters != _BLANK
    turns = np.flatnonzero(is_letter[1:] != is_letter[:-1]) + 1
    # The last byte is a blank: what begins has its end.
    turns = np.concatenate([[0], turns]) if is_letter[0] else turns
    starts = turns[::2]
    until = np.searchsorted(starts, ends)
    return _Words(starts, turns[1::2], np.diff(until, prepend=0))


def _numbers(letters: Bytes, words: _Words) -> Numbers:
    """The value of each word: a polynomial of its bytes, wherever it stands."""
    powers, inverse = _powers(len(letters))
    sums = np.empty(len(letters) + 1, np.uint64)
    sums[0] = 0
    np.cumsum(letters * powers[: len(letters)], out=sums[1:])
    return (sums[words.stops] - sums[words.starts]) * inverse[words.starts]


def _joined(letters: Bytes, words: _Words) -> NDArray[np.bool_]:
    """Where a word is the unit of the number before it: `20 cm` is `20cm`."""
    last, first = letters[words.stops[:-1] - 1], letters[words.starts[1:]]
    is_unit = (last >= ord("0")) & (last <= ord("9")) & (first >= ord("a")) & (first <= ord("z"))
    joined = np.concatenate([[False], is_unit])
    # The first word of a title is nobody's unit.
    begins = np.cumsum(words.counts) - words.counts
    joined[begins[begins < len(joined)]] = False
    return joined


def _with_units(
    numbers: Numbers, words: _Words, joined: NDArray[np.bool_]
) -> tuple[Numbers, Places]:
    """Values of words with their units, and how many are left in each title."""
    lengths = words.stops - words.starts
    before = np.cumsum(lengths) - lengths
    heads = np.flatnonzero(~joined)
    offsets = before - np.repeat(before[heads], np.diff(heads, append=len(joined)))
    powers, _ = _powers(int(offsets.max()) + 1)
    titles = np.repeat(np.arange(len(words.counts)), words.counts)
    left = np.bincount(titles[heads], minlength=len(words.counts))
    return np.add.reduceat(numbers * powers[offsets], heads), left


@cache
def _tables() -> tuple[bytes, Bytes, Bytes]:
    """What becomes of an ASCII byte, and of the two bytes of a letter by the second of them."""
    ascii_letters = np.arange(256, dtype=np.uint8)
    for byte in range(_ASCII):
        letter = chr(byte).lower()
        ascii_letters[byte] = ord(_PLAIN.get(letter, letter))
    firsts, seconds = np.full(256, _LEAD, np.uint8), np.arange(256, dtype=np.uint8)
    for byte in range(_ASCII, 0xC0):
        letter = bytes([_LEAD, byte]).decode().lower()
        plain = _PLAIN.get(letter, letter).encode().rjust(2, bytes([_NOTHING]))
        firsts[byte], seconds[byte] = plain[-2], plain[-1]
    return ascii_letters.tobytes(), firsts, seconds


def _powers(count: int) -> tuple[Numbers, Numbers]:
    """The factor's powers from 0 on, `count` of them at least, and what undoes each."""
    return _powers_up_to(1 << max(count, _BLOCK).bit_length())


@lru_cache(maxsize=2)
def _powers_up_to(count: int) -> tuple[Numbers, Numbers]:
    return _powers_of(_FACTOR, count), _powers_of(pow(_FACTOR, -1, 1 << 64), count)


def _powers_of(factor: int, count: int) -> Numbers:
    steps = np.full(count, factor, np.uint64)
    steps[0] = 1
    return np.multiply.accumulate(steps)

"""A valid value that resembles what was sent: a category, a word of the contract, a code.

Only ever proposed: nothing is loaded under a value that the sender did not say.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from shopnow.quality import countries, currencies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.sources import Attribute, Field

_LEAST = 0.6
# A last part that shares no word has to be spelt nearly alike.
_ALIKE = 0.75
# Nodes that are compared letter by letter.
_CANDIDATES = 40
_WORD = re.compile(r"[a-z0-9]+")
_MONEY = re.compile(r"^\D{0,4}?(\d{1,3}(?:[ \u00a0\u202f.]?\d{3})*(?:[.,]\d{1,2})?)\D{0,4}$")
_SHORT = 3
# No category is that long.
_LONGEST = 200


@dataclass
class Nearest:
    """Proposes values; `tree`: paths of each category, that in the reader's language first."""

    tree: Sequence[tuple[str, ...]]
    decimal: str = "."
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)
    _words: list[tuple[str, frozenset[str], str]] = field(default_factory=list)
    _by_word: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_leaf: dict[str, int] = field(default_factory=dict)

    def of(self, rule: str, value: str, attribute: Attribute | None, spec: Field | None) -> str:
        """The proposal for `value`, "" for none."""
        if not value or len(value) > _LONGEST:
            return ""
        propose = {
            "unknown_category": self._category,
            "unknown_currency": _currency,
            "unknown_country": _country,
            "not_a_number": self._amount,
        }.get(rule)
        if propose is not None:
            return propose(value)
        if rule == "unknown_word" and attribute is not None:
            known = [*attribute.values, *(word for word, _ in attribute.words)]
            known += [word for word, _ in (spec.words if spec else ())]
            return next(iter(get_close_matches(value.lower(), known, 1, _LEAST)), "")
        return ""

    def _amount(self, value: str) -> str:
        found = _MONEY.match(value.strip())
        if found is None:
            return ""
        digits = re.sub(r"[ \u00a0\u202f]", "", found[1])
        whole, mark, cents = digits.replace(",", ".").rpartition(".")
        if mark and len(cents) != _SHORT:
            return f"{whole.replace('.', '')}{self.decimal}{cents}"
        # 1.299 may be a thousand or one and a bit: nothing is proposed.
        return "" if mark else digits

    def _category(self, value: str) -> str:
        key = ("category", value)
        if key not in self._seen:
            self._seen[key] = self._best_category(value)
        return self._seen[key]

    def _best_category(self, value: str) -> str:
        if not self._words:
            self._index()
        wanted, last = _parts(value)
        if not last:
            return ""
        # Of a tree of ten thousand nodes only those that share the most words are spelt out.
        shared = Counter(at for word in wanted for at in self._by_word.get(word, ()))
        near = heapq.nlargest(
            _CANDIDATES, shared, key=lambda at: (shared[at] / len(wanted | self._words[at][1]), -at)
        )
        leaf = next(iter(get_close_matches(last, self._by_leaf, 1, _ALIKE)), None)
        if leaf is not None:
            near.append(self._by_leaf[leaf])
        best, best_score = "", 0.0
        for at in sorted(near):
            path, words, leaf = self._words[at]
            common = len(wanted & words) / max(len(wanted | words), 1)
            score = common + SequenceMatcher(None, last, leaf).ratio()
            if score > best_score:
                best, best_score = path, score
        return best

    def _index(self) -> None:
        for paths in self.tree:
            for path in paths:
                words, leaf = _parts(path)
                for word in words:
                    self._by_word[word].append(len(self._words))
                self._by_leaf.setdefault(leaf, len(self._words))
                self._words.append((paths[0], words, leaf))


def _currency(value: str) -> str:
    known = {"€": "EUR", "$": "USD", "£": "GBP", "euro": "EUR", "euros": "EUR", "dollar": "USD"}
    said = value.strip().lower()
    if said in known:
        return known[said]
    return value[:3].upper() if value[:3].upper() in currencies() else ""


def _country(value: str) -> str:
    found = next(iter(get_close_matches(value.lower(), countries(), 1, 0.75)), "")
    return countries()[found] if found else ""


def _parts(path: str) -> tuple[frozenset[str], str]:
    """The words of a path without accents, and its last part."""
    plain = unicodedata.normalize("NFKD", path.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    leaf = re.split(r"[>/|]", plain)[-1].strip()
    # A plural is the same word.
    return frozenset(word.rstrip("s") for word in _WORD.findall(plain)), leaf.rstrip("s")

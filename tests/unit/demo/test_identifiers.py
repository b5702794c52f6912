"""Identifiers are well formed and lie in ranges which belong to nobody."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean
from stdnum.fr import siren as french_siren

from shopnow.demo.categories import CATEGORIES, LEAVES
from shopnow.demo.model import Scale
from shopnow.demo.plan import generate
from shopnow.demo.randomness import gtin13, siren, stream, uuids, weighted

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@given(st.integers(0, 99_999))
def test_a_siren_has_a_right_check_digit_in_an_unassigned_range(number: int) -> None:
    assert french_siren.is_valid(siren(number))
    assert siren(number).startswith("999")


@given(st.integers(0, 10**10 - 1))
def test_a_barcode_has_a_right_check_digit_in_the_range_of_shops(number: int) -> None:
    assert ean.is_valid(gtin13(number))
    assert gtin13(number).startswith("2")


def test_uuids_are_of_version_4_and_differ() -> None:
    drawn = uuids(stream(1, "ids"), 500).to_list()
    assert all(UUID.fullmatch(one) for one in drawn)
    assert len(set(drawn)) == 500


def test_streams_are_repeatable_and_apart() -> None:
    first, again, other = stream(1, "a"), stream(1, "a"), stream(1, "b")
    assert first.integers(0, 10**9) == again.integers(0, 10**9) != other.integers(0, 10**9)


def test_weights_are_respected() -> None:
    drawn = weighted(stream(1, "weights"), (0.0, 1.0, 3.0), 4000)
    counts = np.bincount(drawn, minlength=3)
    assert counts[0] == 0
    assert counts[2] / counts[1] == pytest.approx(3.0, abs=0.5)


def test_every_leaf_is_in_the_tree_below_its_parents() -> None:
    by_id = {one.category_id: one for one in CATEGORIES}
    by_path = {one.path_fr: one for one in CATEGORIES}
    assert len(by_id) == len(by_path) == len(CATEGORIES)
    for leaf in LEAVES:
        node = by_path[leaf.path_fr]
        assert node.level == 3
        parent = by_id[str(node.parent_id)]
        assert node.path_fr.startswith(parent.path_fr)
        assert len(node.path_en.split(" > ")) == node.level


def test_a_scale_which_cannot_tell_the_stories_is_refused(tmp_path: object) -> None:
    with pytest.raises(ValueError, match="sellers must be at least 4"):
        generate(tmp_path, sellers=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="products must be at least"):
        generate(tmp_path, sellers=40, products=50)  # type: ignore[arg-type]
    assert Scale.__doc__

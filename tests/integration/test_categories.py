"""The category tree: loaded as a set, again without effect, changed in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shopnow.demo import CATEGORIES
from shopnow.dimensions import load_categories
from shopnow.kernel import connect

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration


def test_a_tree_is_loaded_whatever_its_order_and_once(warehouse: Settings) -> None:
    leaves_first = sorted(CATEGORIES, key=lambda one: -one.level)
    with connect(warehouse) as connection:
        assert load_categories(connection, leaves_first, "v1") == len(CATEGORIES)
        assert load_categories(connection, leaves_first, "v1") == 0
        renamed = [replace(CATEGORIES[0], path_fr="Autre nom")]
        assert load_categories(connection, renamed, "v1") == 1
        rows = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE path_fr = 'Autre nom') FROM dwh.dim_category"
        ).fetchone()
    assert rows == (len(CATEGORIES), 1)

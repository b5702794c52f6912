"""Tables that grew are counted beside the run; what the count met is told when it is awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from shopnow.kernel import connect
from shopnow.pipeline.upkeep import Upkeep

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration
ROWS = 2_000
_PRODUCTS = """
INSERT INTO dwh.dim_product (
    seller_no, product_id, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
SELECT 1, 'P' || n, '2025-01-01+00', '9999-12-31 00:00+00', TRUE, 1, '2026-01-01+00', 1, 1, 1
FROM generate_series(1, %s) AS n
"""
_COUNTED = "SELECT reltuples FROM pg_class WHERE oid = 'dwh.dim_product'::regclass"


def test_a_table_that_grew_is_counted_when_it_was_waited_for(warehouse: Settings) -> None:
    with connect(warehouse) as loader, connect(warehouse, "shopnow_owner") as owner:
        loader.execute(_PRODUCTS, (ROWS,))
        loader.execute("SELECT pg_stat_force_next_flush()")
        with Upkeep(owner) as upkeep:
            upkeep.begin()
            upkeep.wait()
        counted = loader.execute(_COUNTED).fetchone()

    assert counted is not None
    assert counted[0] >= ROWS


def test_what_a_count_met_is_raised_where_it_is_awaited(warehouse: Settings) -> None:
    with connect(warehouse, "shopnow_owner") as owner, Upkeep(owner) as upkeep:
        owner.close()
        upkeep.begin()
        with pytest.raises(psycopg.OperationalError):
            upkeep.wait()
        upkeep.wait()


def test_a_count_that_fails_hides_no_other_error(warehouse: Settings) -> None:
    owner = connect(warehouse, "shopnow_owner")
    owner.close()
    with pytest.raises(LookupError, match="ours"), Upkeep(owner) as upkeep:  # noqa: PT012 — what is left with
        upkeep.begin()
        raise LookupError("ours")


def test_a_count_that_nobody_awaited_is_not_lost(warehouse: Settings) -> None:
    owner = connect(warehouse, "shopnow_owner")
    owner.close()
    with pytest.raises(psycopg.OperationalError), Upkeep(owner) as upkeep:
        upkeep.begin()

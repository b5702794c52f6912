"""The contracts and the catalogue say the same: no attribute without column, none without type."""

from __future__ import annotations

import pytest

from shopnow.dimensions import dimensions_of
from shopnow.kernel import Settings, connect
from shopnow.sources import Contracts, load_contracts

pytestmark = pytest.mark.integration

COLUMNS = """
SELECT column_name
FROM information_schema.columns
WHERE table_schema = %(schema)s AND table_name = %(name)s
"""
# Columns that the engine or the loader keeps, whatever the contract declares.
KEPT = {
    "valid_from", "valid_to", "is_current", "is_deleted", "is_inferred", "version", "next_from",
    "known_from", "delivery_key", "record_no", "source_line",
}  # fmt: skip


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(Settings().contracts_dir)


def columns(settings: Settings, table: str) -> set[str]:
    schema, name = table.split(".")
    with connect(settings) as conn:
        rows = conn.execute(COLUMNS, {"schema": schema, "name": name}).fetchall()
    return {row[0] for row in rows}


@pytest.mark.parametrize("kind", ["seller", "product", "customer"])
def test_a_dimension_has_the_attributes_of_its_contract_and_no_other(
    warehouse: Settings, contracts: Contracts, kind: str
) -> None:
    dimension = next(d for d in dimensions_of(contracts) if d.name == kind)
    declared = set(dimension.attributes) | set(dimension.key) | {dimension.surrogate}
    for name in dimension.typed(3):
        declared |= {f"previous_{name}", f"{name}_changed_at"}
    assert columns(warehouse, f"dwh.dim_{kind}") - KEPT == declared


@pytest.mark.parametrize("kind", ["seller", "product", "customer", "offer", "order"])
def test_a_change_log_carries_every_historised_attribute(
    warehouse: Settings, contracts: Contracts, kind: str
) -> None:
    declared = {attribute.name for attribute in contracts.kinds[kind].historised}
    assert declared <= columns(warehouse, f"history.{kind}_change")


@pytest.mark.parametrize(
    "kind", ["seller", "product", "offer", "customer", "order", "item", "payment", "click"]
)
def test_a_record_has_the_table_that_its_contract_names(
    warehouse: Settings, contracts: Contracts, kind: str
) -> None:
    assert columns(warehouse, contracts.kinds[kind].table)


def test_no_personal_attribute_is_a_column_of_any_table(
    warehouse: Settings, contracts: Contracts
) -> None:
    personal = {
        attribute.name
        for record in contracts.kinds.values()
        for attribute in record.attributes
        if attribute.is_personal
    }
    assert personal
    for record in contracts.kinds.values():
        assert not columns(warehouse, record.table) & personal
        assert not columns(warehouse, f"staging.{record.kind}_row") & personal


def test_every_scd_type_is_justified(contracts: Contracts) -> None:
    for record in contracts.kinds.values():
        for attribute in record.historised:
            assert attribute.justification, f"{record.kind}.{attribute.name}"

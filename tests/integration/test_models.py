"""The models that `shopnow docs` draws: complete, readable, and the same bytes each time."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from shopnow.deliverables import (
    attributes_document,
    logical_model,
    physical_models,
    read_catalogue,
)
from shopnow.kernel import Settings, connect
from shopnow.sources import Contracts, load_contracts

if TYPE_CHECKING:
    from shopnow.deliverables import Catalogue

pytestmark = pytest.mark.integration

SVG = "{http://www.w3.org/2000/svg}"
# A box of a table is the only rectangle with a frame.
Rectangle = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def catalogue(test_server: Settings) -> Catalogue:
    with connect(test_server, "shopnow_owner") as connection:
        return read_catalogue(connection)


@pytest.fixture(scope="module")
def contracts() -> Contracts:
    return load_contracts(Settings().contracts_dir)


@pytest.fixture(scope="module")
def drawings(catalogue: Catalogue, contracts: Contracts) -> dict[str, str]:
    return {"logical": logical_model(catalogue, contracts), **physical_models(catalogue)}


def test_the_logical_model_shows_every_historised_attribute_with_its_type(
    drawings: dict[str, str], contracts: Contracts
) -> None:
    texts = _texts(drawings["logical"])
    told = set(zip(texts, texts[1:], texts[2:], strict=False))
    for kind in ("seller", "product", "customer"):
        for attribute in contracts.kinds[kind].historised:
            assert (str(attribute.scd), attribute.name, attribute.label) in told


def test_the_physical_models_show_every_table_and_column(
    drawings: dict[str, str], catalogue: Catalogue
) -> None:
    for schema in ("dwh", "history", "staging", "journal", "security", "privacy", "mart"):
        texts = set(_texts(drawings[schema]))
        for relation in catalogue.relations:
            if relation.schema == schema and relation.kind == "table":
                columns = {column.name for column in relation.columns}
                assert {relation.name, *columns} <= texts, relation.name


def test_every_foreign_key_of_the_star_is_drawn(drawings: dict[str, str]) -> None:
    # Each line from a fact to a dimension ends in a crow's foot of three strokes and a bar.
    paths = ET.fromstring(drawings["dwh"]).findall(f"{SVG}path")  # noqa: S314 — our own drawing
    dashed = [path for path in paths if path.get("stroke-dasharray")]
    assert len(dashed) == 6


def test_boxes_do_not_overlap_and_texts_stay_inside(drawings: dict[str, str]) -> None:
    for name, drawing in drawings.items():
        root = ET.fromstring(drawing)  # noqa: S314 — our own drawing
        boxes = [_rectangle(r) for r in root.findall(f"{SVG}rect") if r.get("stroke") != "none"]
        boxes = [box for box in boxes if box[2] < float(root.get("width", "0"))]
        for one, other in combinations(boxes, 2):
            assert not _overlap(one, other), name
        right = max(x + width for x, _, width, _ in boxes)
        bottom = max(y + height for _, y, _, height in boxes)
        assert right < float(root.get("width", "0"))
        assert bottom < float(root.get("height", "0"))


def test_a_drawing_says_what_it_is_to_who_does_not_see_it(drawings: dict[str, str]) -> None:
    for drawing in drawings.values():
        root = ET.fromstring(drawing)  # noqa: S314 — our own drawing
        assert root.get("role") == "img"
        assert (root.findtext(f"{SVG}title") or "").startswith("Modèle")
        assert "Tables" in (root.findtext(f"{SVG}desc") or "")


def test_the_same_catalogue_gives_the_same_bytes(
    drawings: dict[str, str], catalogue: Catalogue, contracts: Contracts
) -> None:
    assert logical_model(catalogue, contracts) == drawings["logical"]
    assert physical_models(catalogue)["dwh"] == drawings["dwh"]


def test_the_page_says_of_every_attribute_its_type_and_why(contracts: Contracts) -> None:
    page = attributes_document(contracts)
    for record in contracts.kinds.values():
        for attribute in record.historised:
            assert attribute.justification_fr, attribute.name
            row = rf"\| `{attribute.name}` \| .+ \| {attribute.scd} \| .+ \|"
            assert re.search(row, page), attribute.name
    assert page.count("\n## ") == 5


def _texts(drawing: str) -> list[str]:
    root = ET.fromstring(drawing)  # noqa: S314 — our own drawing
    return [text.text or "" for text in root.findall(f"{SVG}text")]


def _rectangle(element: ET.Element) -> Rectangle:
    x, y, width, height = (float(element.get(n, "0")) for n in ("x", "y", "width", "height"))
    return x, y, width, height


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )

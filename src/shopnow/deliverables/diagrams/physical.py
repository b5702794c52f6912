"""The physical model: every table with its columns, types and keys, one page a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.deliverables.diagrams.figure import HEAD, ROW, Box, Figure, Link, Row
from shopnow.deliverables.diagrams.keys import Keys, keys_of
from shopnow.deliverables.diagrams.logical import COLOURS, FACT_COLOUR
from shopnow.deliverables.diagrams.types_fr import short_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.deliverables.catalogue import Catalogue, Relation

_PRIMARY, _FOREIGN, _UNIQUE = "#9a3412", "#1d4ed8", "#0f766e"
# The star reads best with facts between the dimensions that they refer to.
_STAR: Final = {
    "fact_order_header": 0, "fact_payment": 0, "dim_customer": 1, "dim_seller": 1, "fact_order": 2,
    "dim_product": 3, "dim_category": 3, "dim_date": 3, "fact_offer": 4, "fact_clickstream": 4,
}  # fmt: skip
# History by what it is about: the log of changes above what was believed once.
_HISTORY: Final = {
    "seller_change": 0, "seller_superseded": 0, "product_change": 1, "product_superseded": 1,
    "customer_change": 2, "customer_superseded": 2, "order_change": 3, "offer_change": 3,
}  # fmt: skip
_TITLES: Final = {
    "dwh": "dimensions et faits",
    "history": "journaux des changements, versions abandonnées",
    "staging": "livraisons et lignes telles que livrées",
    "quality": "rejets, nettoyages, résultats des règles",
    "mart": "tables de lecture",
    "journal": "exécutions, événements, mesures",
    "security": "registre des vendeurs, accès",
    "privacy": "coffre, personnes, registre des traitements",
}
_NOTES: Final = (
    "« ? » : la colonne peut être vide. Trait plein : clé étrangère tenue par la base.",
    "Tireté : clé déclarée NOT ENFORCED, tenue par le chargement et par les audits.",
)
# A table has the colour of what it is about; others stand out where something refers to them.
_ABOUT: Final = {
    "seller": COLOURS["dim_seller"],
    "product": COLOURS["dim_product"],
    "customer": COLOURS["dim_customer"],
    "fact": FACT_COLOUR,
    "order": FACT_COLOUR,
    "item": FACT_COLOUR,
    "offer": "#8a5a2b",
    "stock": "#8a5a2b",
    "click": "#1f7a8c",
    "marketplace": FACT_COLOUR,
}
_REFERRED_TO: Final = "#7a5ba6"
_OTHER: Final = "#64748b"
_WIDE: Final = 4


def physical_models(catalogue: Catalogue) -> dict[str, str]:
    """One SVG a schema that has tables, by the name of the schema."""
    found = {}
    for schema, _ in catalogue.schemas:
        tables = [r for r in catalogue.relations if r.schema == schema and r.kind == "table"]
        if tables and schema in _TITLES:
            found[schema] = _page(schema, tables)
    return found


def _page(schema: str, tables: Sequence[Relation]) -> str:
    keys = {table.name: keys_of(table) for table in tables}
    links = _links(schema, keys)
    columns = _STAR if schema == "dwh" else _columns(tables, links)
    targets = {link.target for link in links}
    ordered = sorted(tables, key=lambda t: _place(t.name, columns, tables))
    return Figure(
        title=f"Modèle physique : schéma {schema}",
        about=f"{_TITLES[schema][0].upper()}{_TITLES[schema][1:]} ; PostgreSQL 18, "
        f"{len(tables)} tables.",
        boxes=[
            _box(t, keys[t.name], _colour(t.name, targets), columns.get(t.name, 0)) for t in ordered
        ],
        links=links,
        legend=[
            ("PK", _PRIMARY, "clé primaire"),
            ("FK", _FOREIGN, "clé étrangère"),
            ("U", _UNIQUE, "clé unique"),
        ],
        notes=_NOTES,
    ).svg()


def _place(name: str, columns: dict[str, int], tables: Sequence[Relation]) -> tuple[int, int]:
    known = [*_STAR, *_HISTORY]
    order = known.index(name) if name in known else len(known)
    return columns.get(name, 0), order * 1000 + [table.name for table in tables].index(name)


def _links(schema: str, keys: dict[str, Keys]) -> list[Link]:
    found: dict[tuple[str, str], Link] = {}
    for name, own in keys.items():
        for key in own.foreign:
            target = key.target.removeprefix(f"{schema}.")
            if target in keys and target != name:
                own_column = key.columns[-1]
                found[name, target] = Link(name, target, own_column, not key.is_enforced)
    return list(found.values())


def _columns(tables: Sequence[Relation], links: Sequence[Link]) -> dict[str, int]:
    """Tables referred to, then those that refer to them; the others where there is room."""
    targets = {link.target for link in links}
    sources = {link.source for link in links} - targets
    placed = dict.fromkeys(targets, 0) | dict.fromkeys(sources, 1)
    placed |= {table.name: _HISTORY[table.name] for table in tables if table.name in _HISTORY}
    alone = [table for table in tables if table.name not in placed]
    count = max([min(_WIDE, (len(tables) + 1) // 2), *(c + 1 for c in placed.values())])
    heights = [0.0] * count
    for table in tables:
        if table.name in placed:
            heights[placed[table.name]] += HEAD + len(table.columns) * ROW
    for table in sorted(alone, key=lambda t: -len(t.columns)):
        column = heights.index(min(heights))
        placed[table.name] = column
        heights[column] += HEAD + len(table.columns) * ROW
    return placed


def _colour(name: str, targets: set[str]) -> str:
    if name in COLOURS:
        return COLOURS[name]
    about = _ABOUT.get(name.partition("_")[0])
    return about or (_REFERRED_TO if name in targets else _OTHER)


def _box(table: Relation, keys: Keys, colour: str, column: int) -> Box:
    foreign = {name for key in keys.foreign for name in key.columns}
    rows = []
    for one in table.columns:
        labels = [("PK", _PRIMARY)] if one.name in keys.primary else []
        labels += [("FK", _FOREIGN)] if one.name in foreign else []
        labels += [("U", _UNIQUE)] if one.name in keys.unique else []
        detail = short_type(one.type) + ("" if one.is_required else " ?")
        rows.append(Row(one.name, detail, tuple(labels), is_key=one.name in keys.primary))
    return Box(table.name, table.name, _kind(table), tuple(rows), colour, column)


def _kind(table: Relation) -> str:
    if table.partition_key:
        return f"partitionnée, {table.partition_key.lower()}"
    return "table non journalisée" if table.is_unlogged else "table"

"""The logical model: what the warehouse speaks of, how it hangs together, and what keeps history.

Tables, columns and links come from the catalogue, SCD types from the contracts; only the French
names, the grains and the places on the page are written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.deliverables.diagrams.figure import GREY, Box, Figure, Link, Row
from shopnow.deliverables.diagrams.keys import keys_of
from shopnow.deliverables.diagrams.types_fr import plain_type

if TYPE_CHECKING:
    from shopnow.deliverables.catalogue import Catalogue, Relation
    from shopnow.sources import Attribute, Contracts

SCD_COLOURS: Final = {0: "#5f6b7a", 1: "#0f766e", 2: "#1d4ed8", 3: "#b45309"}
SCD_MEANINGS: Final = {
    0: "fixe : la première valeur reste",
    1: "corrigé sur toutes les versions",
    2: "historisé : une version par valeur",
    3: "valeur d'avant gardée à côté",
}
COLOURS: Final = {
    "dim_seller": "#2563a8",
    "dim_customer": "#a14a76",
    "dim_product": "#2f7d4f",
    "dim_category": "#7a5ba6",
    "dim_date": "#6b7280",
}
FACT_COLOUR: Final = "#334155"
# Name, grain and column of each table; a table that is not here is on the physical model only.
_PLACES: Final = {
    "dim_seller": ("Vendeur", "une version d'un vendeur", 0),
    "dim_customer": ("Client", "une version d'un client, par pseudonyme", 0),
    "fact_order": ("Ligne de commande", "une ligne d'une commande, retours compris", 1),
    "fact_order_header": ("Commande", "une commande", 1),
    "fact_payment": ("Paiement", "un paiement d'une commande", 1),
    "dim_product": ("Produit", "une version d'un produit d'un vendeur", 2),
    "dim_category": ("Catégorie", "une catégorie de l'arbre", 2),
    "dim_date": ("Jour", "un jour, calendrier français", 2),
    "fact_offer": ("Offre", "une version du prix et du stock", 3),
    "fact_clickstream": ("Visite", "un événement de navigation", 3),
}
# Links that no foreign key says: by durable number, by day, or by the order's own key.
_LINKS: Final = (
    ("fact_order", "fact_order_header", "order_id"),
    ("fact_payment", "fact_order_header", "order_id"),
    ("dim_product", "dim_category", "category_id"),
    ("fact_order", "dim_date", "order_on"),
    ("fact_order_header", "dim_date", "order_on"),
    ("fact_clickstream", "dim_date", "event_on"),
)
# The row at which a link to a version is drawn: the member's own key stands for its version.
_ROW_OF: Final = {
    ("fact_order", "dim_seller"): "seller_no",
    ("fact_order", "dim_customer"): "customer_no",
    ("fact_order_header", "dim_customer"): "customer_no",
    ("fact_offer", "dim_product"): "product_id",
    ("fact_clickstream", "dim_product"): "product_id",
}
_TECHNICAL: Final = frozenset({
    "delivery_key", "record_no", "source_line", "batch_no", "known_from", "next_from", "is_current",
    "is_deleted", "is_inferred", "version", "valid_from", "valid_to", "content_hash", "said_at",
    "said_sequence", "source_rank", "seller_nos", "source", "taxonomy_version", "order_ref",
    "buyer_ref", "event_ref", "session_ref", "iso_year", "iso_week", "weekday", "month",
    "category_changed_at", "segment_changed_at", "previous_category", "previous_segment",
})  # fmt: skip
_NOTES: Final = (
    "Trait plein : vers la version qui valait au moment du fait. Tireté : par clé ou par jour.",
    "La patte d'oie est du côté « plusieurs ».",
    "Vendeur, Produit, Client, Offre et Commande se replient de leur journal (history.…_change).",
    "Une version que l'on ne croit plus passe entière dans history.…_superseded.",
    "Un produit appartient à son vendeur : sa clé commence par seller_no.",
)
_HISTORY: Final = "début et fin de validité, en vigueur, retiré, version"


def logical_model(catalogue: Catalogue, contracts: Contracts) -> str:
    """The logical model as SVG."""
    tables = {r.name: r for r in catalogue.relations if r.schema == "dwh" and r.name in _PLACES}
    historised = {
        record.table.removeprefix("dwh."): {a.name: a for a in record.historised}
        for record in contracts.kinds.values()
    }
    ordered = [tables[name] for name in _PLACES if name in tables]
    return Figure(
        title="Modèle logique de l'entrepôt ShopNow Marketplace",
        about="Les faits, et les dimensions autour ; chaque fait est lié à la version qui valait à "
        "son moment.",
        boxes=[_box(table, historised.get(table.name, {})) for table in ordered],
        links=_links(ordered),
        legend=[(str(scd), SCD_COLOURS[scd], SCD_MEANINGS[scd]) for scd in SCD_COLOURS],
        notes=_NOTES,
    ).svg()


def _links(tables: list[Relation]) -> list[Link]:
    names = {table.name for table in tables}
    found = [
        Link(table.name, target, _ROW_OF.get((table.name, target), ""))
        for table in tables
        for key in keys_of(table).foreign
        if (target := key.target.removeprefix("dwh.")) in names and target != table.name
    ]
    more = [Link(a, b, row, dashed=True) for a, b, row in _LINKS if {a, b} <= names]
    return found + more


def _box(table: Relation, historised: dict[str, Attribute]) -> Box:
    title, grain, column = _PLACES[table.name]
    keys = keys_of(table)
    is_fact = table.name.startswith("fact_")
    durable = [name for name in keys.primary if not name.endswith("_key") or is_fact]
    if table.name == "dim_product":
        durable = ["seller_no", "product_id"]
    elif table.name == "dim_customer":
        durable = ["customer_no"]
    rows = [Row(name, "clé", is_key=True) for name in durable]
    rows += (
        [
            Row(c.name, plain_type(c.type))
            for c in table.columns
            if c.name not in {*durable, *_TECHNICAL, *historised} and not c.name.endswith("_key")
        ]
        if is_fact or not historised
        else []
    )
    if is_fact:
        rows += [Row(c.name, plain_type(c.type)) for c in table.columns if c.name in historised]
    else:
        rows += [
            Row(a.name, a.label, ((str(a.scd), SCD_COLOURS[a.scd or 0]),))
            for a in historised.values()
        ]
    if "valid_from" in {c.name for c in table.columns}:
        rows.append(Row(_HISTORY, is_muted=True))
    colour = COLOURS.get(table.name, FACT_COLOUR if is_fact else GREY)
    return Box(table.name, title, f"{table.name} · {grain}", tuple(rows), colour, column)

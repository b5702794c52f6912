"""The file layouts of the demo's sellers, and how a row becomes a record of such a file.

A seller's source YAML is derived from the same layout which writes the file, so that a file always
reads back under the dialect that is declared for it, unless a defect was planted on purpose.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, str]
TimeKind = Literal["local", "iso"]

_NUMERIC = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DECIMAL_ATTRIBUTES = frozenset({"unit_price"})
_JSON_ATTRIBUTES = frozenset({"unit_price", "stock_quantity", "is_available"})
_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Layout:
    """How one kind of seller writes files: attribute to column (or JSON path), words, dialect.

    An attribute whose name begins with `_` is written but mapped to nothing by the source.
    """

    code: str
    products: Mapping[str, str]
    offers: Mapping[str, str]
    format: Literal["csv", "ndjson"] = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    line_end: str = "\n"
    preamble: str = ""
    has_bom: bool = False
    is_gzipped: bool = False
    time_kind: TimeKind = "iso"
    words: Mapping[str, str] = field(default_factory=dict)
    file_words: tuple[str, str] = ("products", "offers")

    @property
    def header_line(self) -> int:
        """Physical line of the header, from 1."""
        return 2 if self.preamble else 1

    @property
    def suffix(self) -> str:
        """End of a file name in this layout."""
        return f".{self.format}" + (".gz" if self.is_gzipped else "")

    def columns(self, feed: str) -> Mapping[str, str]:
        """Attribute to column of one of the two feeds that sellers send."""
        return self.products if feed == "products" else self.offers


@dataclass
class TextFile:
    """A file in the making: leading lines, then one text a record, without its line end."""

    layout: Layout
    head: list[str]
    records: list[str]

    def first_lines(self) -> list[int]:
        """Give each record's first physical line, from 1; line ends inside quotes count."""
        heights = [1 + text.count("\n") for text in [*self.head, *self.records]]
        starts = list(accumulate(heights, initial=1))
        return starts[len(self.head) : -1]

    def content(self) -> bytes:
        """Give the bytes as sent; the same file gives the same bytes, compressed or not."""
        end = self.layout.line_end
        text = end.join([*self.head, *self.records, ""])
        data = text.encode(self.layout.encoding)
        if self.layout.has_bom:
            data = b"\xef\xbb\xbf" + data
        return gzip.compress(data, _GZIP_LEVEL, mtime=0) if self.layout.is_gzipped else data


def write_rows(layout: Layout, feed: str, rows: Sequence[Row]) -> TextFile:
    """Write rows of one feed in a layout, one record a row, in the order given."""
    columns = layout.columns(feed)
    if layout.format == "ndjson":
        return TextFile(layout, [], [_json_record(layout, columns, row) for row in rows])
    head = [layout.preamble] if layout.preamble else []
    head.append(layout.delimiter.join(columns.values()))
    return TextFile(layout, head, [_csv_record(layout, columns, row) for row in rows])


def _csv_record(layout: Layout, columns: Mapping[str, str], row: Row) -> str:
    return layout.delimiter.join(
        quoted(_value(layout, attribute, row), layout.delimiter) for attribute in columns
    )


def _value(layout: Layout, attribute: str, row: Row) -> str:
    value = row.get(attribute, "")
    if attribute in _DECIMAL_ATTRIBUTES and _NUMERIC.fullmatch(value):
        return value.replace(".", layout.decimal)
    return layout.words.get(value, value) if attribute in {"status", "is_available"} else value


def quoted(value: str, delimiter: str) -> str:
    """Quote a CSV field only where it must be: delimiter, quote or line end inside."""
    if delimiter in value or '"' in value or "\n" in value or "\r" in value:
        return '"' + value.replace('"', '""') + '"'
    return value


def _json_record(layout: Layout, columns: Mapping[str, str], row: Row) -> str:
    whole: dict[str, object] = {}
    for attribute, path in columns.items():
        *parents, last = path.split(".")
        place = whole
        for parent in parents:
            inner = place.setdefault(parent, {})
            assert isinstance(inner, dict)  # noqa: S101 (a path is either a parent or a value)
            place = inner
        place[last] = _json_value(attribute, _value(layout, attribute, row))
    return json.dumps(whole, ensure_ascii=False)


def _json_value(attribute: str, text: str) -> object:
    if attribute not in _JSON_ATTRIBUTES:
        return text
    if text in {"true", "false"}:
        return text == "true"
    if not _NUMERIC.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


_FRENCH = {"active": "actif", "paused": "en pause", "withdrawn": "retiré",
           "true": "oui", "false": "non"}  # fmt: skip
_FRENCH_ONLINE = {"active": "en ligne", "paused": "hors ligne", "withdrawn": "supprimé",
                  "true": "O", "false": "N"}  # fmt: skip
_LETTERS = {"active": "A", "paused": "P", "withdrawn": "W", "true": "Y", "false": "N"}
_UPPER = {"active": "ACTIVE", "paused": "PAUSED", "withdrawn": "WITHDRAWN"}

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        code="fr_point_virgule", delimiter=";", decimal=",", words=_FRENCH,
        file_words=("produits", "offres"),
        products={"product_id": "reference", "title": "titre", "description": "description",
                  "brand": "marque", "gtin": "code_barres", "source_category": "categorie",
                  "status": "statut"},
        offers={"product_id": "reference", "unit_price": "prix", "currency": "devise",
                "stock_quantity": "stock", "is_available": "disponible"},
    ),
    Layout(
        code="en_comma_multiline",
        products={"seller_id": "seller", "product_id": "sku", "title": "name",
                  "description": "long_description", "brand": "brand", "gtin": "ean",
                  "source_category": "category", "status": "status",
                  "effective_at": "updated_at"},
        offers={"seller_id": "seller", "product_id": "sku", "unit_price": "price",
                "currency": "currency", "stock_quantity": "quantity",
                "is_available": "available", "effective_at": "updated_at"},
    ),
    Layout(
        code="fr_cp1252_crlf", delimiter=";", encoding="cp1252", decimal=",", line_end="\r\n",
        words=_FRENCH, file_words=("catalogue", "tarif"),
        products={"product_id": "Référence", "title": "Libellé", "description": "Détail",
                  "source_category": "Catégorie", "brand": "Marque", "gtin": "EAN",
                  "status": "État"},
        offers={"product_id": "Référence", "unit_price": "Prix €", "stock_quantity": "Qté",
                "is_available": "Dispo"},
    ),
    Layout(
        code="tab_bom", delimiter="\t", has_bom=True, words=_UPPER,
        products={"product_id": "item_id", "gtin": "barcode", "title": "item_title",
                  "brand": "item_brand", "source_category": "item_category",
                  "description": "item_description", "status": "item_status"},
        offers={"product_id": "item_id", "unit_price": "item_price",
                "currency": "item_currency", "stock_quantity": "item_stock",
                "is_available": "is_available"},
    ),
    Layout(
        code="pipe_upper", delimiter="|", line_end="\r\n", words=_LETTERS,
        file_words=("ITEMS", "PRICES"),
        products={"product_id": "SKU", "seller_id": "VENDOR", "title": "TITLE",
                  "description": "DESCR", "brand": "BRAND", "gtin": "GTIN",
                  "source_category": "CAT", "status": "STS"},
        offers={"product_id": "SKU", "seller_id": "VENDOR", "unit_price": "UNIT_PRICE",
                "stock_quantity": "ON_HAND", "is_available": "AVAIL"},
    ),
    Layout(
        code="entete_ligne_2", delimiter=";", decimal=",", preamble="# Export de la boutique",
        words=_FRENCH_ONLINE, time_kind="local", file_words=("export_articles", "export_prix"),
        products={"seller_id": "vendeur", "product_id": "article", "title": "désignation",
                  "description": "texte", "_photo": "photo", "brand": "marque",
                  "gtin": "gencod", "source_category": "rayon", "status": "visibilité",
                  "effective_at": "date_maj"},
        offers={"seller_id": "vendeur", "product_id": "article", "unit_price": "prix_ttc",
                "currency": "monnaie", "stock_quantity": "quantité",
                "is_available": "en_vente", "effective_at": "date_maj"},
    ),
    Layout(
        code="ndjson_nested", format="ndjson",
        products={"seller_id": "seller_id", "product_id": "product_id", "title": "name",
                  "description": "details.text", "brand": "details.brand",
                  "gtin": "details.ean", "source_category": "category", "status": "status",
                  "effective_at": "updated_at"},
        offers={"seller_id": "seller_id", "product_id": "product_id",
                "unit_price": "pricing.amount", "currency": "pricing.currency",
                "stock_quantity": "inventory.quantity", "is_available": "inventory.available",
                "effective_at": "updated_at"},
    ),
    Layout(
        code="fr_gzip", delimiter=";", is_gzipped=True, words=_FRENCH_ONLINE,
        file_words=("articles", "prix_stock"),
        products={"product_id": "code", "title": "intitulé", "description": "descriptif",
                  "brand": "fabricant", "gtin": "ean13", "source_category": "famille",
                  "status": "publication"},
        offers={"product_id": "code", "unit_price": "tarif", "currency": "devise",
                "stock_quantity": "stock", "is_available": "vendable"},
    ),
    Layout(
        code="ndjson_gzip", format="ndjson", is_gzipped=True, words=_UPPER,
        products={"product_id": "id", "title": "title", "description": "body",
                  "brand": "vendor", "gtin": "barcode", "source_category": "product_type",
                  "status": "state"},
        offers={"product_id": "id", "unit_price": "price", "currency": "currency",
                "stock_quantity": "stock", "is_available": "sellable"},
    ),
)  # fmt: skip

# What the house writes about its own goods: there is no seller column, so they are ShopNow's.
HOUSE_LAYOUT = Layout(
    code="house",
    products={"product_id": "product_id", "title": "title", "description": "description",
              "brand": "brand", "gtin": "gtin", "source_category": "category",
              "status": "status"},
    offers={"product_id": "product_id", "unit_price": "unit_price", "currency": "currency",
            "stock_quantity": "stock", "is_available": "is_available"},
)  # fmt: skip

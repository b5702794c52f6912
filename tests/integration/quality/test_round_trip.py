"""What was delivered is found again: from the clean row, the log of cleanings and the words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, LiteralString

import pytest
from tests import marketplace

from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Conductor, Context, add_alias, receive

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration
NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)
SOURCE = """
name: dirty
sender: platform
system: bazar
feed: {feed}
categories: house
format: csv
records:
  {kind}:
    fields: {{{fields}}}
"""
PRODUCTS = (
    ("sku", "title", "brand", "ean", "rayon", "etat"),
    ("P1", "Vase", "Grès", "4006381333931", "Maison", "actif"),
    ("P2", "  Vase\u00a0bleu ", "Gre\u0300s", "'4006381333931", "Home", "ACTIF"),
    (
        "P3",
        "<b>Vase</b> &eacute;maill&eacute;",
        "\u200bGrès",
        "400 6381 333931",
        "maison",
        "active",
    ),
    ("P4", " <i>Coq</i>", "", "12345678905", " Bibelots", " actif"),
    ("'0005", "Lampe", "R&amp;D", "4006381333931.0", "BIBELOTS", "en pause"),
    ("P6", "Cadre", "Bois", "", "maison-deco", "paused"),
    ("P7", "Cadre doré", "Bois", "", "", ""),
)
SELLERS = (
    ("code", "nom", "siren", "pays", "statut"),
    ("T1", "Une", "732 829 320", "France", "actif"),
    ("T2", " Deux ", "FR 40 303 265 045", "FR", "Actif"),
    ("T3", "Trois", "404833048", "allemagne", "suspendu"),
    ("T4", "Quatre", "", "France", "active"),
)
CLEAN_PRODUCTS: LiteralString = """
    SELECT record_no, product_id, title, brand, gtin, category_id, status
    FROM dwh.dim_product WHERE delivery_key = %s
"""
CLEAN_SELLERS: LiteralString = """
    SELECT record_no, seller_id, seller_name, legal_id, country, status
    FROM dwh.dim_seller WHERE delivery_key = %s
"""
CASES = {
    "product": ("products", PRODUCTS, CLEAN_PRODUCTS,
                ("product_id", "title", "brand", "gtin", "category_id", "status")),
    "seller": ("sellers", SELLERS, CLEAN_SELLERS,
               ("seller_id", "seller_name", "legal_id", "country", "status")),
}  # fmt: skip


def rebuilt(
    conn: psycopg.Connection, delivery: tuple[int, str], record: int, column: str, value: str | None
) -> str:
    """The delivered text of one clean value; null was an empty cell."""
    key, kind = delivery
    if value is None:
        return ""
    log = conn.execute(
        "SELECT rule_code, before, after FROM quality.cleaning WHERE delivery_key = %s"
        " AND record_no = %s AND column_name = %s",
        (key, record, column),
    ).fetchall()
    said = [row for row in log if row[0] in ("translated", "category_alias")]
    mended = [row for row in log if row not in said]
    if said:
        [(_, value, _)] = said
    else:
        default = conn.execute(
            "SELECT before FROM quality.translation WHERE delivery_key = %s AND kind = %s"
            " AND column_name = %s AND after = %s AND is_default",
            (key, kind, column, value),
        ).fetchall()
        value = default[0][0] if default else value
    while step := next((row for row in mended if row[2] == value), None):
        mended.remove(step)
        value = step[1]
    assert mended == []
    assert value is not None
    return value


@pytest.mark.parametrize("kind", CASES)
def test_every_cell_of_a_dirty_file_is_rebuilt(
    warehouse: Settings, tmp_path: Path, kind: str
) -> None:
    feed, rows, clean, columns = CASES[kind]
    marketplace.prepare(warehouse)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = tmp_path / "dirty.csv"
    path.write_text(text.getvalue(), "utf-8")
    # The house's category is judged from the seller's own word.
    fields = dict(zip(columns, rows[0], strict=True))
    source = tmp_path / "dirty.yaml"
    pairs = ", ".join(f"{name}: {column}" for name, column in fields.items())
    source.write_text(SOURCE.format(feed=feed, kind=kind, fields=pairs), "utf-8")
    with connect(warehouse) as conn:
        add_alias(conn, "bibelots", "maison-deco", sender="platform", now=NOW, who="test")
    with Context.open(warehouse, FixedClock(NOW)) as context:
        receipt = receive(context, context.learn(source), [path])
        report = Conductor(context).run()
    key = receipt.delivery_key
    assert key is not None
    assert report.published == [key]
    with connect(warehouse) as conn:
        found = {row[0]: row[1:] for row in conn.execute(clean, (key,)).fetchall()}
        assert sorted(found) == list(range(1, len(rows)))
        for record, values in found.items():
            for column, value, sent in zip(columns, values, rows[record], strict=True):
                assert rebuilt(conn, (key, kind), record, column, value) == sent, (record, column)

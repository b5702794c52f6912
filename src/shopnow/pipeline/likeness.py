"""Products of one seller that look like one another: the same title and brand, or one barcode.

A warning, never more: only the seller can say whether two references are one article.  Within a
delivery every product is compared; a delta is compared with what is loaded too, where the catalogue
is small enough for that to cost less than the load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.identity import repeated
from shopnow.pipeline.titles import title_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.sources import Source

SQL = Sql(__package__)
CODE = "near_duplicate_product"
# Products that are loaded to be compared with, and records of a delta that are.
_MOST_STORED = 50_000
_MOST_RECORDS = 20_000
_KEY = ("seller_no", "product_id")
_PLACE = {"line_no": pl.Int64, "record_no": pl.Int64}
_MARKED = {
    "seller_no": pl.Int32, "product_id": pl.String, "gtin": pl.String, "mark": pl.UInt64, **_PLACE,
}  # fmt: skip


@dataclass
class Likeness:
    """Watches the products of a delivery, 40 bytes each beside their identifier.

    `joint`: what stands between a thing and its variant in the identifiers of a source that joins
    them; sizes and colours of one thing share its title and are no duplicates.
    """

    joint: str | None = None
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def see(self, products: pl.DataFrame | None) -> None:
        """Take staged products: seller_no, product_id, title, brand, gtin, line_no, record_no."""
        if products is None or "title" not in products.columns:
            return
        said = products.filter(~pl.col("is_embedded") & ~pl.col("is_deletion"))
        self._parts.append(_marked(said).with_columns(said["line_no"], said["record_no"]))

    def stands_alone(self, *, is_delta: bool) -> bool:
        """Say whether `finish` compares with nothing that is loaded: it needs no rows then."""
        return not is_delta or sum(part.height for part in self._parts) > _MOST_RECORDS

    def finish(self, conn: psycopg.Connection, deltas: Sequence[int] = ()) -> pl.DataFrame:
        """The records that look like another product: line_no, record_no, column_name.

        `deltas`: the deliveries, staged, where they say only what changed.
        """
        if not self._parts:
            return pl.DataFrame(schema={**_PLACE, "column_name": pl.String})
        own = pl.concat([part.select(*_MARKED).cast(pl.Schema(_MARKED)) for part in self._parts])
        if not self.stands_alone(is_delta=bool(deltas)):
            own = pl.concat([own, _stored(conn, own, deltas)])
        own = own.with_columns(
            pl.col("gtin").replace("", None), pl.col("product_id").alias("thing")
        )
        things = own
        if self.joint:
            first = pl.col("product_id").str.split(self.joint).list.first()
            things = own.with_columns(first.alias("thing"))
        found = [_alike(things, "mark", "title"), _alike(own, "gtin", "gtin")]
        return pl.concat(found).filter(pl.col("record_no").is_not_null()).sort("record_no")


def joint_of(source: Source) -> str | None:
    """What a source puts between a thing and its variant; None where it joins nothing."""
    for record in source.records:
        if record.kind == "product":
            return record.fields["product_id"].join if "product_id" in record.fields else None
    return None


def _marked(products: pl.DataFrame) -> pl.DataFrame:
    words = title_marks(products["title"])
    brand = pl.Series("brand", [""], dtype=pl.String).new_from_index(0, products.height)
    if "brand" in products.columns:
        brand = products["brand"].fill_null("").str.to_lowercase()
    gtin = pl.lit(None, dtype=pl.String).alias("gtin")
    mark = pl.DataFrame({"title": words, "brand": brand}).hash_rows(seed=3)
    return products.select(
        *_KEY, pl.col("gtin") if "gtin" in products.columns else gtin
    ).with_columns(mark.set(words.is_null(), None).alias("mark"))


def _alike(products: pl.DataFrame, by: str, column: str) -> pl.DataFrame:
    """Records whose seller has another product with the same `by` and no other barcode."""
    known = products.filter(pl.col(by).is_not_null())
    # Of two different pairs with one hash both are counted below, and neither is found.
    hashes = known.select("seller_no", by).hash_rows(seed=5).to_numpy()
    shared = known.filter(pl.Series(repeated(hashes)))
    counted = shared.with_columns(
        pl.col("thing").n_unique().over("seller_no", by).alias("products"),
        pl.col("gtin").is_null().any().over("seller_no", by).alias("bare"),
        pl.col("thing").n_unique().over("seller_no", by, "gtin").alias("same"),
    )
    told_apart = pl.col("gtin").is_not_null() & ~pl.col("bare") & (pl.col("same") == 1)
    found = counted.filter((pl.col("products") > 1) & ~told_apart)
    return found.select(*_PLACE, pl.lit(column).alias("column_name"))


def _stored(conn: psycopg.Connection, own: pl.DataFrame, deliveries: Sequence[int]) -> pl.DataFrame:
    """Products of these sellers as they are loaded, but for those that the deliveries speak of."""
    values = {"sellers": own["seller_no"].unique().to_list(), "most": _MOST_STORED + 1,
              "deliveries": list(deliveries)}  # fmt: skip
    rows = conn.execute(SQL["products_stored"], values).fetchall()
    schema = {"seller_no": pl.Int32, "product_id": pl.String, "title": pl.String,
              "brand": pl.String, "gtin": pl.String}  # fmt: skip
    if not rows or len(rows) > _MOST_STORED:
        return own.head(0)
    stored = _marked(pl.DataFrame(rows, schema=schema, orient="row"))
    nowhere = [pl.lit(None, dtype=kind).alias(name) for name, kind in _PLACE.items()]
    return stored.with_columns(*nowhere).select(*_MARKED).cast(pl.Schema(_MARKED))

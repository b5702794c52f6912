"""Step 3: judged records become canonical staging rows with numbers instead of identifiers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.clicks import click_rows
from shopnow.pipeline.columns import (
    CLICK_ROW,
    CUSTOMER_ROW,
    ITEM_ROW,
    OFFER_ROW,
    ORDER_ROW,
    PAYMENT_ROW,
    PRODUCT_ROW,
    SELLER_ROW,
    columns_of,
    in_key_order,
)
from shopnow.pipeline.embedded import Embedded, timed
from shopnow.pipeline.identity import KeyWatch, LineNumbers
from shopnow.pipeline.people import (
    CONTACT_VALUES,
    CUSTOMER_VALUES,
    ORDER_VALUES,
    UNKNOWN_CUSTOMER,
    People,
)
from shopnow.pipeline.references import first_records, keep_product_references, times_named
from shopnow.privacy import postal_area
from shopnow.quality import clean_text, one_case
from shopnow.security import HOUSE, Registry
from shopnow.staging import (
    Frame,
    empty_as_null,
    item_rows,
    order_rows,
    payment_rows,
    statement_rows,
    typed,
)

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
UTC = pl.Datetime("us", "UTC")
UNKNOWN_SELLER = -1
_NO_RECORDS = pl.DataFrame(schema={"line_no": pl.Int64, "record_no": pl.Int64})
_CONFLICTS = {
    "file_no": pl.Int16, "line_no": pl.Int64, "record_no": pl.Int64, "kind": pl.String,
    "seller_no": pl.Int32,
}  # fmt: skip


class Normaliser:
    """Turns the judged records of one delivery into the rows of the staging tables."""

    def __init__(
        self,
        context: Context,
        conn: psycopg.Connection,
        delivery: Delivery,
        source: Source,
        people: People,
    ) -> None:
        """Read the registry of the source's system."""
        self._context = context
        self._conn = conn
        self._delivery = delivery
        self._source = source
        self._people = people
        self._frame = Frame(source, delivery.effective_at)
        self._registry = Registry(conn, source.system)
        self._watches: dict[str, KeyWatch] = defaultdict(KeyWatch)
        self._first_named: list[pl.DataFrame] = []
        self._near_named: list[pl.DataFrame] = []
        self._erased: list[pl.DataFrame] = []
        self._named = pl.Series("customer_no", [], dtype=pl.Int64)
        self._numbers = LineNumbers(source)
        self._embedded = Embedded(context, self._frame)

    def rows(
        self, judged: dict[str, Judged], frames: dict[str, pl.DataFrame], file_no: int
    ) -> dict[str, pl.DataFrame]:
        """Staging rows by table for one chunk."""
        staged: dict[str, list[pl.DataFrame]] = {}
        for kind, one in judged.items():
            self._remember_rejected(one, frames[kind])
            if one.kind == "item":
                self._note_lost_items(one, staged)
            if one.rows.is_empty():
                continue
            rows = self._placed(one.rows, file_no)
            for table, made in getattr(self, f"_{kind}")(rows, frames[kind]).items():
                staged.setdefault(table, []).append(made)
        return {table: in_key_order(table, pl.concat(parts)) for table, parts in staged.items()}

    @property
    def keys_distinct(self) -> bool:
        """True when no key of any kind came twice."""
        return all(watch.all_distinct for watch in self._watches.values())

    def new_sellers(self) -> pl.DataFrame:
        """Records since the last call that named a seller nobody had named: line_no, record_no."""
        found, self._first_named = self._first_named, []
        return pl.concat([_NO_RECORDS, *found])

    def near_sellers(self) -> pl.DataFrame:
        """Records since the last call whose new seller is another but for the letter case (S47)."""
        found, self._near_named = self._near_named, []
        return pl.concat([_NO_RECORDS, *found])

    def erased(self) -> pl.DataFrame:
        """Records that say nothing but who an erased person is; laid out as `conflicts`."""
        self._people.finish()
        return pl.concat([pl.DataFrame(schema=_CONFLICTS), *self._erased])

    def conflicts(self) -> pl.DataFrame:
        """Records of one delivery that say different things of one key at one time (S15).

        Columns: file_no, line_no, record_no, kind, seller_no.
        """
        watches = self._watches.values()
        if all(watch.all_distinct or not watch.may_conflict for watch in watches):
            return pl.DataFrame(schema=_CONFLICTS)
        return self.conflicts_stored()

    def conflicts_stored(self) -> pl.DataFrame:
        """As `conflicts`, found among the rows that stand in staging."""
        kind = {"sellers": "seller", "products": "product", "offers": "offer",
                "customers": "customer"}.get(self._delivery.feed)  # fmt: skip
        if kind is None:
            return pl.DataFrame(schema=_CONFLICTS)
        found = self._conn.execute(
            SQL[f"conflicts_{kind}"], {"delivery_key": self._delivery.delivery_key}
        ).fetchall()
        return pl.DataFrame(found, schema=_CONFLICTS, orient="row")

    def drop_conflicts(self, conflicts: pl.DataFrame) -> None:
        """Take conflicting records out of staging."""
        for (kind,), part in conflicts.group_by(["kind"]):
            self._conn.execute(
                SQL[f"conflicts_{kind}_drop"],
                {
                    "delivery_key": self._delivery.delivery_key,
                    "records": part["record_no"].to_list(),
                },
            )

    # -- kinds -----------------------------------------------------------------------------

    def _seller(self, rows: pl.DataFrame, raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = self._with_seller(rows)
        contract = self._context.contracts.kinds["seller"]
        done = empty_as_null(statement_rows(rows, contract, self._frame))
        contacts = self._contacts(rows, raw)
        self._people.store(contacts, CONTACT_VALUES, _own_times(done))
        self._watches["seller"].see(done.select("seller_no"), done)
        return {"seller_row": columns_of(done, SELLER_ROW)}

    def _product(self, rows: pl.DataFrame, _: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = self._with_seller(rows)
        contract = self._context.contracts.kinds["product"]
        done = empty_as_null(statement_rows(rows, contract, self._frame))
        self._watches["product"].see(done.select("seller_no", "product_id"), done)
        return {"product_row": columns_of(done, PRODUCT_ROW)}

    def _offer(self, rows: pl.DataFrame, _: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = self._with_seller(rows)
        contract = self._context.contracts.kinds["offer"]
        done = empty_as_null(statement_rows(rows, contract, self._frame)).with_columns(
            pl.lit(self._source.system).alias("source")
        )
        if "source_ref" in done.columns and "product_id" not in done.columns:
            done = done.with_columns(pl.lit(None, dtype=pl.Int32).alias("seller_no"))
        keys = ("seller_no", "product_id", "source_ref")
        self._watches["offer"].see(done.select(typed(done, key, pl.String) for key in keys), done)
        return {"offer_row": columns_of(done, OFFER_ROW)}

    def _customer(self, rows: pl.DataFrame, raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = self._without_erased(self._with_customer(rows))
        if "postal_area" in rows.columns:
            rows = rows.with_columns(postal_area(pl.col("postal_area")))
        contract = self._context.contracts.kinds["customer"]
        rows = rows.with_columns(
            self._context.pseudonyms.customer_ids(rows["lookup"]).alias("customer_id")
        )
        done = empty_as_null(statement_rows(rows, contract, self._frame))
        values = self._raw_values(rows, raw, CUSTOMER_VALUES)
        self._people.store(values, CUSTOMER_VALUES, _own_times(done))
        self._people.remember(rows, rows["customer_no"])
        self._watches["customer"].see(done.select("customer_no"), done)
        return {"customer_row": columns_of(done, CUSTOMER_ROW)}

    def _order(self, rows: pl.DataFrame, raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = self._with_customer(rows).with_columns(self._order_id(), _region(rows))
        contract = self._context.contracts.kinds["order"]
        done = empty_as_null(order_rows(rows, contract, self._frame))
        self._watches["order"].see(done.select("order_id"))
        values = self._raw_values(rows, raw, ORDER_VALUES)
        self._people.store(values, ORDER_VALUES, done["said_at"])
        known = rows["customer_no"].set(rows["customer_no"] < 0, None)
        self._people.remember(rows, known)
        return {
            "order_row": columns_of(done, ORDER_ROW),
            "customer_seen": self._seen(rows),
            "customer_row": self._embedded.customers(done),
        }

    def _item(self, rows: pl.DataFrame, raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
        del raw
        rows = self._with_seller(rows)
        rows = self._with_customer(rows).with_columns(self._order_id(), _region(rows))
        rows = rows.with_columns(self._numbers.of(rows))
        done = empty_as_null(item_rows(rows, self._frame)).with_columns(
            self._context.pseudonyms.order_refs(rows["seller_no"], rows["order_id"]).alias(
                "order_ref"
            ),
            self._context.pseudonyms.buyer_refs(rows["seller_no"], rows["lookup"]).alias(
                "buyer_ref"
            ),
        )
        self._watches["item"].see(done.select("seller_no", "order_id", "order_line_no"))
        if "source_ref" in done.columns:
            keep_product_references(self._conn, self._source.system, done)
        staged = {
            "item_row": columns_of(done, ITEM_ROW),
            "product_row": self._embedded.products(done),
        }
        if "seller_name" in done.columns:
            staged["seller_row"] = self._embedded.sellers(done)
        if "order" not in {record.kind for record in self._source.records}:
            known = rows["customer_no"].set(rows["customer_no"] < 0, None)
            self._people.remember(rows, known)
            staged["customer_seen"] = self._seen(rows)
            staged["customer_row"] = self._embedded.customers(timed(done))
        return staged

    def _payment(self, rows: pl.DataFrame, _: pl.DataFrame) -> dict[str, pl.DataFrame]:
        rows = rows.with_columns(self._order_id())
        return {
            "payment_row": columns_of(empty_as_null(payment_rows(rows, self._frame)), PAYMENT_ROW)
        }

    def _click(self, rows: pl.DataFrame, raw: pl.DataFrame) -> dict[str, pl.DataFrame]:
        made = click_rows(rows, raw, self._source, self._people, self._context.pseudonyms)
        return {"click_row": columns_of(self._with_seller(made), CLICK_ROW)}

    # -- what they share -------------------------------------------------------------------

    def _placed(self, rows: pl.DataFrame, file_no: int) -> pl.DataFrame:
        return rows.with_columns(
            pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key"),
            pl.lit(file_no, dtype=pl.Int16).alias("file_no"),
        )

    def _with_seller(self, rows: pl.DataFrame) -> pl.DataFrame:
        """seller_no: the sender's own in its delivery, else the identifier's, else the house."""
        if not self._source.is_platform:
            own = pl.lit(self._delivery.sender_no, dtype=pl.Int32)
            return rows.with_columns(own.alias("seller_no"))
        if "seller_id" not in rows.columns:
            return rows.with_columns(pl.lit(HOUSE, dtype=pl.Int32).alias("seller_no"))
        if self._source.case_insensitive_seller:
            rows = rows.with_columns(one_case(rows["seller_id"]).alias("seller_id"))
        numbers = self._seller_numbers(rows)
        nobodys = numbers == UNKNOWN_SELLER
        if not nobodys.any():
            return rows.with_columns(numbers.alias("seller_no"))
        named = rows["seller_id"].filter(nobodys)
        new = self._registry.register(named, self._delivery.effective_at.date())
        if len(new) and self._delivery.feed != "sellers":
            self._first_named.append(first_records(rows, new))
        if len(new):
            self._near_named.append(first_records(rows, self._registry.near(new)))
        numbers = self._seller_numbers(rows)
        return rows.with_columns(numbers.alias("seller_no"))

    def _seller_numbers(self, rows: pl.DataFrame) -> pl.Series:
        own = self._delivery.effective_at
        at = times_named(rows, own) if self._registry.has_periods else None
        return self._registry.numbers(rows["seller_id"], at)

    def _with_customer(self, rows: pl.DataFrame) -> pl.DataFrame:
        """customer_no and lookup; null where the layout knows no customer, -1 where it is empty."""
        if "customer_id" not in rows.columns:
            return rows.with_columns(
                pl.lit(None, dtype=pl.Int64).alias("customer_no"),
                pl.lit(None, dtype=pl.Binary).alias("lookup"),
            )
        found = self._people.subjects(rows["customer_id"])
        gone = found["is_erased"]
        if gone.any():
            self._people.shun(rows["line_no"].filter(gone))
        # Of an erased person nothing is said: what is new has customer -1, what stands keeps its.
        number = pl.when(~gone).then(found["subject_no"].fill_null(UNKNOWN_CUSTOMER))
        return rows.drop("customer_id").with_columns(
            number.alias("customer_no"), found["lookup"], (~gone).alias("customer_no?")
        )

    def _order_id(self) -> pl.Expr:
        prefix = self._source.order_namespace
        return (pl.lit(f"{prefix}:") + pl.col("order_id") if prefix else pl.col("order_id")).alias(
            "order_id"
        )

    def _seen(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Who the records name, with the pseudonym that people see."""
        named = rows.filter(pl.col("customer_no") >= 0).select("customer_no", "lookup")
        named = named.unique("customer_no", maintain_order=True)
        # Once a delivery is enough, and the pseudonym takes its time.
        named = named.filter(~named["customer_no"].is_in(self._named.implode()))
        self._named = pl.concat([self._named, named["customer_no"]])
        return named.select(
            pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key"),
            "customer_no",
            self._context.pseudonyms.customer_ids(named["lookup"]).alias("customer_id"),
        )

    def _raw_values(
        self, rows: pl.DataFrame, raw: pl.DataFrame, values: dict[str, str]
    ) -> pl.DataFrame:
        names = [name for name in values if name in raw.columns]
        return (
            rows.select("record_no", pl.col("customer_no").alias("subject_no"))
            .join(
                raw.select("record_no", *names), on="record_no", how="left", maintain_order="left"
            )
            .with_columns(pl.col("subject_no").replace(UNKNOWN_CUSTOMER, None))
        )

    def _contacts(self, rows: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
        """Contacts of the sellers in these rows, with what is said of them."""
        names = [name for name in CONTACT_VALUES if name in raw.columns]
        if not names:
            return (
                rows.select("record_no")
                .head(0)
                .with_columns(pl.lit(None, dtype=pl.Int64).alias("subject_no"))
            )
        said = rows.select("record_no", "line_no", "seller_id").join(
            raw.select("record_no", *names), on="record_no", how="left", maintain_order="left"
        )
        emails = typed(said, "contact_email", pl.String)
        found = self._people.contacts(said["seller_id"], said.select(emails).to_series())
        self._people.shun(said["line_no"].filter(found["is_erased"]))
        self._people.remember(said, found["subject_no"])
        return said.select("record_no", *names).with_columns(found["subject_no"])

    def _without_erased(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows but those of erased persons, which are noted as refused."""
        gone = rows.filter(pl.col("customer_no").is_null())
        if gone.height:
            of = pl.lit(UNKNOWN_SELLER, dtype=pl.Int32).alias("seller_no")
            kind = pl.lit("customer").alias("kind")
            self._erased.append(gone.select("file_no", "line_no", "record_no", kind, of))
        return rows.filter(pl.col("customer_no").is_not_null())

    def _remember_rejected(self, one: Judged, raw: pl.DataFrame) -> None:
        """A sealed reject speaks of a person too: an erasure has to find it."""
        if one.rejects.is_empty() or "customer_id" not in raw.columns:
            return
        bad = raw.join(one.rejects.select("record_no"), on="record_no", how="semi")
        found = self._people.subjects(bad["customer_id"])
        self._people.remember(bad, found["subject_no"])
        self._people.shun(bad["line_no"].filter(found["is_erased"]))

    def _note_lost_items(self, one: Judged, staged: dict[str, list[pl.DataFrame]]) -> None:
        orders = one.rejects["order_id"].drop_nulls()
        orders = clean_text(orders)
        lost = orders.filter(orders != "").unique().to_frame("order_id")
        if lost.height:
            key = pl.lit(self._delivery.delivery_key, dtype=pl.Int64).alias("delivery_key")
            staged.setdefault("rejected_item", []).append(lost.select(key, self._order_id()))


def _own_times(done: pl.DataFrame) -> pl.Series:
    """When each record speaks; that its key ends is a second statement of the same record."""
    return done.filter(~pl.col("is_embedded"))["effective_at"]


def _region(rows: pl.DataFrame) -> pl.Expr:
    """Where the buyer is, as sellers may see it: country, region, or both."""
    parts = [
        pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name))
        for name in ("customer_country", "customer_region")
        if name in rows.columns
    ]
    joined = pl.concat_str(parts, separator="-", ignore_nulls=True) if parts else pl.lit("")
    return pl.when(joined.str.len_bytes() > 0).then(joined).alias("buyer_region")

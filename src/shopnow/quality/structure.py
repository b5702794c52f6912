"""Rules over a whole record: its shape, its sender, its time, what it says less of than hoped.

Protects "never dropped": an object of a shape that no layout knows is rejected with that reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality.model import REJECT, WARN
from shopnow.quality.texts import clean_text, filled, has_content, one_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.quality.model import Bench, Findings
    from shopnow.sources import RecordMap

# Attributes whose absence is worth a word to the sender, though nothing is refused for it.
_WELCOME = {
    ("order", "customer_id"): "missing_customer",
    ("click", "session_id"): "missing_session",
    ("click", "url"): "missing_url",
    ("seller", "effective_at"): "missing_time",
    ("product", "effective_at"): "missing_time",
    ("offer", "effective_at"): "missing_time",
    ("customer", "effective_at"): "missing_time",
}
# Of each list the attributes that a layout carries: one of them has to be there.  An order belongs
# to a day, an offer to a product.
_ONE_OF = {"order": ("purchased_at", "said_at"), "offer": ("product_id", "source_ref")}


def judge_structure(frame: pl.DataFrame, record: RecordMap, bench: Bench, out: Findings) -> None:
    """Note what is wrong with the records of `frame` as wholes."""
    _items(frame, bench, out)
    _unknown_shape(frame, record, out)
    if "_price_conflict" in frame.columns:
        out.note(WARN, "price_conflict", "unit_price", frame["_price_conflict"])
    for (of_kind, name), code in _WELCOME.items():
        if record.kind == of_kind and name in frame.columns:
            out.note(WARN, code, name, _empty(frame[name]))
    _one_of(frame, _ONE_OF.get(record.kind, ()), out)
    if record.kind == "item" and all(one.kind != "order" for one in bench.source.records):
        # Lines without any header date their order themselves.
        _one_of(frame, ("ordered_at", "said_at"), out)
    _sender(frame, bench, out)


def _items(frame: pl.DataFrame, bench: Bench, out: Findings) -> None:
    if "_items_state" in frame.columns:
        state = frame["_items_state"]
        if bench.source.items_required:
            out.note(REJECT, "items_missing", "items", state.is_in(["missing", "empty"]))
        out.note(REJECT, "items_not_a_list", "items", state == "not_a_list")
    if "_bad_item" in frame.columns:
        out.note(REJECT, "item_not_an_object", "items", frame["_bad_item"].is_not_null())


def _unknown_shape(frame: pl.DataFrame, record: RecordMap, out: Findings) -> None:
    """No member that the layout knows is there at all (present and empty is there)."""
    read = [name for name, spec in record.fields.items() if spec.paths and name in frame.columns]
    if record.each or any(frame[name].null_count() == 0 for name in read):
        return
    unknown = frame.select(pl.all_horizontal(pl.col(name).is_null() for name in read))
    out.note(REJECT, "unknown_shape", "", unknown.to_series())


def _one_of(frame: pl.DataFrame, names: Sequence[str], out: Findings) -> None:
    carried = [name for name in names if name in frame.columns]
    if not carried:
        return
    missing = _empty(frame[carried[0]])
    for name in carried[1:]:
        if not missing.any():
            return
        missing = missing & _empty(frame[name])
    out.note(REJECT, "missing_value", carried[0], missing)


def _sender(frame: pl.DataFrame, bench: Bench, out: Findings) -> None:
    """In a seller's delivery every record is the sender's own (DESIGN 4, authority)."""
    if bench.source.is_platform or "seller_id" not in frame.columns:
        return
    said = clean_text(frame["seller_id"])
    ids = list(bench.sender_ids)
    if bench.source.case_insensitive_seller:
        said, ids = one_case(said), one_case(pl.Series(ids, dtype=pl.String)).to_list()
    own = said.is_in(ids)
    out.note(REJECT, "foreign_seller", "seller_id", filled(said) & ~own.fill_null(value=False))


def _empty(values: pl.Series) -> pl.Series:
    return ~has_content(values)

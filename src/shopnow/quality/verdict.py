"""The judge: canonical text in, typed records out, with every reason for every record refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality.attributes import judge_attribute
from shopnow.quality.crossfield import check_dates
from shopnow.quality.model import REJECT, Bench, Findings, Judged, Translated
from shopnow.quality.once import Once
from shopnow.quality.structure import judge_structure
from shopnow.quality.texts import has_content

if TYPE_CHECKING:
    from shopnow.quality.model import Translation
    from shopnow.sources import RecordContract, RecordMap

_KEYS = ("line_no", "record_no")


def judge(
    frame: pl.DataFrame,
    contract: RecordContract,
    bench: Bench,
    rejected_lines: pl.Series | None = None,
    once: Once | None = None,
) -> Judged:
    """Verdicts on one kind of record of a chunk.

    `frame`: what `sources.map_records` made, with `record_no` added; `rejected_lines`: lines
    whose parent record is rejected, so that its children are too; `once`: what other kinds of
    record of the same chunk share with this one.
    """
    out = Findings()
    once = once or Once()
    record = next(r for r in bench.source.records if r.kind == contract.kind)
    if contract.kind == "product" and bench.source.categories != "none":
        frame = _with_category(frame)
    out.deletions = _deletions(frame, contract, record, bench)
    columns: list[pl.Series] = [frame["line_no"], frame["item_no"], frame["record_no"]]
    for attribute in contract.attributes:
        if attribute.name not in frame.columns:
            if attribute.required and attribute.name not in bench.source.may_lack:
                out.note(REJECT, "missing_value", attribute.name, _all(frame))
            continue
        raw, spec = frame[attribute.name], record.fields.get(attribute.name)
        typed = once.judge(raw, attribute, spec, bench, out)
        columns.append(typed.alias(attribute.name))
        if attribute.scd is not None:
            columns.append(_said(raw, typed).alias(f"{attribute.name}?"))
    check_dates(contract.kind, {column.name: column for column in columns}, out)
    judge_structure(frame, record, bench, out)
    if rejected_lines is not None and len(rejected_lines):
        out.note(REJECT, "parent_rejected", "", frame["line_no"].is_in(rejected_lines.implode()))
    return _verdicts(frame, pl.DataFrame(columns), contract.kind, out)


def judge_nothing(frame: pl.DataFrame, kind: str) -> Judged:
    """Verdicts on a kind of record of which a chunk has none; its rows have no attributes."""
    return _verdicts(frame, frame.select("line_no", "item_no", "record_no"), kind, Findings())


def _deletions(
    frame: pl.DataFrame, contract: RecordContract, record: RecordMap, bench: Bench
) -> pl.Series | None:
    """Which records say that their key is no more; None where the layout cannot say it."""
    if "operation" not in frame.columns:
        return None
    attribute, spec = contract.by_name["operation"], record.fields["operation"]
    said = judge_attribute(frame["operation"], attribute, spec, bench, Findings())
    return (said == "delete").fill_null(value=False)


def _said(raw: pl.Series, typed: pl.Series) -> pl.Series:
    """Absent says nothing, nor does a bad value that only warns; empty is "unknown now"."""
    present = raw.is_not_null()
    if typed.null_count() == raw.null_count():
        return present
    unsure = (present & typed.is_null()).arg_true()
    said_nothing = unsure.filter(has_content(raw.gather(unsure)))
    return present.scatter(said_nothing, values=False) if len(said_nothing) else present


def _all(frame: pl.DataFrame) -> pl.Series:
    return pl.Series([True]).new_from_index(0, frame.height)


def _with_category(frame: pl.DataFrame) -> pl.DataFrame:
    """The house's category is judged from the sender's word where no code is sent."""
    if "category_id" in frame.columns or "source_category" not in frame.columns:
        return frame
    return frame.with_columns(pl.col("source_category").alias("category_id"))


def _verdicts(frame: pl.DataFrame, typed: pl.DataFrame, kind: str, out: Findings) -> Judged:
    checked = frame.height
    failed: dict[str, int] = {}
    for code, _, mask in (*out.rejects, *out.warnings):
        failed[code] = failed.get(code, 0) + int(mask.sum())
    if out.rejects:
        bad = pl.Series([False]).new_from_index(0, checked)
        for _, _, mask in out.rejects:
            bad = bad | mask
        rows = typed.filter(~bad)
    else:
        bad = None
        rows = typed
    return Judged(
        kind=kind,
        rows=rows,
        rejects=_rejects(frame, bad, out),
        warnings=_warnings(frame, bad, out),
        cleanings=_cleanings(frame, out),
        checked=checked,
        failed=failed,
        translations=tuple(_translated(frame, one) for one in out.translations),
        marks=tuple((code, mask) for code, _, mask in (*out.rejects, *out.warnings)),
    )


def _rejects(frame: pl.DataFrame, bad: pl.Series | None, out: Findings) -> pl.DataFrame:
    text = pl.String
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "line_no": pl.Int64,
        "record_no": pl.Int64,
        "rule_codes": pl.List(text),
        "columns": pl.List(text),
        "seller_id": text,
        "order_id": text,
        "product_id": text,
    }
    if bad is None:
        return pl.DataFrame(schema=schema)
    hit = pl.DataFrame([mask.alias(str(i)) for i, (_, _, mask) in enumerate(out.rejects)])
    # Reasons come in few combinations: a list is made once for each.
    found: dict[tuple[bool, ...], int] = {}
    places = pl.Series([found.setdefault(row, len(found)) for row in hit.filter(bad).rows()])
    reasons = [
        [(code, name) for is_hit, (code, name, _) in zip(row, out.rejects, strict=True) if is_hit]
        for row in found
    ]
    codes = pl.Series("rule_codes", [[code for code, _ in said] for said in reasons])
    names = pl.Series("columns", [[name for _, name in said] for said in reasons])
    lists = [codes.gather(places), names.gather(places)]
    where = frame.select(
        *_KEYS,
        *(
            pl.col(name) if name in frame.columns else pl.lit(None, dtype=text).alias(name)
            for name in ("seller_id", "order_id", "product_id")
        ),
    ).filter(bad)
    return where.with_columns(lists).select(list(schema))


def _warnings(frame: pl.DataFrame, bad: pl.Series | None, out: Findings) -> pl.DataFrame:
    keys = frame.select(_KEYS)
    parts = [
        keys.filter(mask if bad is None else mask & ~bad).with_columns(
            pl.lit(code).alias("rule_code"), pl.lit(name).alias("column_name")
        )
        for code, name, mask in out.warnings
    ]
    schema = {
        "line_no": pl.Int64, "record_no": pl.Int64,
        "rule_code": pl.String, "column_name": pl.String,
    }  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _cleanings(frame: pl.DataFrame, out: Findings) -> pl.DataFrame:
    parts = []
    keys = frame.select(_KEYS)
    nothing = pl.lit(None, dtype=pl.String)
    for code, name, mask, before, after in out.cleanings:
        # That a personal value was cleaned is said; what it was is not.
        secret = name in out.personal
        parts.append(
            keys.filter(mask).with_columns(
                pl.lit(code).alias("rule_code"),
                pl.lit(name).alias("column_name"),
                (nothing if secret else before.filter(mask).cast(pl.String)).alias("before"),
                (nothing if secret else after.filter(mask).cast(pl.String)).alias("after"),
            )
        )
    schema = {
        "line_no": pl.Int64, "record_no": pl.Int64, "rule_code": pl.String,
        "column_name": pl.String, "before": pl.String, "after": pl.String,
    }  # fmt: skip
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _translated(frame: pl.DataFrame, said: Translation) -> Translated:
    """What the words of a column became, record by record; no records where nothing changed."""
    before, after, places = said.before, said.after, said.places
    code = pl.lit("translated")
    if said.by_alias is not None:
        code = pl.when(said.by_alias).then(pl.lit("category_alias")).otherwise(code)
    pairs = pl.DataFrame([before.alias("before"), after.alias("after")])
    pairs = pairs.with_columns(code.alias("rule_code"))
    if places is None:
        places = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
    records = frame.select(*_KEYS).with_columns(places.alias("pair"))
    if after is before or not (before != after).any():
        return Translated(said.column, records.head(0), pairs.head(0))
    has = (after.str.len_bytes() > 0).fill_null(value=False)
    return Translated(
        said.column, records if has.all() else records.filter(has.gather(places)), pairs
    )

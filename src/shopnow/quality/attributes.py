"""One attribute of a frame: cleaned, typed, and every rule of its contract checked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality.glance import glance
from shopnow.quality.identifiers import barcodes, legal_ids, skus
from shopnow.quality.model import REJECT, WARN, Bench, Findings
from shopnow.quality.numbers import outside, rounded, to_boolean, to_decimal, to_integer
from shopnow.quality.references import bad_ip, countries, currencies
from shopnow.quality.texts import (
    changed,
    cleaned,
    distinct,
    filled,
    look_alikes,
    one_case,
    translated,
    without_markup,
)
from shopnow.quality.times import out_of_bounds, to_utc

if TYPE_CHECKING:
    from shopnow.quality.glance import Glance
    from shopnow.sources import Attribute, Field

_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_IDENTIFIERS = {"gtin": barcodes, "sku": skus, "legal_id": legal_ids}
_NEVER = r"^9999-12-31|^31/12/9999|^99991231"
# Facts and statements lie at most a day ahead; what is promised or announced, five years.
NEAR = timedelta(days=1)
FAR = timedelta(days=5 * 366)


def judge_attribute(
    raw: pl.Series, attribute: Attribute, spec: Field | None, bench: Bench, out: Findings
) -> pl.Series:
    """The typed values of one attribute; verdicts and cleanings go to `out`.

    A bad value of an attribute that only warns becomes null: the record says nothing of it.
    """
    look = glance(raw)
    few = distinct(raw, look)
    if few is None:
        return _judged(raw, attribute, spec, bench, out, look=look)
    each, places = few
    found = Findings()
    typed = _judged(each, attribute, spec, bench, found, look=glance(each))
    out.take(found, places)
    return typed.gather(places)


def _judged(
    raw: pl.Series,
    attribute: Attribute,
    spec: Field | None,
    bench: Bench,
    out: Findings,
    *,
    look: Glance,
) -> pl.Series:
    """What is said of a value by its text alone: the same for equal texts."""
    name = attribute.name
    text, odd = cleaned(raw, look)
    if not attribute.is_quotable:
        out.personal.add(name)
    whitespace = changed(raw, text)
    if whitespace is not None:
        out.clean("whitespace", name, whitespace, raw, text)
        look = glance(text)
    if attribute.required and not look.is_full:
        lacks = name in bench.source.may_lack
        level, code = (WARN, "left_empty") if lacks else (REJECT, "missing_value")
        out.note(level, code, name, ~filled(text))
    match attribute.type:
        case "decimal":
            return _decimal(text, attribute, bench, out)
        case "integer":
            return _integer(text, attribute, bench, out)
        case "timestamp":
            return _timestamp(text, attribute, spec, bench, out)
        case "boolean":
            parsed = to_boolean(_own_words(text, spec))
            out.note(attribute.on_bad, "unknown_word", name, parsed.bad)
            return parsed.values
        case _:
            alike = look_alikes(text, odd)
            if alike is not None:
                out.note(WARN, "look_alike_letters", name, alike)
            return _text(text, attribute, spec, bench, out, look=look)


def _decimal(text: pl.Series, attribute: Attribute, bench: Bench, out: Findings) -> pl.Series:
    name, level = attribute.name, attribute.on_bad
    parsed = to_decimal(text, bench.source.dialect.decimal)
    out.clean("decimal_comma", name, parsed.cleaned, text, parsed.values)
    out.note(level, "not_a_number", name, parsed.bad)
    values = parsed.values
    if attribute.scale is not None:
        values, cut = rounded(values, attribute.scale)
        out.clean("rounded", name, cut, parsed.values, values)
    size = values.cast(pl.Float64, strict=False)
    # Twelve digits before the point are what the warehouse's amounts hold.
    wide = outside(size, -999_999_999_999.0, 999_999_999_999.0)
    low = outside(size, attribute.minimum, attribute.maximum)
    if low.any():
        negative = values.str.starts_with("-").fill_null(value=False)
        if attribute.sign == "adjustments" and bench.source.adjustments:
            low = low & ~negative
        out.note(level, "negative_value", name, low & negative)
        out.note(level, "out_of_range", name, (low & ~negative) | wide)
    else:
        out.note(level, "out_of_range", name, wide)
    bad = wide | low
    if attribute.refuse_fraction:
        # 0.25 may be a quarter of a percent or a quarter: never decided by its size (trap T8).
        fraction = outside(size, None, 0.0) & ~outside(size, None, 1.0)
        out.note(level, "ambiguous_commission", name, fraction)
        bad = bad | fraction
    return values.set(bad, None) if bad.any() else values


def _integer(text: pl.Series, attribute: Attribute, bench: Bench, out: Findings) -> pl.Series:
    name, level = attribute.name, attribute.on_bad
    parsed = to_integer(text)
    out.note(level, "not_an_integer", name, parsed.bad)
    values = parsed.values
    bad = parsed.bad
    if attribute.not_zero:
        zero = (values == 0).fill_null(value=False)
        out.note(level, "zero_quantity", name, zero)
        bad = bad | zero
    if attribute.sign == "returns" and not bench.source.returns:
        negative = (values < 0).fill_null(value=False)
        out.note(level, "negative_value", name, negative)
        bad = bad | negative
    if attribute.minimum is not None:
        low = (values < int(attribute.minimum)).fill_null(value=False) & ~bad
        code = "negative_value" if attribute.minimum == 0 else "out_of_range"
        out.note(level, code, name, low)
        bad = bad | low
    if attribute.maximum is not None:
        high = (values > int(attribute.maximum)).fill_null(value=False) & ~bad
        out.note(level, "out_of_range", name, high)
        bad = bad | high
    return values.set(bad, None)


def _timestamp(
    text: pl.Series, attribute: Attribute, spec: Field | None, bench: Bench, out: Findings
) -> pl.Series:
    name, level = attribute.name, attribute.on_bad
    if attribute.format == "open_end":
        # The year 9999 is how many systems write "never" (scd.md S77).
        text = text.set(text.str.contains(_NEVER).fill_null(value=False), "")
    times = to_utc(text, spec.times if spec else ("iso", "local"), bench.source)
    out.note(level, "bad_timestamp", name, times.bad)
    out.note(level, "ambiguous_local_time", name, times.ambiguous)
    out.note(level, "nonexistent_local_time", name, times.nonexistent)
    announced = attribute.future or attribute.format == "open_end" or name == "effective_at"
    ahead = FAR if announced else NEAR
    outside_bounds = out_of_bounds(times.values, bench.run_at + ahead)
    out.note(level, "timestamp_out_of_bounds", name, outside_bounds)
    return times.values.set(outside_bounds, None)


def _text(
    text: pl.Series,
    attribute: Attribute,
    spec: Field | None,
    bench: Bench,
    out: Findings,
    *,
    look: Glance,
) -> pl.Series:
    name, level, seen = attribute.name, attribute.on_bad, text
    bare = without_markup(text) if attribute.plain else text
    if bare is not text:
        out.clean("html_removed", name, (bare != text).fill_null(value=False), text, bare)
        text = bare
    said, text = text, _own_words(text, spec)
    if name == "seller_id" and bench.source.case_insensitive_seller:
        cased = one_case(text)
        out.clean("letter_case", name, (cased != text).fill_null(value=False), text, cased)
        text = cased
    if attribute.case == "lower":
        text = text.str.to_lowercase()
        out.translate(name, said, text)
    if attribute.values:
        text = _vocabulary(text, attribute, out)
        out.translate(name, said, text)
    # No text has more characters than bytes.
    most = attribute.max_length
    if most is not None and (text is not seen or look.longest > most):
        out.note(level, "too_long", name, (text.str.len_chars() > most).fill_null(value=False))
    if attribute.pattern:
        malformed = filled(seen) & ~text.str.contains(attribute.pattern).fill_null(value=False)
        out.note(level, "bad_format", name, malformed)
    if attribute.format:
        text = _format(text, attribute, bench, out)
    return text


def _own_words(text: pl.Series, spec: Field | None) -> pl.Series:
    """The sender's words for what the contract calls otherwise."""
    if spec is None or not spec.words:
        return text
    own = translated(text, dict(spec.words))
    return own.zip_with(own.is_not_null() & filled(text), text)


def _vocabulary(text: pl.Series, attribute: Attribute, out: Findings) -> pl.Series:
    words = dict(attribute.words) | {value: value for value in attribute.values}
    known = translated(text, words)
    has = filled(text)
    # A word that contract or source declares is translated, not cleaned: nothing was wrong.
    unknown = has & known.is_null()
    out.note(attribute.on_bad, "unknown_word", attribute.name, unknown)
    return known.zip_with(has, text).set(unknown, None)


def _format(text: pl.Series, attribute: Attribute, bench: Bench, out: Findings) -> pl.Series:
    name, level = attribute.name, attribute.on_bad
    has = filled(text)
    match attribute.format:
        case "currency":
            upper = text.str.to_uppercase()
            bad = has & ~upper.is_in(list(currencies())).fill_null(value=False)
            out.note(level, "unknown_currency", name, bad)
            out.translate(name, text, upper.set(bad, None))
            return upper.set(bad, None)
        case "country":
            known = translated(text, countries())
            bad = has & known.is_null()
            out.note(level, "unknown_country", name, bad)
            known = known.zip_with(has, text).set(bad, None)
            out.translate(name, text, known)
            return known
        case "gtin" | "sku" | "legal_id":
            return _IDENTIFIERS[attribute.format](text, attribute, out)
        case "category":
            return _category(text, attribute, bench, out)
        case "email":
            out.note(
                WARN, "bad_email", name, has & ~text.str.contains(_EMAIL).fill_null(value=False)
            )
        case "ip":
            out.note(WARN, "bad_ip", name, bad_ip(text))
        case _:
            pass
    return text


def _category(text: pl.Series, attribute: Attribute, bench: Bench, out: Findings) -> pl.Series:
    """The sender's own word goes before the tree's paths and identifiers."""
    name, has = attribute.name, filled(text)
    known = translated(text, bench.categories)
    meant = None
    if bench.aliases:
        own = translated(text, bench.aliases)
        meant = own.is_not_null() & has
        known = own.zip_with(meant, known)
    bad = has & known.is_null()
    out.note(WARN if bench.source.categories == "none" else REJECT, "unknown_category", name, bad)
    known = known.zip_with(has, text).set(bad, None)
    out.translate(name, text, known, meant)
    return known

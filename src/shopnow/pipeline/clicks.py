"""Clicks: urls reduced to route and product, people to references, agents to a device class."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from shopnow.pipeline.people import ANONYMOUS, UNKNOWN_CUSTOMER
from shopnow.privacy import device_class
from shopnow.staging import content_hash, empty_as_null, typed

if TYPE_CHECKING:
    from shopnow.pipeline.people import People
    from shopnow.privacy import Pseudonyms
    from shopnow.sources import Source

# The known pages of the shop; anything else is "other", whatever its query said.
_ROUTES = (
    (r"^/?$", "/"),
    (r"^/login/?$", "/login"),
    (r"^/cart/?$", "/cart"),
    (r"^/checkout/?$", "/checkout"),
    (r"^/search/?$", "/search"),
    (r"^/category/", "/category"),
    (r"^/seller/[^/]+/product/", "/product"),
    (r"^/seller/", "/seller"),
    (r"^/product/", "/product"),
)
_PRODUCT_PATH = r"/product/([^/?#]+)"
_SELLER_PATH = r"/seller/([^/?#]+)"
_PRODUCT_QUERY = r"[?&]product_id=([^&#]+)"
_SELLER_QUERY = r"[?&]seller_id=([^&#]+)"
_CONTENT = ("event_at", "session_ref", "user_ref", "event_type", "route", "product_id", "seller_id")


def click_rows(
    rows: pl.DataFrame, raw: pl.DataFrame, source: Source, people: People, pseudonyms: Pseudonyms
) -> pl.DataFrame:
    """Rows of `staging.click_row` but for seller_no, with `seller_id` to resolve."""
    kept = raw.join(rows.select("record_no"), on="record_no", how="semi", maintain_order="left")
    url = kept["url"] if "url" in kept.columns else pl.Series([None] * kept.height, dtype=pl.String)
    visitors = _visitors(kept, people)
    made = rows.drop([n for n in ("url", "user_agent", "ip") if n in rows.columns]).with_columns(
        _page(url),
        _first(rows, "product_id", url, _PRODUCT_PATH, _PRODUCT_QUERY),
        _first(rows, "seller_id", url, _SELLER_PATH, _SELLER_QUERY),
        _refs(kept, "session_id", pseudonyms, source, "session_ref"),
        _refs(kept, "user_id", pseudonyms, source, "user_ref"),
        visitors.alias("customer_no"),
        pl.lit(None, dtype=pl.String).alias("country"),
    )
    if source.seller == "house":
        made = made.with_columns(pl.lit(None, dtype=pl.String).alias("seller_id"))
    agent = kept.with_columns(typed(kept, "user_agent", pl.String)).select(
        device_class(pl.col("user_agent"))
    )
    made = made.with_columns(agent.to_series().alias("device_class"))
    made = empty_as_null(made)
    made = made.with_columns(content_hash(made, _CONTENT), typed(made, "event_id", pl.String))
    made = made.with_columns(_event_keys(made, source), pl.col("event_id").alias("event_ref"))
    # After the keys: the same event said again is the same event.
    gone = _erased(kept, people)
    return made.with_columns(
        pl.when(~gone).then(name).alias(name) for name in ("user_ref", "session_ref")
    )


def _page(url: pl.Series) -> pl.Series:
    path = url.str.replace(r"^[a-z]+://[^/]*", "").str.replace(r"[?#].*$", "")
    route = pl.Series("route", [None], dtype=pl.String).new_from_index(0, len(url))
    for pattern, name in _ROUTES:
        hit = path.str.contains(pattern).fill_null(value=False) & route.is_null()
        route = route.set(hit, name)
    said = (url.str.len_bytes() > 0).fill_null(value=False)
    return route.set(route.is_null() & said, "other").set(~said, None).alias("route")


def _first(rows: pl.DataFrame, name: str, url: pl.Series, path: str, query: str) -> pl.Series:
    """What the record says itself, else what its url says."""
    said = rows[name] if name in rows.columns else pl.Series([None] * rows.height, dtype=pl.String)
    said = said.set((said == "").fill_null(value=False), None)
    found = url.str.extract(path, 1).fill_null(url.str.extract(query, 1))
    return said.fill_null(found).alias(name)


def _refs(
    kept: pl.DataFrame, name: str, pseudonyms: Pseudonyms, source: Source, to: str
) -> pl.Series:
    if name not in kept.columns:
        return pl.Series(to, [None] * kept.height, dtype=pl.String)
    said = kept[name].str.strip_chars()
    said = said.set((said == "").fill_null(value=False), None)
    refs = pseudonyms.session_refs if to == "session_ref" else pseudonyms.user_refs
    return refs(source.system, said).alias(to)


def _visitors(kept: pl.DataFrame, people: People) -> pl.Series:
    """The customer a visitor is known as; -1 unknown, -2 anonymous: a click creates no customer."""
    if "user_id" not in kept.columns:
        return pl.Series([ANONYMOUS]).new_from_index(0, kept.height)
    found = people.subjects(kept["user_id"], make=False)
    anonymous = found["lookup"].is_null() & ~found["is_erased"]
    return found["subject_no"].fill_null(UNKNOWN_CUSTOMER).set(anonymous, ANONYMOUS)


def _erased(kept: pl.DataFrame, people: People) -> pl.Series:
    """Whether each visitor is a person who was erased: no pseudonym of theirs is kept."""
    if "user_id" not in kept.columns or not people.knows_erased:
        return pl.Series([False]).new_from_index(0, kept.height)
    return people.subjects(kept["user_id"], make=False)["is_erased"]


def _event_keys(made: pl.DataFrame, source: Source) -> pl.Series:
    """First 128 bits of BLAKE2b over the source and the event's identifier, or its content."""
    texts = made.select(
        pl.when(pl.col("event_id").is_not_null())
        .then(pl.lit("i\x1f") + pl.col("event_id"))
        .otherwise(pl.lit("c\x1f") + pl.col("content_hash").cast(pl.String))
        .alias("t")
    )["t"]
    keys = [event_key(source.system, text) for text in texts.to_list()]
    return pl.Series("event_key", keys, dtype=pl.String)


def event_key(system: str, text: str) -> str:
    r"""The key of an event: `text` is `i\x1f` and its identifier, or `c\x1f` and its content hash.

    32 hexadecimal digits, which PostgreSQL takes for a uuid.
    """
    return blake2b(f"{system}\x1f{text}".encode(), digest_size=16).hexdigest()

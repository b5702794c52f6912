"""Visits of the demo's pages as JSON lines in the shapes P9 and P10 of the case.

A visitor's `user_id` never equals a customer's id, and about a quarter of the visits are anonymous:
both are how the case's producers behave, and neither is a defect.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.demo.categories import LEAVES, SEPARATOR
from shopnow.demo.orders import DAY_MICROS
from shopnow.demo.randomness import Ints, epoch_text, stream, uuids, weighted
from shopnow.demo.words import ADDRESS_PREFIXES, USER_AGENTS

if TYPE_CHECKING:
    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.model import Scale

_CLICKS_A_SESSION = 8
_SHARE_ANONYMOUS = 0.25
_SHARE_WITH_SELLER = 0.55
_SECONDS_BETWEEN = 40.0
_LATEST_START_SECONDS = 22 * 3600
_PAGES = ("home", "category", "product", "cart", "checkout", "login")
_PAGE_SHARES = (0.12, 0.20, 0.46, 0.14, 0.05, 0.03)
_HOME, _CATEGORY, _PRODUCT, _CART, _CHECKOUT, _LOGIN = range(6)


def click_lines(scale: Scale, catalogue: Catalogue) -> pl.DataFrame:
    """Give one row a click: day and line (JSON text), each day in the order of time."""
    rng = stream(scale.seed, "clicks")
    sessions = _sessions(scale, rng)
    session = np.sort(rng.integers(0, len(sessions), scale.clicks))
    at = _instants(rng, sessions["start"].to_numpy(), session)
    day = sessions["day"].to_numpy()[session]
    order = np.lexsort((at, day))
    session, at, day = session[order], at[order], day[order]
    visits = sessions.select("session_id", "user", "agent", "address")[session]
    clicks = visits.with_columns(
        pl.Series("at", at), pl.Series("day", day), event_id=uuids(rng, scale.clicks)
    )
    return _written(_with_pages(rng, clicks, catalogue))


def _sessions(scale: Scale, rng: np.random.Generator) -> pl.DataFrame:
    count = max(1, scale.clicks // _CLICKS_A_SESSION)
    day = rng.integers(1, scale.days + 1, count)
    second = np.clip(rng.beta(2.4, 1.7, count), 0, 1) * _LATEST_START_SECONDS
    start = scale.midnight_micros(1) + (day - 1) * DAY_MICROS + (second * 1e6).astype(np.int64)
    user = pl.select(pl.format('"{}"', pl.lit(uuids(rng, count)))).to_series()
    known = pl.Series(rng.random(count) >= _SHARE_ANONYMOUS)
    return pl.DataFrame(
        {
            "day": day,
            "start": start,
            "session_id": uuids(rng, count),
            "user": user.zip_with(known, pl.Series(["null"]).new_from_index(0, count)),
            "agent": pl.Series(USER_AGENTS).gather(rng.integers(0, len(USER_AGENTS), count)),
            "address": pl.Series(ADDRESS_PREFIXES).gather(rng.integers(0, 3, count))
            + pl.Series(rng.integers(1, 255, count)).cast(pl.String),
        }
    )


def _instants(rng: np.random.Generator, starts: Ints, session: Ints) -> Ints:
    """Let the clicks of a session follow one another, some tens of seconds apart."""
    gaps = (rng.exponential(_SECONDS_BETWEEN, len(session)) * 1e6).astype(np.int64)
    total = np.cumsum(gaps)
    first = np.searchsorted(session, session, side="left")
    at: Ints = starts[session] + total - total[first]
    return at


def _with_pages(
    rng: np.random.Generator, clicks: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    count = len(clicks)
    page = weighted(rng, _PAGE_SHARES, count)
    sizes = [float(one.products) for one in catalogue.owners]
    owner = weighted(rng, sizes, count)
    launched = catalogue.launched[owner, clicks["day"].to_numpy() - 1]
    # A seller who is not registered yet has no page: its visitors see the first seller's goods.
    owner = np.where(launched == 0, 0, owner)
    launched = catalogue.launched[owner, clicks["day"].to_numpy() - 1]
    starts = np.array([one.first_product for one in catalogue.owners])
    product = starts[owner] + (rng.random(count) ** 2 * launched).astype(np.int64)
    # The house has no seller id of its own: its pages are always of the shape without one.
    sold_by = (rng.random(count) < _SHARE_WITH_SELLER) & (owner != catalogue.house)
    slugs = pl.Series([slug(leaf.path_fr) for leaf in LEAVES])
    return clicks.with_columns(
        pl.Series("page", page),
        pl.Series("sold_by", sold_by),
        pl.Series([row["product_id"] for row in catalogue.rows]).gather(product).alias("product"),
        pl.Series([one.owner_id for one in catalogue.owners]).gather(owner).alias("seller"),
        slugs.gather(rng.integers(0, len(slugs), count)).alias("slug"),
        pl.Series("added", rng.random(count) < 0.5),  # noqa: PLR2004 (half of the carts)
    )


def slug(path: str) -> str:
    """Turn a category path into what its page is called: `Mode > Femme` is `mode-femme`."""
    plain = unicodedata.normalize("NFKD", path.replace(SEPARATOR, "-"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _url() -> pl.Expr:
    page, sold_by = pl.col("page"), pl.col("sold_by")
    seller_page = pl.format("/seller/{}/product/{}", "seller", "product")
    cart = pl.format("/cart?seller_id={}&product_id={}", "seller", "product")
    return (
        pl.when((page == _PRODUCT) & sold_by).then(seller_page)
        .when(page == _PRODUCT).then(pl.format("/product/{}", "product"))
        .when((page == _CART) & sold_by).then(cart)
        .when(page == _CART).then(pl.lit("/cart"))
        .when(page == _CATEGORY).then(pl.format("/category/{}", "slug"))
        .when(page == _CHECKOUT).then(pl.lit("/checkout"))
        .when(page == _LOGIN).then(pl.lit("/login"))
        .otherwise(pl.lit("/"))
    )  # fmt: skip


def _written(clicks: pl.DataFrame) -> pl.DataFrame:
    page = pl.col("page")
    kind = (
        pl.when((page == _CART) & pl.col("added")).then(pl.lit("add_to_cart"))
        .when(page == _CHECKOUT).then(pl.lit("checkout_start"))
        .otherwise(pl.lit("view_page"))
    )  # fmt: skip
    on_seller_page = pl.col("sold_by") & page.is_in([_PRODUCT, _CART])
    seller = (
        pl.when(on_seller_page).then(pl.format(', "seller_id": "{}"', "seller"))
        .when(pl.col("sold_by")).then(pl.lit(', "seller_id": null'))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    line = pl.concat_str(
        pl.lit('{"event_id": "'), "event_id", pl.lit('", "session_id": "'), "session_id",
        pl.lit('", "user_id": '), "user", pl.lit(', "url": "'), _url(),
        pl.lit('", "event_type": "'), kind, pl.lit('", "user_agent": "'), "agent",
        pl.lit('", "ip_address": "'), "address", pl.lit('"'), seller,
        pl.lit(', "timestamp": '), epoch_text(pl.col("at")), pl.lit("}"),
    )  # fmt: skip
    return clicks.select("day", line=line)

"""Traces of people made coarse on arrival: address, browser, postal code.

Protects the rule that no full IP address, user agent or postal code reaches a table.  Each
function takes a String expression and returns one, so that it runs inside the reader's plan.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address, IPv6Network
from typing import Final

import polars as pl

_OCTET: Final = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4: Final = rf"^({_OCTET}\.{_OCTET}\.{_OCTET})\.{_OCTET}$"
_LONGEST_IPV6: Final = 45

# The first that matches wins: crawlers and tablets also claim to be phones or desktops.
_BOT: Final = (
    r"bot\b|bot/|crawl|spider|slurp|curl/|wget/|python-|java/|go-http-client|headless|"
    r"httpclient|libwww|scrapy|facebookexternalhit|monitor|lighthouse"
)
_OTHER: Final = r"smart-?tv|hbbtv|appletv|googletv|tizen.*tv|web0s|playstation|xbox|nintendo"
_TABLET: Final = r"ipad|tablet|kindle|silk/|playbook"
_MOBILE: Final = r"mobi|iphone|ipod|windows phone|opera mini|blackberry"
_ANDROID: Final = r"android"
_DESKTOP: Final = r"windows nt|macintosh|x11|linux|cros "


def truncate_ip(column: pl.Expr) -> pl.Expr:
    """Return the network of each address: IPv4 by /24, IPv6 by /48, malformed as null.

    >>> pl.select(truncate_ip(pl.lit("203.0.113.77"))).item()
    '203.0.113.0/24'
    """
    text = column.str.strip_chars()
    return (
        pl.when(text.str.contains(":", literal=True))
        .then(text.map_batches(_networks_of_ipv6, return_dtype=pl.String))
        .otherwise(text.str.extract(_IPV4, 1) + ".0/24")
    )


def device_class(user_agent: pl.Expr) -> pl.Expr:
    """Return desktop, mobile, tablet, bot or other; null where nothing was said.

    >>> pl.select(device_class(pl.lit("curl/8.4.0"))).item()
    'bot'
    """
    stripped = user_agent.str.strip_chars().str.to_lowercase()
    text = pl.when(stripped != "").then(stripped)
    return (
        pl.when(text.is_null())
        .then(text)
        .when(text.str.contains(_BOT))
        .then(pl.lit("bot"))
        .when(text.str.contains(_OTHER))
        .then(pl.lit("other"))
        .when(text.str.contains(_TABLET))
        .then(pl.lit("tablet"))
        .when(text.str.contains(_MOBILE))
        .then(pl.lit("mobile"))
        # Android says "Mobile" on phones only.
        .when(text.str.contains(_ANDROID))
        .then(pl.lit("tablet"))
        .when(text.str.contains(_DESKTOP))
        .then(pl.lit("desktop"))
        .otherwise(pl.lit("other"))
    )


def postal_area(postal_code: pl.Expr) -> pl.Expr:
    """Return the first two characters, upper case; null where the code is shorter.

    >>> pl.select(postal_area(pl.lit(" 75011"))).item()
    '75'
    """
    text = postal_code.str.strip_chars().str.to_uppercase()
    return pl.when(text.str.len_chars() >= 2).then(text.str.slice(0, 2))  # noqa: PLR2004


def _networks_of_ipv6(addresses: pl.Series) -> pl.Series:
    distinct = addresses.filter(addresses.str.contains(":", literal=True)).unique()
    networks = [_network_of_ipv6(text) for text in distinct]
    return addresses.replace_strict(distinct, networks, default=None, return_dtype=pl.String)


def _network_of_ipv6(text: str) -> str | None:
    if len(text) > _LONGEST_IPV6:
        return None
    try:
        address = IPv6Address(text.partition("%")[0])
    except ValueError:
        return None
    if address.ipv4_mapped is not None:
        # The last half of a mapped address is a whole IPv4 address, so /48 would say nothing.
        return str(IPv4Network((address.ipv4_mapped, 24), strict=False))
    return str(IPv6Network((address, 48), strict=False))

"""Addresses, browsers and postal codes lose what tells one person from another."""

from __future__ import annotations

import polars as pl
import pytest

from shopnow.privacy import device_class, postal_area, truncate_ip

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
_PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari"
_CRAWLER = (
    "Mozilla/5.0 (iPhone) Mobile (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
)


def one(expression: pl.Expr) -> object:
    return pl.select(expression).item()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        (" 203.0.113.77 ", "203.0.113.0/24"),
        ("255.255.255.255", "255.255.255.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("999.1.1.1", None),
        ("203.0.113", None),
        ("203.0.113.7.9", None),
        ("203.0.113.07", None),
        ("203.0.113.7:8080", None),
        ("2001:::1", None),
        ("1:" * 50, None),
        ("localhost", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_becomes_its_network(address: str | None, network: str | None) -> None:
    assert one(truncate_ip(pl.lit(address, pl.String))) == network


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (_WINDOWS, "desktop"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
            "desktop",
        ),
        ("Opera/9.80 (X11; Linux i686)", "desktop"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X)", "mobile"),
        (_PHONE, "mobile"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 17_1 like Mac OS X) Mobile/15E148", "tablet"),
        (_CRAWLER, "bot"),
        ("curl/8.4.0", "bot"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) TV Safari/537.36", "other"),
        ("something", "other"),
        ("", None),
        (None, None),
    ],
)
def test_a_browser_becomes_a_device_class(agent: str | None, device: str | None) -> None:
    assert one(device_class(pl.lit(agent, pl.String))) == device


@pytest.mark.parametrize(
    ("code", "area"), [("75011", "75"), (" sw1a 1aa", "SW"), ("7", None), ("", None), (None, None)]
)
def test_a_postal_code_becomes_its_area(code: str | None, area: str | None) -> None:
    assert one(postal_area(pl.lit(code, pl.String))) == area


def test_whole_columns_are_reduced_in_one_plan() -> None:
    frame = pl.LazyFrame({"ip": ["203.0.113.1", "2001:db8::1", "x"], "agent": ["curl/8", None, ""]})
    reduced = frame.select(truncate_ip(pl.col("ip")), device_class(pl.col("agent"))).collect()
    assert reduced["ip"].to_list() == ["203.0.113.0/24", "2001:db8::/48", None]
    assert reduced["agent"].to_list() == ["bot", None, None]

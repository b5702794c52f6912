"""The shapes of personal values that nobody ever told the vault: e-mails, accounts, cards, IPs."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iban, luhn

IP: Final = "forme : adresse IP"
# From the sign on: looking for the part before it first would try every word of a text.
_EMAIL: Final = re.compile(rb"@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63})+")
_LOCAL: Final = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
)  # fmt: skip
_IBAN: Final = re.compile(rb"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}[A-Z0-9 ]{0,4}")
_CARD: Final = re.compile(rb"(?<![0-9A-Za-z.-])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){3}(?![0-9A-Za-z.-])")
_IP: Final = re.compile(rb"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_OCTET: Final = 255
_DIGITS_OF_AN_ADDRESS: Final = 8
# Local addresses of the server itself, and truncated ones, are nobody's.
_OWN_IPS: Final = (b"127.", b"0.0.0.0", b"255.", b"169.254.")


def shapes(part: bytes) -> dict[str, int]:
    """Return how many of each shape stand in a text, by what it is."""
    found = {
        "forme : adresse électronique": sum(_is_email(part, hit) for hit in _EMAIL.finditer(part)),
        "forme : IBAN": sum(1 for hit in _IBAN.finditer(part) if iban.is_valid(_plain(hit))),
        "forme : carte": sum(1 for hit in _CARD.finditer(part) if luhn.is_valid(_plain(hit))),
        IP: sum(1 for hit in _IP.finditer(part) if _is_someones(hit.group())),
    }
    return {kind: count for kind, count in found.items() if count}


def _is_email(part: bytes, hit: re.Match[bytes]) -> bool:
    return hit.start() > 0 and part[hit.start() - 1] in _LOCAL


def _plain(hit: re.Match[bytes]) -> str:
    return hit.group().decode("ascii").replace(" ", "").replace("-", "")


def _is_someones(address: bytes) -> bool:
    octets = address.split(b".")
    in_range = all(int(octet) <= _OCTET for octet in octets)
    # A version number (18.1.0.3) has small parts; a truncated address ends in 0.
    return (
        in_range
        and not address.startswith(_OWN_IPS)
        and octets[-1] != b"0"
        and sum(len(octet) for octet in octets) >= _DIGITS_OF_AN_ADDRESS
    )

"""Values sought in text of any origin: every spelling is found, what only looks so is not."""

from __future__ import annotations

import base64
import random
import string
from typing import Final
from urllib.parse import quote

import pytest

from shopnow.privacy.seeking import Net, Sought

NAME: Final = "Anne-Zoé Müller"
EMAIL: Final = "Anne.Muller+essai@personne.test"
PHONE: Final = "+33 6 98 76 54 32"
STREET: Final = "12, rue de l’Étang"


def net_of(**values: list[str]) -> Net:
    sought = Sought()
    for kind, some in values.items():
        sought.add(kind, some)
    return sought.close()


@pytest.fixture(scope="module")
def net() -> Net:
    return net_of(name=[NAME], email=[EMAIL], phone=[PHONE], street=[STREET])


SPELLINGS: dict[str, tuple[bytes, str]] = {
    "as it is": (f'{{"name": "{NAME}"}}'.encode(), "name"),
    "capitals": (f"NAME={NAME.upper()};".encode(), "name"),
    "no accent": (b"anne-zoe muller", "name"),
    "accents apart": ("Anne-Zoe\u0301 Mu\u0308ller".encode(), "name"),
    "written together": (b"contact:AnneZoeMuller.", "name"),
    "two cells": (b'"Anne-Zo\xc3\xa9","M\xc3\xbcller"', "name"),
    "two lines": (b"Anne-Zo\xc3\xa9\r\n  M\xc3\xbcller", "name"),
    "address": (f"?q={quote(NAME)}&x=1".encode(), "name"),
    "JSON": (rb'"Anne-Zo\u00e9 M\u00fcller"', "name"),
    "JSON in JSON": (rb'"{\"n\": \"Anne-Zo\\u00e9 M\\u00fcller\"}"', "name"),
    "UTF-16": (b"\x01\xff" + NAME.encode("utf-16-le"), "name"),
    "bytea": (b"\\x" + NAME.encode().hex().encode(), "name"),
    "hex in a document": (b"\\x" + f'{{"n":"{NAME}","k":1}}'.encode().hex().encode(), "name"),
    "base64": (base64.b64encode(f'{{"n":"{NAME}"}}'.encode()), "name"),
    "e-mail in an address": (quote(EMAIL).encode(), "email"),
    "e-mail of a log": (f"<{EMAIL.lower()}>: refused".encode(), "email"),
    "phone together": (b"tel=+33698765432,", "phone"),
    "phone at home": (b"tel 06.98.76.54.32 ou", "phone"),
    "phone dialled": (b"0033 6 98.76.54.32", "phone"),
    "phone after a plus": (b"+33 (6) 98-76-54-32", "phone"),
    "street, other apostrophe": (b"12 rue de l'Etang, Lyon", "street"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), SPELLINGS.values(), ids=SPELLINGS)
def test_each_spelling_is_found(net: Net, text: bytes, kind: str) -> None:
    assert net.hits(b"before it; " + text + b" ;after it") == {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        b"Anne-Zoe Mullerin",
        b"Marianne-Zoe Muller",
        b"Muller Anne-Zoe",
        b"anne" + b" " * 40 + b"zoe muller",
        # Columns of numbers that read together like a telephone, and one inside a longer number.
        b"(33,6,98765432)",
        b"33698,765432",
        b"336987654321",
        b"133698765432",
        b"12:33:69:87:65:43:2",
        b"[ 3 3 6 9 8 7 6 5 4 3 2 ]",
        b"(33 698 7 654 32)",
        b"[ 40 33 69 87 65 43 2 ]",
        b"0.698765432",
        b"[ 0 69 87 65 43 2 ]",
    ],
)
def test_what_only_looks_so_is_not(net: Net, text: bytes) -> None:
    assert net.hits(text) == {}


def test_in_a_page_of_the_server_a_letter_may_stick_to_a_value(net: Net) -> None:
    """The server writes the length of a text before it, a byte that may be a letter."""
    page = b"\x00\x01C" + NAME.encode() + b"A\x00\x00"
    assert net.hits(page, is_text=False) == {"name": 1}
    assert net.hits(page) == {}


def test_a_value_at_a_border_is_counted_once(net: Net) -> None:
    first = b"x " * 100 + NAME.encode()
    assert net.hits(first) == {"name": 1}
    assert net.hits(first + b" and so on", seen=len(first)) == {}
    assert net.hits(first + b" and so on", seen=len(first) - 4) == {"name": 1}


def test_what_is_too_short_is_counted_and_public_names_are_not_sought() -> None:
    sought = Sought()
    sought.add("name", ["Li Na", "Bernard", "Ana Diaz", "Maison du Test", "", "Léa Blanc"])
    net = sought.close(["MAISON DU TEST"])
    assert (len(net), net.too_short) == (2, 2)
    assert net.hits(b"Bernard, Li Na, Maison du Test, ana diaz, LEA BLANC") == {"name": 2}


def test_nothing_sought_is_nothing_found() -> None:
    assert net_of().hits(b"anything at all") == {}


def test_a_long_value_is_found_by_its_beginning() -> None:
    text = ", ".join(f"ligne {number} d'une adresse sans fin" for number in range(20))
    assert net_of(street=[text]).hits(text.encode()) == {"street": 1}


def test_of_many_values_all_are_found_and_no_other() -> None:
    """Against the plain way: 20,000 values, half of them in a text of other words."""
    drawn = random.Random(5)  # noqa: S311  # the same words each time, no secret

    def word() -> str:
        return "".join(drawn.choices(string.ascii_lowercase, k=drawn.randint(2, 9)))

    values = sorted({f"{word()}a {word()}bcde" for _ in range(20_000)})
    net = net_of(name=values)
    present = set(drawn.sample(values, 10_000))
    parts = [*present, *(f"{word()} {word()}" for _ in range(10_000))]
    drawn.shuffle(parts)
    text = "\n".join(parts).title()
    assert net.hits(text.encode())["name"] >= len(present)
    absent = "\n".join(value for value in values if value not in present)
    assert net.hits(absent.encode())["name"] >= len(values) - len(present)
    others = net_of(name=[f"{value}x" for value in values])
    assert others.hits(text.encode()) == {}

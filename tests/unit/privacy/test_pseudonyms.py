"""Pseudonyms: stable, separate by purpose, and never the same at two sellers."""

from __future__ import annotations

from hashlib import blake2b, sha256

import polars as pl
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from shopnow.privacy import Pseudonyms
from shopnow.privacy.sellernames import seller_names


class KeysOfTheTest:
    """Named keys derived from a word: what a key store gives, without a file."""

    def __init__(self, word: str) -> None:
        self._word = word

    def named_key(self, name: str) -> bytes:
        """Give 32 bytes, the same for the same name."""
        return sha256(f"{self._word} {name}".encode()).digest()


def pseudonyms(word: str = "one") -> Pseudonyms:
    return Pseudonyms(KeysOfTheTest(word))  # type: ignore[arg-type]  # only named_key is asked


IDENTIFIERS = pl.Series(["c-1", "c-2", None, "c-1", ""])


def test_one_identifier_has_one_lookup_alone_or_in_a_series() -> None:
    names = pseudonyms()
    series = names.subject_lookups("olist", "customer", IDENTIFIERS)
    assert series.dtype == pl.Binary
    assert series[0] == series[3] == names.subject_lookup("olist", "customer", "c-1")
    assert series[2] is None
    assert len(series[0]) == 16
    assert series.n_unique() == 4


@pytest.mark.parametrize(
    ("system", "kind"), [("other", "customer"), ("olist", "account"), ("olistcustomer", "")]
)
def test_system_and_kind_are_part_of_the_lookup(system: str, kind: str) -> None:
    names = pseudonyms()
    assert names.subject_lookup(system, kind, "c-1") != names.subject_lookup(
        "olist", "customer", "c-1"
    )


def test_another_key_store_gives_other_names() -> None:
    ids = pl.Series(["c-1"])
    first, second = pseudonyms("one"), pseudonyms("two")
    lookup = first.subject_lookups("olist", "customer", ids)
    assert lookup[0] != second.subject_lookups("olist", "customer", ids)[0]
    assert first.customer_ids(lookup)[0] != second.customer_ids(lookup)[0]


def test_a_customer_id_is_text_that_is_not_the_lookup() -> None:
    names = pseudonyms()
    lookups = names.subject_lookups("olist", "customer", IDENTIFIERS)
    shown = names.customer_ids(lookups)
    assert shown[0] == names.customer_id(lookups[0])
    assert len(shown[0]) == 24
    assert shown[0] not in lookups[0].hex()


def test_two_sellers_cannot_compare_orders_or_buyers() -> None:
    names = pseudonyms()
    sellers = pl.Series([1, 2, 1])
    orders = names.order_refs(sellers, pl.Series(["o-1", "o-1", "o-1"]))
    assert orders[0] != orders[1]
    assert orders[0] == orders[2]
    lookup = names.subject_lookup("olist", "customer", "c-1")
    buyers = names.buyer_refs(sellers, pl.Series([lookup] * 3))
    assert buyers[0] != buyers[1]
    assert buyers[0] == buyers[2]
    assert len({*orders, *buyers}) == 4


def test_a_seller_number_does_not_run_into_the_order_number() -> None:
    refs = pseudonyms().order_refs(pl.Series([1, 11]), pl.Series(["1|5", "|5"]))
    assert refs.n_unique() == 2


def test_names_at_sellers_are_the_cipher_chained_over_thing_and_seller() -> None:
    things = [bytes([number]) * 16 for number in range(5)]
    names = seller_names(
        b"k" * 32, pl.Series([*things, None]), pl.Series([3, -1, 2**31, 0, 3, 7]), 12, "ref"
    )
    key = blake2b(key=b"k" * 32, digest_size=32, person=b"seller_names").digest()
    for name, thing, seller in zip(names, things, (3, -1, 2**31, 0, 3), strict=False):
        chain = Cipher(AES(key), CBC(bytes(16))).encryptor()
        message = thing + bytes(8) + seller.to_bytes(8, "big", signed=True)
        assert name == chain.update(message)[16:28].hex()
    assert names[5] is None
    assert names.len() == 6


@pytest.mark.parametrize("things", [[], [None, None]])
def test_where_nothing_is_named_no_name_is_given(things: list[None]) -> None:
    series = pl.Series(things, dtype=pl.Binary)
    sellers = pl.Series([1] * len(things), dtype=pl.Int64)
    assert seller_names(b"k" * 32, series, sellers, 12, "ref").to_list() == things


def test_sessions_and_users_of_one_identifier_differ() -> None:
    names = pseudonyms()
    same = pl.Series(["x", None])
    assert names.session_refs("web", same)[0] != names.user_refs("web", same)[0]
    assert names.session_refs("web", same)[0] != names.session_refs("app", same)[0]
    assert names.session_refs("web", same)[1] is None


def test_an_email_is_found_whatever_its_case_and_blanks() -> None:
    found = pseudonyms().email_lookups(
        pl.Series([" Ada@Example.ORG ", "ada@example.org", " ", None])
    )
    assert found[0] == found[1]
    assert found.to_list()[2:] == [None, None]


@given(st.lists(st.none() | st.text(max_size=5), max_size=30))
def test_a_series_is_the_same_as_its_values_one_by_one(values: list[str | None]) -> None:
    names = pseudonyms()
    series = names.subject_lookups("s", "customer", pl.Series(values, dtype=pl.String))
    single = [None if v is None else names.subject_lookup("s", "customer", v) for v in values]
    assert series.to_list() == single

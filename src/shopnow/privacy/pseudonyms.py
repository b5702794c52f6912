"""Pseudonyms: the same person or order gets the same name, and nobody without the key says whose.

Keyed BLAKE2b; each purpose has its own key and its own personalisation, so that two pseudonyms
of one thing cannot be compared.  Sellers get names of their own for orders and buyers
(`sellernames`): two sellers who put their data together learn nothing about common buyers.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from shopnow.privacy.sellernames import BLOCK_BYTES, seller_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shopnow.privacy.keystore import KeyStore

LOOKUP_BYTES: Final = 16
# 96 bits: among a hundred million names two are equal with a chance of one in ten trillion.
NAME_BYTES: Final = 12


class Pseudonyms:
    """Deterministic for one key store; every series result has the length of its argument."""

    def __init__(self, keystore: KeyStore) -> None:
        """Take the keys from `keystore`, each made at its first use."""
        self._keystore = keystore

    def subject_lookup(self, system: str, kind: str, identifier: str) -> bytes:
        """Return the 16 bytes under which a person's identifier in a source system is found."""
        state = self._lookup_state(system, kind)
        state.update(identifier.encode())
        return state.digest()

    def subject_lookups(self, system: str, kind: str, identifiers: pl.Series) -> pl.Series:
        """Return the lookups (Binary) of identifiers (String); null stays null."""
        state = self._lookup_state(system, kind)
        return _by_distinct(
            identifiers, "lookup", pl.Binary, lambda values: _digests(state, values)
        )

    def customer_id(self, lookup: bytes) -> str:
        """Return the text pseudonym shown for the subject of this lookup: 24 hexadecimal digits."""
        state = self._state("customer_id", NAME_BYTES)
        state.update(lookup)
        return state.hexdigest()

    def customer_ids(self, lookups: pl.Series) -> pl.Series:
        """Return the text pseudonyms of lookups (Binary); null stays null."""
        state = self._state("customer_id", NAME_BYTES)
        return _by_distinct(
            lookups, "customer_id", pl.String, lambda values: _names_of_bytes(state, values)
        )

    def order_refs(self, seller_no: pl.Series, order_id: pl.Series) -> pl.Series:
        """Return each seller's own name for an order: one order has another at each seller."""
        state = self._state("order_ref", BLOCK_BYTES)
        orders = _by_distinct(order_id, "order", pl.Binary, lambda values: _digests(state, values))
        return self._at_sellers("order_ref", orders, seller_no)

    def buyer_refs(self, seller_no: pl.Series, lookups: pl.Series) -> pl.Series:
        """Return each seller's own name for a buyer, from the buyers' lookups (Binary)."""
        return self._at_sellers("buyer_ref", lookups, seller_no)

    def _at_sellers(self, purpose: str, things: pl.Series, seller_no: pl.Series) -> pl.Series:
        key = self._keystore.named_key(purpose)
        return seller_names(key, things, seller_no, NAME_BYTES, purpose)

    def session_refs(self, system: str, sessions: pl.Series) -> pl.Series:
        """Return the pseudonyms of session identifiers of a source system."""
        return self._names_in(system, "session_ref", sessions)

    def user_refs(self, system: str, users: pl.Series) -> pl.Series:
        """Return the pseudonyms of the user identifiers in clicks of a source system."""
        return self._names_in(system, "user_ref", users)

    def email_lookups(self, emails: pl.Series) -> pl.Series:
        """Return the lookups (Binary) of e-mail addresses, blanks and case apart; "" is null."""
        state = self._state("email_lookup", LOOKUP_BYTES)
        plain = emails.str.strip_chars().str.to_lowercase()
        stated = plain.set(plain == "", None)
        return _by_distinct(
            stated, "email_lookup", pl.Binary, lambda values: _digests(state, values)
        )

    def _names_in(self, system: str, purpose: str, identifiers: pl.Series) -> pl.Series:
        state = self._state(purpose, NAME_BYTES)
        state.update(_framed(system))
        return _by_distinct(identifiers, purpose, pl.String, lambda values: _names(state, values))

    def _lookup_state(self, system: str, kind: str) -> blake2b:
        state = self._state("subject_lookup", LOOKUP_BYTES)
        state.update(_framed(system))
        state.update(_framed(kind))
        return state

    def _state(self, purpose: str, size: int) -> blake2b:
        key = self._keystore.named_key(purpose)
        return blake2b(key=key, digest_size=size, person=purpose.encode())


def _framed(text: str) -> bytes:
    """Return the text led by its length: ("ab", "c") and ("a", "bc") must not be one input."""
    data = text.encode()
    return len(data).to_bytes(4, "big") + data


def _digests(state: blake2b, values: Iterable[str]) -> list[bytes]:
    copy = state.copy

    def digest(value: str) -> bytes:
        fresh = copy()
        fresh.update(value.encode())
        return fresh.digest()

    return [digest(value) for value in values]


def _names(state: blake2b, values: Iterable[str]) -> list[str]:
    copy = state.copy

    def name(value: str) -> str:
        fresh = copy()
        fresh.update(value.encode())
        return fresh.hexdigest()

    return [name(value) for value in values]


def _names_of_bytes(state: blake2b, values: Iterable[bytes]) -> list[str]:
    copy = state.copy

    def name(value: bytes) -> str:
        fresh = copy()
        fresh.update(value)
        return fresh.hexdigest()

    return [name(value) for value in values]


def _by_distinct(
    values: pl.Series,
    name: str,
    dtype: type[pl.DataType],
    hashed: Callable[[Iterable[Any]], list[Any]],
) -> pl.Series:
    """Hash each distinct value once and put the results back in the places of the values."""
    distinct = values.drop_nulls().unique()
    pairs = pl.DataFrame(
        {"value": distinct, name: pl.Series(name, hashed(distinct.to_list()), dtype=dtype)}
    )
    frame = values.alias("value").to_frame()
    return frame.join(pairs, on="value", how="left", maintain_order="left")[name]

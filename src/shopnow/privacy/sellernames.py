"""A name of each thing at each seller, in bulk: one block cipher call for a million of them.

Protects that two sellers who put their data together learn nothing about common orders or buyers.
The function is CBC-MAC over two blocks, a pseudo-random function as long as every message has the
same length (Bellare, Kilian, Rogaway: "The Security of the Cipher Block Chaining Message
Authentication Code", 2000): the first block is the thing, the second the seller.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

BLOCK_BYTES: Final = 16


def seller_names(
    key: bytes, things: pl.Series, seller_no: pl.Series, size: int, name: str
) -> pl.Series:
    """Return a hexadecimal name of `size` bytes for each pair of thing and seller.

    `key`: 32 bytes; `things`: Binary, 16 bytes each, null gives null; `seller_no`: integers of
    the same length.
    """
    known = things.is_not_null()
    blocks = _blocks_of(things.filter(known))
    sellers = seller_no.filter(known).cast(pl.Int64).to_numpy().astype(">i8")
    second = np.zeros((len(sellers), BLOCK_BYTES), dtype=np.uint8)
    second[:, 8:] = sellers.view(np.uint8).reshape(-1, 8)
    # Single blocks, each a message of its own: chaining is the line between the two calls.
    own = _derived(key)
    digests = _enciphered(own, _enciphered(own, blocks) ^ second)
    names = _hexadecimal(digests[:, :size], name)
    if names.len() == things.len():
        return names
    places = known.arg_true()
    empty = pl.Series(name, [None], dtype=pl.String).new_from_index(0, things.len())
    return empty.scatter(places, names) if names.len() else empty


def _derived(key: bytes) -> bytes:
    """The key of this cipher alone: that of a purpose also keys a hash."""
    return blake2b(key=key, digest_size=32, person=b"seller_names").digest()


def _blocks_of(things: pl.Series) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    joined = np.frombuffer(b"".join(things.to_list()), dtype=np.uint8)
    return joined.reshape(things.len(), BLOCK_BYTES)


def _enciphered(
    key: bytes, blocks: np.ndarray[tuple[int, int], np.dtype[np.uint8]]
) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    # ECB is the bare block cipher, which is what a MAC is built of; no text is hidden by it.
    encryptor = Cipher(AES(key), ECB()).encryptor()  # noqa: S305
    return np.frombuffer(encryptor.update(blocks.tobytes()), dtype=np.uint8).reshape(blocks.shape)


def _hexadecimal(digests: np.ndarray[tuple[int, int], np.dtype[np.uint8]], name: str) -> pl.Series:
    size, data = digests.shape[1], np.ascontiguousarray(digests).tobytes()
    cut = [data[start : start + size] for start in range(0, len(data), size)]
    return pl.Series(name, cut, dtype=pl.Binary).bin.encode("hex")

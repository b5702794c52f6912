"""What a record speaks of, as a text that only ever leaves memory as a keyed hash.

The columns of a broken line may hold anything, a person's address too: the key of a reject is
therefore hashed under a key of the key store, as customers' identifiers are.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality import clean_text

if TYPE_CHECKING:
    from shopnow.privacy import KeyStore
    from shopnow.sources import Source

# Attributes whose first one must be there; customers and clicks are left out: they are people's.
_KEYS = {
    "seller": ("seller_id",),
    "product": ("product_id", "seller_id"),
    "offer": ("product_id", "seller_id"),
    "order": ("order_id",),
    "item": ("order_id", "product_id", "seller_id"),
}
_BYTES = 16


def record_keys(kind: str, frame: pl.DataFrame, source: Source) -> pl.Series:
    """The key text of each mapped record of a kind; null where it says none."""
    names = _KEYS.get(kind, ())
    if kind == "item" and any(one.kind == "item" and one.each for one in source.records):
        # The order is sent whole: said again, it speaks of all of its items.
        kind, names = "order", ("order_id",)
    if not names or frame.is_empty():
        return pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    cells = {
        name: clean_text(frame[name])
        if name in frame.columns
        else pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        for name in names
    }
    parts = [pl.lit(cell).fill_null("") for cell in cells.values()]
    texts = pl.select(
        pl.concat_str([pl.lit(f"{source.system}\x1f{kind}"), *parts], separator="\x1f")
    ).to_series()
    # Whose it is may be left out, that is the house or the sender; what it is may not.
    needed = [cell for name, cell in cells.items() if name != "seller_id" or kind == "seller"]
    for cell in needed:
        texts = texts.set(cell.is_null() | (cell == ""), None)
    return texts


def hashed_keys(keystore: KeyStore, texts: pl.Series) -> pl.Series:
    """The keyed hashes (Binary, 16 bytes) of key texts; null stays null."""
    state = blake2b(key=keystore.named_key("reject_key"), digest_size=_BYTES, person=b"reject_key")
    found: dict[str, bytes] = {}
    for text in texts.drop_nulls().unique().to_list():
        fresh = state.copy()
        fresh.update(text.encode())
        found[text] = fresh.digest()
    return pl.Series(
        [None if text is None else found[text] for text in texts.to_list()], dtype=pl.Binary
    )

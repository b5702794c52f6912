"""What is kept of a delivery to compare the next one with: digests of its records' words.

Sealed like the delivery, under its key; it can be lost at any time, the next delivery is then
taken in whole.  `fingerprint` says what equal words have to meet to mean the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from shopnow import __version__
from shopnow.kernel import Sql
from shopnow.privacy import open_sealed, seal_stream

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Bench
    from shopnow.staging import Delivery

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Where the words of a source's last delivery are kept; `suffix` tells lines from products."""

    context: Context
    delivery: Delivery
    source: str
    suffix: str = ""

    def head(self) -> dict[str, Any] | None:
        """What was written with the words; None when nothing is kept."""
        path = self._path()
        if not (path.is_file() and self._head_path().is_file()):
            return None
        head: dict[str, Any] = json.loads(self._head_path().read_text(encoding="utf-8"))
        return head

    def words(self, head: dict[str, Any]) -> pl.DataFrame:
        """The words that a head belongs to, in the order of their digests."""
        key = self.context.keystore.delivery_key(head["key_ref"])
        with open_sealed(self._path(), key) as stream:
            return pl.read_ipc(BytesIO(stream.read()))

    def write(self, head: dict[str, Any], kept: pl.DataFrame) -> None:
        """Keep `kept` (with the column `words`) sealed under the key that the head names."""
        buffer = BytesIO()
        kept.sort("words", nulls_last=True).write_ipc(buffer, compression="uncompressed")
        buffer.seek(0)
        # Without its head nothing is read: it goes first and comes last.
        self._head_path().unlink(missing_ok=True)
        seal_stream(buffer, self._path(), self.context.keystore.delivery_key(head["key_ref"]))
        self._head_path().write_text(json.dumps(head), encoding="utf-8")

    def _path(self) -> Path:
        name = f"{self.delivery.sender_no}-{self.source}{self.suffix}"
        return self.context.settings.home / "differences" / f"{name}.sealed"

    def _head_path(self) -> Path:
        return self._path().with_suffix(".json")


def digests_of(frame: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Two 64-bit digests of each record's mapped texts: record_no, words, check."""
    return pl.DataFrame(
        [frame["record_no"], texts.hash_rows(seed=11).alias("words"),
         texts.hash_rows(seed=29).alias("check")]
    )  # fmt: skip


def places_of(digests: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Where each of `told` would stand in the ascending `digests`; at most their last place.

    Asked in ascending order the search stays in the cache: a third of the time.
    """
    order = np.argsort(told)
    places = np.empty(len(told), dtype=np.int64)
    places[order] = np.searchsorted(digests, told[order])
    return np.minimum(places, len(digests) - 1)


def fingerprint(context: Context, conn: psycopg.Connection, bench: Bench, kind: str) -> str:
    """What equal words have to meet to mean the same: source, contract, tree, registry, code."""
    registry = conn.execute(SQL["difference_registry"], {"source": bench.source.system}).fetchone()
    feed = context.contracts.feeds[bench.source.feed]
    said = repr((
        __version__, pl.__version__, bench.source, feed, context.contracts.kinds[kind],
        sorted(bench.categories.items()), registry,
    ))  # fmt: skip
    return blake2b(said.encode(), digest_size=16).hexdigest()

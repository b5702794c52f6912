"""Small deliveries of one source, read and put side by side: their numbers carry their place.

Line and record numbers of several deliveries stand in one frame; the bits above the numbers say
which delivery each is of, so that every verdict finds its way back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.kernel import Sql
from shopnow.sources import RawChunk, UnreadableFile, read_chunks
from shopnow.staging import Counts, DeliveryFile, open_landed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
SMALL_BYTES = 64 << 10
MOST_AT_ONCE = 500
# Feeds whose records speak of no person, and the key that a delivery states once (S15), if any.
KEYS_OF_FEED = {
    "products": ("product_row", ("seller_no", "product_id")),
    "offers": ("offer_row", ("seller_no", "product_id", "source_ref")),
    "clickstream": ("click_row", ()),
}
# Line and record numbers carry the place of their delivery in the bits above these.
PLACE_BITS = 40
_NUMBER = (1 << PLACE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Small:
    """A small delivery that was read: its file and its chunks, one of which holds the records."""

    delivery: Delivery
    file: DeliveryFile
    chunks: tuple[RawChunk, ...]
    body: RawChunk

    @property
    def counts(self) -> Counts:
        """What reading alone says of its lines."""
        return Counts(
            lines=sum(chunk.lines for chunk in self.chunks),
            blank=sum(chunk.blank for chunk in self.chunks),
            unreadable=sum(len(chunk.bad) for chunk in self.chunks),
        )


def small_files(conn: psycopg.Connection, feed: str) -> dict[int, DeliveryFile]:
    """The files of waiting deliveries that may be taken in together, by delivery."""
    if feed not in KEYS_OF_FEED:
        return {}
    rows = conn.execute(SQL["small_deliveries"], {"feed": feed, "bytes": SMALL_BYTES}).fetchall()
    return {row[0]: DeliveryFile(*row) for row in rows}


def groups(
    deliveries: Sequence[Delivery], files: dict[int, DeliveryFile], window: int
) -> Iterator[list[Delivery]]:
    """The deliveries, each once: small ones of one source and day together, any other alone.

    They are gathered among `window` deliveries that follow one another.
    """
    for first in range(0, len(deliveries), window):
        gathered: dict[object, list[Delivery]] = {}
        for delivery in deliveries[first : first + window]:
            alike: object = delivery.delivery_key
            if delivery.delivery_key in files:
                alike = (delivery.source, delivery.sender_no, delivery.effective_at.date())
            gathered.setdefault(alike, []).append(delivery)
        for group in gathered.values():
            for at in range(0, len(group), MOST_AT_ONCE):
                yield group[at : at + MOST_AT_ONCE]


def read_small(
    context: Context, source: Source, delivery: Delivery, file: DeliveryFile
) -> Small | None:
    """The delivery as read; None for one that has to be looked at alone."""
    try:
        with open_landed(
            context.settings, context.keystore, file.landing_path, file.landing_ref
        ) as stream:
            chunks = tuple(read_chunks(stream, source, None, context.contracts.mandatory))
    except UnreadableFile:
        return None
    bodies = [chunk for chunk in chunks if chunk.frame.height]
    return Small(delivery, file, chunks, bodies[0]) if len(bodies) == 1 else None


def joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """One frame; line numbers carry the place of the frame they came from."""
    heights = [frame.height for frame in frames]
    places = pl.Series(np.repeat(np.arange(len(frames)) << PLACE_BITS, heights), dtype=pl.Int64)
    return pl.concat(frames).with_columns(pl.col("_line") + places)


def place_of(column: str) -> pl.Expr:
    """Which delivery the line or record numbers in a column are of."""
    return pl.col(column) // (1 << PLACE_BITS)


def places_of(numbers: pl.Series) -> pl.Series:
    """Which delivery each line or record number is of."""
    return numbers // (1 << PLACE_BITS)


def apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their own line and record numbers, and `place` of their delivery."""
    own = pl.col("line_no", "record_no") % (_NUMBER + 1)
    return rows.with_columns(own, (pl.col("line_no") // (_NUMBER + 1)).alias("place"))

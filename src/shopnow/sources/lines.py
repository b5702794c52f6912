"""Lines that carry no record of their own: set aside by what the source declares, and counted.

Conservation is kept: a line without a record counts as blank.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shopnow.sources.model import LineRule
    from shopnow.sources.readers import RawChunk


def selected(chunks: Iterable[RawChunk], rule: LineRule) -> Iterator[RawChunk]:
    """The chunks with what `rule` declares: values inherited, lines without a record set aside."""
    if not rule.columns:
        yield from chunks
        return
    last: dict[str, str] = {}
    for chunk in chunks:
        frame = chunk.frame
        if rule.same is not None and frame.height:
            frame, last = _of_one_thing(frame, rule, rule.same, last)
        for name, words in rule.keep:
            frame = frame.filter(pl.col(name).str.strip_chars().is_in(words))
        yield replace(chunk, frame=frame, blank=chunk.blank + chunk.frame.height - frame.height)


def _of_one_thing(
    frame: pl.DataFrame, rule: LineRule, same: str, last: dict[str, str]
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Lines that follow one another with one key: what the first says holds for the next ones.

    `last`: what the line before the chunk said, its inherited values included.
    """
    key = pl.col(same)
    before = key.shift(1, fill_value=pl.lit(last.get(same), dtype=pl.String))
    follows = key.eq(before).fill_null(value=False) & (key != "")
    frame = frame.with_columns(follows.alias("_follows"))
    frame = frame.with_columns((~pl.col("_follows")).cum_sum().alias("_thing"))
    for name in rule.inherit:
        first = pl.col(name).first().over("_thing")
        carried = pl.when(pl.col("_thing") == 0).then(pl.lit(last.get(name))).otherwise(first)
        own = pl.col(name).str.len_bytes() > 0
        frame = frame.with_columns(
            pl.when(own | ~pl.col("_follows")).then(pl.col(name)).otherwise(carried)
        )
    kept = {name: frame[name][-1] for name in (same, *rule.inherit)}
    if rule.continued:
        empty = pl.all_horizontal(
            pl.col(name).fill_null("").str.strip_chars() == "" for name in rule.continued
        )
        frame = frame.filter(~(pl.col("_follows") & empty))
    return frame.drop("_follows", "_thing"), kept

"""What the judge says of one kind of record of one chunk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from shopnow.sources import Source

REJECT = "reject"
WARN = "warn"
_OF_DELETIONS = {
    "", "seller_id", "product_id", "source_ref", "customer_id", "effective_at", "sequence",
    "operation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bench:
    """What a judge needs beside the contract: the source, its sender, the time, the tree."""

    source: Source
    run_at: datetime
    categories: Mapping[str, str]
    sender_ids: frozenset[str] = frozenset()
    # The sender's own words for categories, lower case; they go before the tree's.
    aliases: Mapping[str, str] = field(default_factory=dict)


class Translation(NamedTuple):
    """What the words of a column became: one by one, or as they stand at the rows' `places`."""

    column: str
    before: pl.Series
    after: pl.Series
    by_alias: pl.Series | None = None
    places: pl.Series | None = None

    def at(self, places: pl.Series | None) -> Translation:
        """The same of rows that stand at `places` among those of which it is told."""
        if places is None or self.places is None:
            return self._replace(places=self.places if places is None else places)
        return self._replace(places=self.places.gather(places))


class Translated(NamedTuple):
    """What the words of a column became, as its record tells.

    `records`: line_no, record_no, pair; no rows where nothing was translated.  `pairs`: before,
    after, rule_code, by their number; several may say the same.
    """

    column: str
    records: pl.DataFrame
    pairs: pl.DataFrame


@dataclass(slots=True)
class Findings:
    """Collected while judging: one entry a check, as masks over the frame's rows."""

    rejects: list[tuple[str, str, pl.Series]] = field(default_factory=list)
    warnings: list[tuple[str, str, pl.Series]] = field(default_factory=list)
    cleanings: list[tuple[str, str, pl.Series, pl.Series, pl.Series]] = field(default_factory=list)
    translations: list[Translation] = field(default_factory=list)
    personal: set[str] = field(default_factory=set)
    # Records that delete their key need nothing but that key and a time.
    deletions: pl.Series | None = None

    def note(self, level: str, code: str, column: str, mask: pl.Series) -> None:
        """Keep a check's mask when it hit anything."""
        if self.deletions is not None and column not in _OF_DELETIONS:
            mask = mask & ~self.deletions
        if mask.any():
            (self.rejects if level == REJECT else self.warnings).append((code, column, mask))

    def take(self, found: Findings, places: pl.Series | None = None) -> None:
        """Take what was found of one attribute; `places`: where each row stands among its values.

        Without places it was found row by row.
        """

        def spread(values: pl.Series) -> pl.Series:
            return values if places is None else values.gather(places)

        self.personal |= found.personal
        for level, notes in ((REJECT, found.rejects), (WARN, found.warnings)):
            for code, column, mask in notes:
                self.note(level, code, column, spread(mask))
        for code, column, mask, before, after in found.cleanings:
            self.clean(code, column, spread(mask), spread(before), spread(after))
        for one in found.translations:
            if one.column not in self.personal:
                self.translations.append(one.at(places))

    def clean(
        self, code: str, column: str, mask: pl.Series, before: pl.Series, after: pl.Series
    ) -> None:
        """Keep a cleaning; values of personal columns are not kept."""
        if mask.any():
            self.cleanings.append((code, column, mask, before, after))

    def translate(
        self, column: str, before: pl.Series, after: pl.Series, by_alias: pl.Series | None = None
    ) -> None:
        """Keep what the words of a column became, where that can be quoted."""
        if column not in self.personal:
            self.translations.append(Translation(column, before, after, by_alias))


@dataclass(frozen=True, slots=True)
class Judged:
    """Verdicts on one kind of record of a chunk.

    `rows`: line_no, item_no, record_no, one typed column an attribute of the layout, `<name>?`
    Boolean (present) for historised ones; only records that passed.
    `rejects`: line_no, record_no, rule_codes List(String), columns List(String), seller_id,
    order_id (null where the kind has none).
    `warnings`: line_no, record_no, rule_code, column_name.
    `cleanings`: line_no, record_no, rule_code, column_name, before, after.
    `checked`: number of records judged; `failed`: failures by rule code; `marks`: the same, as a
    mask over the records judged, once a check.
    """

    kind: str
    rows: pl.DataFrame
    rejects: pl.DataFrame
    warnings: pl.DataFrame
    cleanings: pl.DataFrame
    checked: int
    failed: dict[str, int]
    marks: tuple[tuple[str, pl.Series], ...] = ()
    # Columns of words; of a column where every word was the warehouse's own, no records.
    translations: tuple[Translated, ...] = ()

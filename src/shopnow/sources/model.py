"""What a source is: how a sender's file is laid out, and which attribute each part feeds.

Protects onboarding by declaration alone: a key that this model does not know is refused with the
place and the nearest known key, so that a misspelt mapping never silently loads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shopnow.sources.connectors.model import AnswerRoute, Connector

FEEDS = ("sellers", "products", "offers", "customers", "orders", "clickstream")
# Kinds of record, each under the feed that carries it; the first of a feed is the parent of the
# others on the same line.
KINDS_OF_FEED: dict[str, tuple[str, ...]] = {
    "sellers": ("seller",),
    "products": ("product", "offer"),
    "offers": ("offer",),
    "customers": ("customer",),
    "orders": ("order", "item", "payment"),
    "clickstream": ("click",),
}
FEED_OF_KIND: dict[str, str] = {
    "seller": "sellers",
    "product": "products",
    "offer": "offers",
    "customer": "customers",
    "order": "orders",
    "item": "orders",
    "payment": "orders",
    "click": "clickstream",
}

# Required attributes that a table can hold as null: a source may say that it lacks them.
WAIVABLE = ("unit_price", "title")

Format = Literal["csv", "xlsx", "json", "ndjson", "xml", "parquet"]
TimeForm = Literal["local", "iso", "epoch_s", "epoch_ms"]


@dataclass(frozen=True, slots=True)
class Field:
    """Where one canonical attribute comes from.

    `paths`: columns (CSV, Parquet) or dotted paths (JSON), the first present and non-empty wins;
    `const`: a value that the layout implies; `lookup`: another file of the bundle, joined by
    `by`, giving column `take`. `words`: this sender's vocabulary; `times`: accepted time forms,
    a text with % is a form of the sender's own, as strptime reads it.
    `join`: the values of all `paths`, joined by this text. `inside`: the keys that lead to the
    value within the JSON text of the cell. `part`: a regular expression, whose first group is the
    value. `cents`: a whole number of hundredths.
    """

    paths: tuple[str, ...] = ()
    const: str | None = None
    lookup: str | None = None
    by: str | None = None
    take: str | None = None
    words: tuple[tuple[str, str], ...] = ()
    times: tuple[str, ...] = ("iso", "local")
    only_when: tuple[str, tuple[str, ...]] | None = None
    inside: tuple[str, ...] = ()
    part: str | None = None
    cents: bool = False
    join: str | None = None


@dataclass(frozen=True, slots=True)
class RecordMap:
    """One kind of record: the file it stands in, the array it is exploded from, its attributes."""

    kind: str
    fields: dict[str, Field] = field(hash=False)
    file: str | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class LineRule:
    """Which lines carry a record; the others are counted as blank.

    `keep`: columns and the words that a line must have in them. `same`: the column that the lines
    of one thing share; `inherit`: columns that only its first line fills, the next ones take them
    over; `continued`: a next line with nothing in these columns carries no record of its own.
    """

    keep: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same: str | None = None
    inherit: tuple[str, ...] = ()
    continued: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the rule looks at."""
        first = (self.same,) if self.same else ()
        return (*(name for name, _ in self.keep), *first, *self.inherit, *self.continued)


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file of a bundle; `lookup` names its key column when it is read whole and joined."""

    name: str
    pattern: str
    lookup: str | None = None
    optional: bool = False
    lines: LineRule = LineRule()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How text is cut into cells and how numbers are written.

    `sheet`: name of a workbook's sheet, the first where none is given. `record`: where the records
    of a document stand: the dotted path of a JSON array, or the elements from the root of an XML
    document down (`rss/channel/item`). `namespaces`: prefixes that paths into XML use.
    `doctype`: name of the one DOCTYPE that is let pass, where it declares nothing by itself.
    """

    delimiter: str = ","
    quote: str | None = '"'
    encoding: str | None = None
    decimal: Literal[".", ","] = "."
    header_line: int = 1
    sheet: str | None = None
    record: str = ""
    namespaces: tuple[tuple[str, str], ...] = ()
    doctype: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One sender's layout of one feed (see docs: `sources/<sender>/<name>.yaml`)."""

    name: str
    sender: str
    system: str
    feed: str
    format: Format
    records: tuple[RecordMap, ...]
    mode: Literal["full", "delta"] = "delta"
    zone: str = "Europe/Paris"
    authority: Literal["feed", "embedded"] = "feed"
    order_namespace: str = ""
    dialect: Dialect = Dialect()
    sequence: Literal["line"] | None = None
    returns: Literal["negative_quantity"] | None = None
    adjustments: Literal["negative_price"] | None = None
    case_insensitive_seller: bool = False
    ambiguous: Literal["reject", "earliest", "latest"] = "reject"
    nonexistent: Literal["reject", "forward"] = "reject"
    line_identity: tuple[str, ...] = ()
    # `replays`: lines equal in their whole identity are one line, delivered more than once.
    repeats: Literal["keep", "replays"] = "keep"
    # Required attributes whose absence is flagged here instead of refused (WAIVABLE).
    may_lack: tuple[str, ...] = ()
    # `house`: whatever the records name, ShopNow itself is the seller.
    seller: Literal["house"] | None = None
    items_required: bool = True
    # Whose tree categories are judged against; `none`: the house's, but nothing is refused for it.
    categories: Literal["house", "google", "shopify", "none"] = "none"
    file_pattern: str | None = None
    files: tuple[BundleFile, ...] = ()
    lines: LineRule = LineRule()
    # Where deliveries are fetched, and where their answers go; None: by hand.
    connector: Connector | None = None
    answer: AnswerRoute | None = None

    @property
    def is_platform(self) -> bool:
        """True when the platform itself sends, which may speak for any seller."""
        return self.sender == "platform"

    @property
    def is_bundle(self) -> bool:
        """True when one delivery is made of several files."""
        return bool(self.files)

    @property
    def main_files(self) -> tuple[BundleFile, ...]:
        """The files whose lines become records, in declared order."""
        used = {record.file for record in self.records}
        return tuple(file for file in self.files if file.name in used)

    @property
    def statement_rank(self) -> int:
        """Rank of this source's own statements among those of one time (scd.md R2)."""
        return 20 if self.is_platform else 30

    @property
    def embedded_rank(self) -> int:
        """Rank of statements embedded in orders: 0 gives way to feeds, 10 is the authority."""
        return 10 if self.authority == "embedded" else 0

    def lines_of(self, file: str | None) -> LineRule:
        """Which lines of the bundle file `file` (of the single file: None) carry a record."""
        return next((f.lines for f in self.files if f.name == file), self.lines)

    def records_of(self, file: str | None) -> tuple[RecordMap, ...]:
        """Records that stand in the bundle file `file` (all of them for a single file)."""
        return tuple(r for r in self.records if not self.is_bundle or r.file == file)

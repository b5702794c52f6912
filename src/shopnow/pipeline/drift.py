"""Columns that are missing, new or of another nature than in the files before (scd.md S71).

Nothing is set to null by it, the last values stay; but they grow old, and what is new goes unread:
somebody has to know.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.layouts import (
    ENOUGH,
    LOOKED,
    WITH_HEADER,
    Layout,
    compared,
    lacked,
    looked_at,
    merged,
    names_of,
    natures,
    read_columns,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Contracts, RawChunk, Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
GONE: Final = "schema_drift"
NEW: Final = "new_column"
RETYPED: Final = "retyped_column"
_MOST_TOLD: Final = 20
# What is said of one delivery: pairs of rule code and column.
Said = list[tuple[str, str]]


@dataclass
class Looks:
    """What one file of a delivery shows, gathered over its chunks."""

    columns: dict[str, None] = field(default_factory=dict)
    counted: list[pl.DataFrame] = field(default_factory=list)
    records: int = 0
    brought: set[str] = field(default_factory=set)
    # Attributes that the mapping looks for, whatever was found.
    wanted: set[str] = field(default_factory=set)

    def layout(self) -> Layout:
        """Columns with their natures."""
        parts = pl.concat([pl.DataFrame(schema=LOOKED), *self.counted])
        summed = parts.group_by("_place", "column", maintain_order=True).sum()
        seen = natures(summed).get(0, {})
        return {shown(name): seen.get(name, "") for name in self.columns}


class Drift:
    """Watches the columns of the deliveries of one source, one after the other."""

    def __init__(self, context: Context, conn: psycopg.Connection, source: Source) -> None:
        """Nothing is known yet; what deliveries before showed is read where it is needed."""
        self._context = context
        self._conn = conn
        self._source = source
        self._has_header = source.format in WITH_HEADER
        self._known: dict[str, Layout | None] = {}

    def see(
        self, looks: Looks, chunk: RawChunk, frames: Mapping[str, pl.DataFrame],
        *, samples: bool = True,
    ) -> None:  # fmt: skip
        """Take one chunk of a file; without `samples` only names, natures come otherwise."""
        looks.columns |= dict.fromkeys(chunk.columns)
        if not chunk.frame.height:
            return
        if not self._has_header:
            looks.columns |= dict.fromkeys(names_of(chunk, self._source.format))
            self._see_attributes(looks, frames)
        if samples:
            looks.counted.append(looked_at(chunk.frame))

    def _see_attributes(self, looks: Looks, frames: Mapping[str, pl.DataFrame]) -> None:
        """An object may leave out a member; that none of many has it is worth a word."""
        for kind, frame in frames.items():
            names = [a.name for a in self._context.contracts.kinds[kind].historised]
            here = [name for name in names if name in frame.columns]
            looks.records += frame.height
            looks.wanted.update(here)
            looks.brought.update(n for n in here if frame[n].null_count() < frame.height)

    def judge(self, delivery_key: int, part: str, looks: Looks, run_id: int) -> Said:
        """What is to be said of a file; what the next ones are compared with is kept."""
        if part not in self._known:
            self._known[part] = self._before(delivery_key, part)
        known, seen = self._known[part], looks.layout()
        if not seen:
            return []
        changes = compared(known, seen, read_columns(self._source, part or None))
        after = merged(known, seen, has_header=self._has_header)
        if after != known:
            self._keep(delivery_key, part, after, run_id)
            self._known[part] = after
        said = [(GONE, name) for name in self._gone(part, looks)]
        said += [(NEW, name) for name in changes.new]
        said += [(RETYPED, name) for name in changes.retyped]
        return said[:_MOST_TOLD]

    def _gone(self, part: str, looks: Looks) -> list[str]:
        if self._has_header:
            missing = lacked(self._source, part or None, looks.columns)
            return sorted({name for kind, name in missing if _is_kept(self._contracts, kind, name)})
        if looks.records < ENOUGH:
            return []
        # A member that no file ever had is a hope of the source's, not a change.
        known = self._known[part] or {}
        absent = looks.wanted - looks.brought
        paths = {
            name: spec.paths
            for record in self._source.records_of(part or None)
            for name, spec in record.fields.items()
        }
        return sorted(n for n in absent if any(path in known for path in paths.get(n, ())))

    @property
    def _contracts(self) -> Contracts:
        return self._context.contracts

    def _before(self, delivery_key: int, part: str) -> Layout | None:
        row = self._conn.execute(
            SQL["layout_before"],
            {"source": self._source.name, "part": part, "delivery_key": delivery_key},
        ).fetchone()
        return None if row is None else dict(zip(row[0], row[1], strict=True))

    def _keep(self, delivery_key: int, part: str, layout: Layout, run_id: int) -> None:
        self._conn.execute(
            SQL["layout_add"],
            {
                "source": self._source.name,
                "part": part,
                "delivery_key": delivery_key,
                "run_id": run_id,
                "seen_at": self._context.clock.now(),
                "columns": list(layout),
                "natures": list(layout.values()),
            },
        )


def _is_kept(contracts: Contracts, kind: str, name: str) -> bool:
    """Whether the absence of an attribute lets something grow old, or leaves a fact without it."""
    historised = {attribute.name for attribute in contracts.kinds[kind].historised}
    return name in (historised or contracts.kinds[kind].by_name)


def warn(conn: psycopg.Connection, delivery: Delivery, said: Sequence[tuple[str, str]]) -> None:
    """Tell the sender of a delivery."""
    if said:
        conn.execute(
            SQL["drift_warn"],
            {
                "delivery_key": delivery.delivery_key,
                "sender_no": delivery.sender_no,
                "codes": [code for code, _ in said],
                "names": [name for _, name in said],
            },
        )


def by_code(said: Sequence[tuple[str, str]]) -> Counter[str]:
    """How often each rule code was said."""
    return Counter(code for code, _ in said)

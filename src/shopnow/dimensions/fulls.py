"""Full deliveries: what they say by what they hold and by what they lack (scd.md, the change log).

A full delivery writes no row for a key whose value in force it repeats, nor for one that it lacks
and nobody of its scope stated last.  Protects order-independence: before anything is added that
changes what such a silence meant, it is written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions.compose import parts_of
from shopnow.dimensions.statements import execute, rows_of
from shopnow.staging import DELETION_HASH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import psycopg

    from shopnow.dimensions.spec import Dimension

    Parts = Mapping[str, sql.Composable]

# Below that of a deletion said in so many words: one of a rank and time may stand beside it.
_WITHDRAWAL_HASH = DELETION_HASH - 1


@dataclass(frozen=True, slots=True)
class Fulls:
    """The full deliveries that a batch holds, and the time of the latest one before it."""

    dimension: Dimension
    now: int = 0
    until: datetime | None = None
    _fixed: dict[str, Any] = field(default_factory=dict)
    # Whether the work table `full_now` was made: of a batch without a full delivery only the
    # general way reads it.
    is_table_made: bool = True

    def make_table(self, conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any]) -> None:
        """Make the work table `full_now`, empty, where it was not needed so far."""
        if not self.is_table_made:
            execute(conn, "full_now", parts, {**values, "once": True})

    def find_implied_before_news(
        self, conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any]
    ) -> bool:
        """Find what earlier full deliveries implied of keys that `logged` has news of.

        Returns whether anything of the batch comes late for a full delivery.
        """
        if self.until is None:
            return False
        is_late = bool(rows_of(conn, "full_late", parts, values)[0][0])
        if is_late:
            self._find_implied(conn, parts, {**values, **self._fixed}, "logged")
        return is_late

    def write_absences(
        self, conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any], *, is_late: bool
    ) -> None:
        """Write what the batch's full deliveries withdraw, and which withdrawals count now."""
        every = {**values, **self._fixed}
        # Among themselves the batch's full deliveries are earlier and later ones too.
        is_late = is_late or self.now > 1
        if is_late:
            self._append(conn, parts, every, "by_full")
            execute(conn, "withdrawals_weigh", parts, every)
        if self.now:
            execute(conn, "full_register", parts, every)
            for name in ("full_scope", "full_scope_analyze", "withdrawn"):
                execute(conn, name, parts, every)
            execute(conn, "present", parts, every)
            if is_late:
                self._find_implied(conn, parts, {**every, "deliveries": []}, "by_scope")
            self._append(conn, parts, every, "by_scope")
            self._append(conn, parts, every, "by_full")
        if self.now or is_late:
            execute(conn, "affected_more", parts, every)
        if is_late:
            execute(conn, "withdrawals_weigh", parts, every)

    def _find_implied(
        self, conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any], news: str
    ) -> None:
        own = {**parts, "news": sql.Identifier("pg_temp", news)}
        execute(conn, "explicit", own, values)

    def _append(
        self, conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any], table: str
    ) -> None:
        own = {**parts, "table": sql.Identifier("pg_temp", table)}
        execute(conn, "by_full_append", own, values)


def find_fulls(
    conn: psycopg.Connection, dimension: Dimension, parts: Parts, values: Mapping[str, Any]
) -> Fulls:
    """The full deliveries among the batch's (work table `full_now`, if any) and before it."""
    bits = {column.name: 1 << column.bit for column in dimension.columns if column.bit is not None}
    fixed = {
        "feeds": list(dimension.feeds),
        "lowest": _WITHDRAWAL_HASH,
        "kind": dimension.name,
        "names": list(bits),
        "bits": list(bits.values()),
    }
    until, is_any = rows_of(conn, "full_until", parts, {**values, **fixed})[0]
    now = execute(conn, "full_now", parts, values) if is_any else 0
    return Fulls(dimension, now, until, fixed, is_any)


def prepare_fulls(
    conn: psycopg.Connection, parts: Parts, values: Mapping[str, Any], fulls: Fulls, left: Parts
) -> None:
    """Set aside what the batch's full deliveries merely repeat, and note what they cannot say.

    `left`: the parts with the staged statements that may repeat something.
    """
    execute(conn, "implied_table", parts, {})
    for table in ("by_full", "by_scope"):
        execute(conn, "said_tables", {**parts, "table": sql.Identifier("pg_temp", table)}, {})
    if fulls.now:
        every = {**values, "kind": fulls.dimension.name}
        execute(conn, "silent_append", parts, every)
        execute(conn, "implied", left, every)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a full delivery would withdraw, and how many keys its scope has at its time."""

    withdrawn: int
    alive: int


def weigh_full(conn: psycopg.Connection, dimension: Dimension, delivery_key: int) -> Weight:
    """Weigh a staged full delivery against the state at its effective time; writes nothing."""
    found = rows_of(conn, "mass_change", parts_of(dimension), {"delivery_key": delivery_key})
    return Weight(*found[0])

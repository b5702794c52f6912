"""The moments of a member's life, read off its change log in the order in which it counts.

For people: what each statement changed against the one before. Versions are not computed here,
the engine does that; a version that starts at a moment is only named beside it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from shopnow.dimensions.reading.model import Change, Event, Moment, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from shopnow.dimensions.spec import Dimension

    Row = Mapping[str, Any]

_EMBEDDED = 0


def moments_of(
    dimension: Dimension, versions: Sequence[Version], statements: Sequence[Row]
) -> list[Moment]:
    """Moments in the order of their time; statements that never counted are left out.

    `statements`: the log's rows of one key in the order of scd.md R2.
    """
    teller = _Teller(dimension, versions, statements)
    told = _with_late_ones(teller.tell(_counted(statements)))
    waiting = [teller.ahead(s) for s in statements if s["state"] in ("pending", "cancelled")]
    spoken_of = {moment.at for moment in told}
    silent = [_of_version(v) for v in versions if v.valid_from not in spoken_of]
    return sorted([*silent, *told, *waiting], key=attrgetter("at"))


def _counted(statements: Iterable[Row]) -> list[Row]:
    """Without what orders said in passing from the first statement of an authority on."""
    heard = [s for s in statements if s["state"] == "applied" and s["kind"] != "silent"]
    authority = min(
        (s["effective_at"] for s in heard if s["source_rank"] > _EMBEDDED), default=None
    )
    return [
        s
        for s in heard
        if s["source_rank"] != _EMBEDDED or authority is None or s["effective_at"] < authority
    ]


class _Teller:
    """Goes through statements with the state that they have built up so far."""

    def __init__(
        self, dimension: Dimension, versions: Sequence[Version], statements: Sequence[Row]
    ) -> None:
        self._columns = dimension.columns
        self._started = {v.valid_from: v for v in versions}
        # A narrow confirmation holds no values: its hash leads to the statement it repeats.
        self._full = {s["content_hash"]: s for s in statements if s["kind"] == "upsert"}

    def tell(self, statements: Iterable[Row]) -> Iterator[Moment]:
        """One moment a statement; the last of an instant carries the version that starts there."""
        state: dict[str, Any] = {}
        is_deleted: bool | None = None
        for at, together in groupby(statements, key=itemgetter("effective_at")):
            *_, last = said = list(together)
            for s in said:
                changes = () if s["kind"] == "delete" else tuple(self._changes(s, state))
                state |= {change.attribute: change.after for change in changes}
                event = _event(s, changes, was_deleted=is_deleted)
                is_deleted = s["kind"] == "delete"
                version = self._started.get(at) if s is last else None
                yield _moment(s, event, changes, version)

    def ahead(self, statement: Row) -> Moment:
        """A statement that waits for its time, or was cancelled before: what it says."""
        event: Event = "pending" if statement["state"] == "pending" else "cancelled"
        return _moment(statement, event, tuple(self._changes(statement, {})), None)

    def _changes(self, statement: Row, state: Mapping[str, Any]) -> Iterator[Change]:
        told = self._full.get(statement["content_hash"], statement)
        for column in self._columns:
            before, after = state.get(column.name), told[column.name]
            is_said = column.bit is None or told["present"] >> column.bit & 1
            if is_said and before != after and not (column.scd == 0 and before is not None):
                yield Change(column.name, column.scd, before, after)


def _event(statement: Row, changes: Sequence[Change], *, was_deleted: bool | None) -> Event:
    if statement["kind"] == "delete":
        # A full delivery has no record of what it leaves out.
        return "withdrawn" if statement["record_no"] == 0 else "deleted"
    if was_deleted:
        return "returned"
    if was_deleted is None:
        return "first"
    if not changes:
        return "confirmed"
    return "changed" if any(change.scd == 2 for change in changes) else "corrected"  # noqa: PLR2004


def _moment(
    statement: Row, event: Event, changes: tuple[Change, ...], version: Version | None
) -> Moment:
    return Moment(
        at=statement["effective_at"],
        event=event,
        changes=changes,
        version=version.version if version else None,
        surrogate=version.surrogate if version else None,
        delivery_key=statement["delivery_key"],
        source_line=statement["source_line"],
        known_at=statement["known_from"],
        is_late=False,
    )


def _of_version(version: Version) -> Moment:
    """A version that no statement of its own time explains: an inferred or a reserved member."""
    return Moment(
        at=version.valid_from,
        event="inferred",
        changes=(),
        version=version.version,
        surrogate=version.surrogate,
        delivery_key=version.delivery_key,
        source_line=version.source_line,
        known_at=version.known_from,
        is_late=False,
    )


def _with_late_ones(moments: Iterable[Moment]) -> list[Moment]:
    """Marks what the warehouse learned after something of a later time."""
    earliest: datetime | None = None
    found = []
    for moment in reversed(list(moments)):
        is_late = earliest is not None and moment.known_at > earliest
        found.append(replace(moment, is_late=is_late))
        earliest = min(earliest or moment.known_at, moment.known_at)
    return found[::-1]

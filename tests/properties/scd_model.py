"""What the history engine makes of deliveries, in plain Python (scd.md R2 to R6, R10, R13, R16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

OPEN_END = "open"
LOWEST = -(1 << 63)


@dataclass(frozen=True)
class Statement:
    """One statement: when, its rank, the sender's number, its hash, what it says, about whom."""

    at: int
    rank: int
    sequence: int | None
    hash: int
    said: tuple[tuple[str, Any], ...]
    key: int = 0
    is_delete: bool = False

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Rule R2; a statement without number comes first."""
        return self.at, self.rank, -1 if self.sequence is None else self.sequence, self.hash


@dataclass(frozen=True)
class Delivery:
    """Statements of one source; `rejected`: keys of records that were not taken; `at`: its time."""

    source: str
    rank: int
    statements: tuple[Statement, ...]
    at: int = 0
    is_full: bool = False
    rejected: frozenset[int] = frozenset()
    proves_absence: bool = True

    @property
    def there(self) -> set[int]:
        """Keys that it holds, by its own time."""
        ended = {s.key for s in self.statements if s.is_delete}
        return {s.key for s in self.statements if s.at <= self.at} - ended

    @property
    def silent(self) -> set[int]:
        """Keys of which it says neither that they are there nor that they are not."""
        return {s.key for s in self.statements if s.at > self.at} | self.rejected


def history(
    deliveries: Iterable[Delivery], types: dict[str, int], now: int
) -> dict[int, list[dict[str, Any]]]:
    """The versions of every key, whatever the order in which the deliveries came."""
    said = {(s, d.source) for d in deliveries for s in d.statements if s.at <= now}
    fulls = [d for d in deliveries if d.is_full and d.proves_absence and d.at <= now]
    # What a full delivery dates earlier than itself is still there at its own time.
    said |= {(Statement(d.at, d.rank, None, 0, (), k), d.source) for d in fulls for k in d.there}
    found = {}
    for key in {s.key for s, _ in said}:
        own = [(s.order, source) for s, source in said if s.key == key and s.rank > 0]
        gone = set()
        for d in fulls:
            end = Statement(d.at, d.rank, None, LOWEST, (), key, is_delete=True)
            # Absent is withdrawn, where the last who spoke of the key before was the same source.
            last = max((one for one in own if one[0] < end.order), default=(None, ""))
            if last[1] == d.source and key not in d.there | d.silent:
                gone.add(end)
        found[key] = versions({s for s, _ in said if s.key == key} | gone, types)
    return found


def versions(statements: set[Statement], types: dict[str, int]) -> list[dict[str, Any]]:
    """The versions of one key: attributes, valid_from and valid_to, oldest first."""
    # Passing remarks (rank 0) count until the first statement of an authority.
    authority = min((s.at for s in statements if s.rank > 0), default=None)
    counted = [s for s in statements if s.rank != 0 or authority is None or s.at < authority]
    state: dict[str, Any] = dict.fromkeys(types)
    moments: dict[int, dict[str, Any]] = {}
    heard: dict[str, list[tuple[int, Any]]] = {name: [] for name in types}
    for statement in sorted(counted, key=lambda s: s.order):
        for name, value in statement.said:
            state[name] = value
            heard[name].append((statement.at, value))
        moments[statement.at] = {**state, "is_deleted": statement.is_delete}
    last: dict[str, Any] = {}
    for name, kind in types.items():
        values = heard[name]
        if kind == 0:
            last[name] = next((value for _, value in values if value is not None), None)
        elif kind in (1, 3):
            last[name] = state[name]
        if kind == 3:
            older = [i for i, (_, value) in enumerate(values) if value != state[name]]
            last[f"previous_{name}"] = values[older[-1]][1] if older else None
            last[f"{name}_changed_at"] = values[older[-1] + 1][0] if older else None
    found: list[dict[str, Any]] = []
    for at, moment in moments.items():
        kept = {n: v for n, v in moment.items() if types.get(n, 2) == 2}
        if found and all(found[-1][name] == value for name, value in kept.items()):
            continue
        if found:
            found[-1]["valid_to"] = at
        found.append({**last, **kept, "valid_from": at, "valid_to": OPEN_END})
    return found

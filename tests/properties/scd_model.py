"""What the history engine makes of statements, in plain Python (scd.md R2 to R6, R10, R16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

OPEN_END = "open"


@dataclass(frozen=True)
class Statement:
    """One statement: when, its rank, the sender's number, its hash, and what it says."""

    at: int
    rank: int
    sequence: int | None
    hash: int
    said: tuple[tuple[str, Any], ...]

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Rule R2; a statement without number comes first."""
        return self.at, self.rank, -1 if self.sequence is None else self.sequence, self.hash


def versions(statements: set[Statement], types: dict[str, int]) -> list[dict[str, Any]]:
    """The versions of one key: attributes, valid_from and valid_to, oldest first."""
    # Passing remarks (rank 0) count until the first statement of an authority.
    authority = min((s.at for s in statements if s.rank > 0), default=None)
    counted = [s for s in statements if s.rank > 0 or authority is None or s.at < authority]
    state: dict[str, Any] = dict.fromkeys(types)
    moments: dict[int, dict[str, Any]] = {}
    heard: dict[str, list[tuple[int, Any]]] = {name: [] for name in types}
    for statement in sorted(counted, key=lambda s: s.order):
        for name, value in statement.said:
            state[name] = value
            heard[name].append((statement.at, value))
        moments[statement.at] = dict(state)
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
        kept = {name: moment[name] for name, kind in types.items() if kind == 2}
        if found and all(found[-1][name] == value for name, value in kept.items()):
            continue
        if found:
            found[-1]["valid_to"] = at
        found.append({**last, **kept, "valid_from": at, "valid_to": OPEN_END})
    return found

"""Figures of `expected-2017.json` compared with the warehouse, none of them left out in silence.

A block of that file is a tree; its leaves are the figures.  Each leaf is either computed by one of
the statements in `acceptance/figures/` or named, with a reason, among those no warehouse holds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from benchmarks.evidence import Evidence, machine, write_evidence
from benchmarks.evidence import Figure as Measured
from tests.data import shared_data

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from shopnow.kernel import Settings

Leaf = str | int | Decimal | bool | None
Tree = object  # what JSON holds: nested dictionaries and lists of leaves
_STATEMENTS = Path(__file__).parent / "acceptance" / "figures"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Figure:
    """One statement and the place in the block that its result fills.

    `shape`: "row" (column names are the keys), "pairs" (two columns: key, value), "lists" (a list
    of lists), "records" (a list of objects), "value" (one cell).  `renamed` puts the source's
    words back in the place of the warehouse's codes, in every first column.  `given` names a
    statement that makes a temporary view for it.
    """

    place: str
    statement: str
    shape: str
    renamed: Mapping[str, str] | None = None
    given: str | None = None

    def measure(self, settings: Settings) -> dict[str, Leaf]:
        """Run the statement as the loader's role; leaves by path."""
        with connect(settings) as conn:
            if self.given:
                conn.execute(_text(self.given))
            cursor = conn.execute(_text(self.statement))
            names = [column.name for column in cursor.description or ()]
            rows = [[self._renamed(row[0]), *row[1:]] for row in cursor.fetchall()]
        return dict(leaves(self._tree(names, rows), self.place))

    def _renamed(self, word: object) -> object:
        return self.renamed.get(str(word), word) if self.renamed else word

    def _tree(self, names: list[str], rows: list[list[object]]) -> Tree:
        if self.shape == "lists":
            return rows
        if self.shape == "records":
            return [dict(zip(names, row, strict=True)) for row in rows]
        if self.shape == "pairs":
            return {str(row[0]): row[1] for row in rows}
        (row,) = rows
        return row[0] if self.shape == "value" else dict(zip(names, row, strict=True))


def _text(statement: str) -> bytes:
    return (_STATEMENTS / f"{statement}.sql").read_bytes()


def expected_block(name: str) -> dict[str, Leaf]:
    """The leaves of a block of `expected-2017.json`, money as exact decimals."""
    text = shared_data("expected-2017.json").read_text(encoding="utf-8")
    return dict(leaves(json.loads(text, parse_float=Decimal)[name]))


def leaves(tree: Tree, path: str = "") -> list[tuple[str, Leaf]]:
    """Paths and values of the leaves.

    >>> leaves({"a": {"b": 1}, "c": [2, {"d": None}]})
    [('a.b', 1), ('c[0]', 2), ('c[1].d', None)]
    """
    if isinstance(tree, dict):
        inside = [(f"{path}.{key}" if path else key, value) for key, value in tree.items()]
    elif isinstance(tree, list):
        inside = [(f"{path}[{place}]", value) for place, value in enumerate(tree)]
    else:
        return [(path, cast("Leaf", tree))]
    return [leaf for place, value in inside for leaf in leaves(value, place)]


def under(path: str, place: str) -> bool:
    """True when the leaf `path` stands at `place` or under it; `[*]` is any element of a list.

    >>> under("top[3].name", "top[*].name"), under("top10", "top")
    (True, False)
    """
    wanted, given = _steps(place), _steps(path)
    if len(wanted) > len(given):
        return False
    return all(w in ("*]", g) for w, g in zip(wanted, given, strict=False))


def _steps(path: str) -> list[str]:
    return path.replace("[", ".").split(".")


def differences(measured: Mapping[str, Leaf], expected: Mapping[str, Leaf]) -> list[str]:
    """What the warehouse says otherwise than the block, a line a leaf; empty when all agree."""
    found = [
        f"{path}: {expected[path]!r} expected, {value!r} measured"
        for path, value in measured.items()
        if path in expected and expected[path] != value
    ]
    # A list that is longer or a key that the block has not is a difference as well.
    found += [f"{path}: not in the block" for path in measured.keys() - expected.keys()]
    return sorted(found)


def measure_all(figures: Iterable[Figure], settings: Settings) -> dict[str, Leaf]:
    """Run every statement; leaves by path."""
    return {path: value for figure in figures for path, value in figure.measure(settings).items()}


def uncovered(
    expected: Mapping[str, Leaf], measured: Mapping[str, Leaf], not_held: Mapping[str, str]
) -> list[str]:
    """Leaves that are neither measured nor named, or both; names that name nothing."""
    named = {path for path in expected if any(under(path, place) for place in not_held)}
    idle = [p for p in not_held if not any(under(path, p) for path in expected)]
    return (
        [
            f"{path}: neither compared nor named"
            for path in expected.keys() - measured.keys() - named
        ]
        + [f"{path}: compared and named as not held" for path in measured.keys() & named]
        + [f"{place}: names no figure" for place in idle]
    )


def coverage(measured: Mapping[str, Leaf], expected: Mapping[str, Leaf]) -> dict[str, int]:
    """What evidence says of a block: `measured` agrees with it, the rest is not held."""
    held = len(measured)
    return {
        "figures in the block": len(expected), "compared": held, "equal": held,
        "not held": len(expected) - held,
    }  # fmt: skip


def prove(
    identifier: str,
    criterion: str,
    counts: Mapping[str, float],
    test: Callable[..., object],
    not_held: Mapping[str, str] | None = None,
) -> None:
    """Write `build/evidence/<identifier>.json`: what `test` counted once all of it agreed."""
    file = Path(test.__code__.co_filename).relative_to(_ROOT).as_posix()
    write_evidence(
        _ROOT / "build" / "evidence" / f"{identifier}.json",
        Evidence(
            id=identifier,
            criterion=criterion,
            command=f"python -m pytest {file} -k {test.__name__}",
            figures=[Measured(name, value, "count") for name, value in counts.items()],
            measured_at=datetime.now(UTC),
            machine=machine(),
            conditions={f"not held: {place}": reason for place, reason in (not_held or {}).items()},
        ),
    )

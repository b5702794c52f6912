"""Whether a dimension is what it must be (scd.md, the audits), and what its log says it should be.

Protects the chain and the promise that the dimension is a pure function of its change log: the
database refuses most damage, this finds what no constraint can.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

from psycopg import sql

from shopnow.dimensions.compose import parts_of, stored_columns
from shopnow.dimensions.engine import fold_into_target
from shopnow.dimensions.statements import drop_work_tables
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from shopnow.dimensions.spec import Dimension

    Rows = list[tuple[str, str]]

SQL = Sql(__package__)
# A check stops there: who has a thousand findings needs no list.
MOST: Final = 1000
EXAMPLES: Final = 5
_CHECKS: Final = (
    "surrogate_shared", "surrogate_above_mark", "sequence_below_mark", "chain", "current",
    "period", "version_number", "rewritten", "belief", "delivery",
)  # fmt: skip
_OWN_COLUMNS: Final = ("valid_from", "valid_to", "is_deleted", "is_inferred", "version")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: of whom, and what was seen there."""

    subject: str
    detail: str


@dataclass(frozen=True, slots=True)
class Check:
    """One audit of one thing (`about`): how many findings (at most 1000), and the first ones."""

    name: str
    about: str
    findings: int
    examples: tuple[Finding, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Versions of a dimension against its log: kept, changed, missing, unexplained."""

    kept: int = 0
    changed: int = 0
    missing: int = 0
    unexplained: int = 0

    @property
    def differs(self) -> bool:
        """True when the dimension is not what its log says."""
        return bool(self.changed or self.missing or self.unexplained)


def checked(name: str, about: str, rows: Callable[[], Rows]) -> Check:
    """The outcome of a check whose statement gives a row (subject, detail) a finding."""
    begun = perf_counter()
    found = rows()
    examples = tuple(Finding(subject, detail) for subject, detail in found[:EXAMPLES])
    return Check(name, about, len(found), examples, perf_counter() - begun)


def audit_dimension(conn: psycopg.Connection, dimension: Dimension) -> Iterator[Check]:
    """Every audit of one dimension, its comparison with the log last.

    The caller holds a transaction, best with one snapshot for all of it; what is written are work
    tables that end with it.
    """
    parts = parts_of(dimension) | {"overwritten": _overwritten(dimension)}
    for name in _CHECKS:
        statement = SQL.compose(f"audit_{name}", **parts)
        yield checked(name, dimension.name, lambda s=statement: _found(conn, s))  # type: ignore[misc]
    compare_with_log(conn, dimension)
    for verdict in ("missing", "changed", "unexplained"):
        values = {"verdict": verdict, "most": MOST}
        yield checked(
            f"fold_{verdict}",
            dimension.name,
            lambda v=values: conn.execute(SQL["compared_examples"], v).fetchall(),  # type: ignore[misc]
        )


def compare_with_log(conn: psycopg.Connection, dimension: Dimension) -> Comparison:
    """Compute the dimension anew from its log and compare; the dimension is not touched.

    Leaves the work tables `affected_key` (every key), `folded`, `target` and `compared`, in the
    caller's transaction.
    """
    parts = parts_of(dimension) | {"changed_columns": _changed_columns(dimension)}
    drop_work_tables(conn, "affected_key", "folded", "target", "compared")
    conn.execute(SQL.compose("every_key", **parts))
    fold_into_target(conn, dimension)
    conn.execute(SQL.compose("compared_create", **parts))
    counts: dict[str, int] = dict(conn.execute(SQL["compared_counts"]).fetchall())
    return Comparison(**counts)


def recover_versions(conn: psycopg.Connection, dimension: Dimension) -> int:
    """Give lost versions back under the keys that facts of their time hold; returns how many.

    After `compare_with_log` in the same transaction; the work table `held_key` says what facts
    hold: the key's columns, the surrogate, first_at and last_at.
    """
    same = sql.SQL(" AND ").join(
        sql.SQL("n.{0} = t.{0}").format(sql.Identifier(name)) for name in dimension.key
    )
    parts = parts_of(dimension) | {"same_n_t": same}
    return conn.execute(SQL.compose("recover", **parts)).rowcount


def compared_versions(conn: psycopg.Connection, verdict: str) -> list[Finding]:
    """The first versions of a verdict, after `compare_with_log` in the same transaction."""
    values = {"verdict": verdict, "most": EXAMPLES}
    rows = conn.execute(SQL["compared_examples"], values).fetchall()
    return [Finding(subject, detail) for subject, detail in rows]


def _found(conn: psycopg.Connection, statement: sql.Composed) -> Rows:
    return conn.execute(statement, {"most": MOST}).fetchall()


def _overwritten(dimension: Dimension) -> sql.Composable:
    """A row of all that must be the same on every version of a member."""
    historised = set(dimension.typed(2))
    names = [name for name in stored_columns(dimension) if name not in historised]
    columns = sql.SQL(", ").join(sql.SQL("d.{}").format(sql.Identifier(name)) for name in names)
    return sql.SQL("ROW({})").format(columns)


def _changed_columns(dimension: Dimension) -> sql.Composable:
    """The names of the columns in which a version differs from what the log says."""
    return sql.SQL(", ").join(
        sql.SQL("CASE WHEN t.{0} IS DISTINCT FROM d.{0} THEN {1} END").format(
            sql.Identifier(name), sql.Literal(name)
        )
        for name in (*_OWN_COLUMNS, *stored_columns(dimension))
    )

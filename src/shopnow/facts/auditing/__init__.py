"""Whether every fact stands with a version that exists and holds at the fact's own time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import sql

from shopnow.dimensions import AUDIT_MOST, Check, checked
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class _Binding:
    """A surrogate key in a fact: its dimension, the fact's own time, what people call the fact."""

    fact: str
    dimension: str
    time: str
    name: tuple[str, ...]


_LINE: Final = ("order_id", "line_no")
_BINDINGS: Final = (
    _Binding("fact_order", "seller", "ordered_at", _LINE),
    _Binding("fact_order", "product", "ordered_at", _LINE),
    _Binding("fact_order", "customer", "ordered_at", _LINE),
    _Binding("fact_order_header", "customer", "purchased_at", ("order_id",)),
    _Binding("fact_offer", "product", "observed_at", ("seller_no", "product_id", "observed_at")),
    _Binding("fact_clickstream", "product", "event_at", ("event_key",)),
)
# Facts whose partition key is no part of what names them.
_KEYS: Final = {
    "fact_order": ("seller_no", "order_id", "line_no"),
    "fact_order_header": ("order_id",),
    "fact_payment": ("order_id", "payment_no"),
    "fact_clickstream": ("seller_no", "event_key"),
}


def audit_facts(conn: psycopg.Connection) -> Iterator[Check]:
    """Every audit of the facts, in the caller's transaction; each reads its fact table once."""
    for binding in _BINDINGS:
        about = f"{binding.fact}.{binding.dimension}_key"
        parts = _parts(binding)
        for name in ("member", "time"):
            yield _check(conn, f"fact_{name}", about, SQL.compose(f"audit_{name}", **parts))
    for fact, key in _KEYS.items():
        parts = {"fact": sql.Identifier("dwh", fact), "key_columns": _columns(key)}
        yield _check(conn, "fact_twice", fact, SQL.compose("audit_twice", **parts))


def members_waiting(conn: psycopg.Connection) -> int:
    """How many members have facts that a changed history has left behind until the job runs."""
    row = conn.execute(SQL["waiting"]).fetchone()
    return int(row[0]) if row else 0


def collect_held_keys(conn: psycopg.Connection, dimension: str) -> None:
    """Leave the work table `held_key`: keys that facts hold and no version of the dimension has."""
    conn.execute(SQL["held_drop"])
    conn.execute(SQL[f"held_{dimension}"])


def _check(conn: psycopg.Connection, name: str, about: str, statement: sql.Composed) -> Check:
    return checked(name, about, lambda: conn.execute(statement, {"most": AUDIT_MOST}).fetchall())


def _parts(binding: _Binding) -> dict[str, sql.Composable]:
    surrogate = f"{binding.dimension}_key"
    of_seller = binding.dimension != "customer"
    same = sql.SQL("v.{0} = f.{0}").format(sql.Identifier(surrogate))
    natural = {"seller": "seller_no", "product": "product_id", "customer": "customer_no"}
    return {
        "fact": sql.Identifier("dwh", binding.fact),
        "dim": sql.Identifier("dwh", f"dim_{binding.dimension}"),
        "time": sql.Identifier(binding.time),
        "subject": sql.SQL("concat_ws(' ', {})").format(_columns(binding.name)),
        "same_version": sql.SQL("v.seller_no = f.seller_no AND {}").format(same)
        if of_seller
        else same,
        "surrogate": sql.Identifier(surrogate),
        "dimension_name": sql.Literal(binding.dimension),
        "owner": sql.SQL("v.seller_no") if of_seller else sql.SQL("0"),
        "natural_key": sql.SQL("v.{}::text").format(sql.Identifier(natural[binding.dimension])),
    }


def _columns(names: tuple[str, ...]) -> sql.Composable:
    return sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in names)

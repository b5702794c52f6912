"""What a person does about a circuit breaker: look, close it, open it (ADR 0018).

Closing releases what the breaker held: the next run takes these deliveries in anew, and the guard
still looks at each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.kernel import Sql, UsageError
from shopnow.pipeline.breaker import CLOSED, OPENED, Breaker, read_breakers, write_change
from shopnow.pipeline.following import seller_number
from shopnow.security import HOUSE

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context

SQL = Sql(__package__)
PIPELINE = Sql("shopnow.pipeline")


@dataclass(frozen=True, slots=True)
class BreakerPlan:
    """What opening or closing would do; `held`: deliveries that its closing releases."""

    seller_no: int
    opens: bool
    breaker: Breaker | None
    held: tuple[int, ...]


def list_breakers(conn: psycopg.Connection, *, only_open: bool = False) -> list[Breaker]:
    """The breakers that ever changed, or those that are open."""
    return [one for one in read_breakers(conn) if one.is_open or not only_open]


def plan_breaker(conn: psycopg.Connection, seller: str, *, opens: bool) -> BreakerPlan:
    """What a change would do; raises UsageError where the breaker stands so already."""
    number = seller_number(conn, seller)
    if number <= HOUSE:
        raise UsageError("the house has no circuit breaker", "Name a seller.")
    found = next((one for one in read_breakers(conn) if one.seller_no == number), None)
    is_open = found is not None and found.is_open
    if is_open == opens:
        state = "open" if is_open else "closed"
        raise UsageError(f"the circuit breaker of {seller!r} is {state} already")
    held: tuple[int, ...] = ()
    if found is not None:
        rows = conn.execute(SQL["breaker_held"], {"breaker_no": found.breaker_no}).fetchall()
        held = tuple(key for (key,) in rows)
    return BreakerPlan(number, opens, found, held)


def change_breaker(
    context: Context, conn: psycopg.Connection, plan: BreakerPlan, who: str, reason: str
) -> int:
    """Open or close; returns how many deliveries were released for the next run.

    Raises UsageError where a run or somebody else changed it meanwhile.
    """
    with conn.transaction():
        conn.execute(PIPELINE["loader_lock"])
        now = next((o for o in read_breakers(conn) if o.seller_no == plan.seller_no), None)
        if now != plan.breaker:
            raise UsageError("the circuit breaker changed meanwhile", "Look at it again.")
        released = 0
        if now is not None and not plan.opens:
            values = {"breaker_no": now.breaker_no, "at_least": None, "except_delivery": None}
            released = conn.execute(PIPELINE["breaker_release"], values).rowcount
        code = OPENED if plan.opens else CLOSED
        write_change(conn, context, plan.seller_no, code, reason, by=who)
    return released

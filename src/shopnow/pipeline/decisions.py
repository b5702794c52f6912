"""What a person decides about a delivery that is held: it is approved, or refused.

A decision moves nothing by itself: the next run takes the delivery in anew, from its sealed file,
at its own effective time, and acts by it.  Who decided, when, about which question, is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError
from shopnow.pipeline.following import find_delivery

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.following import DeliveryFacts

SQL = Sql(__package__)
Decision = Literal["approved", "refused"]
_DONE = {"approved": "approuvée", "refused": "refusée"}


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """What a decision is about: the delivery, its question, and the records that wait.

    `waiting` is None for a delivery that was held before it was read.
    """

    delivery: DeliveryFacts
    decision: Decision
    question: str
    waiting: int | None


def plan_decision(conn: psycopg.Connection, delivery_key: int, decision: Decision) -> DecisionPlan:
    """What would be decided; raises UsageError where the delivery is not held."""
    delivery = find_delivery(conn, delivery_key)
    if delivery.state != "held":
        raise UsageError(
            f"delivery {delivery_key} is not held but {delivery.state}",
            "`shopnow delivery list --state held` shows those that wait for a decision.",
        )
    waiting = delivery.held if delivery.records else None
    return DecisionPlan(delivery, decision, delivery.reason or "", waiting)


def decide(context: Context, conn: psycopg.Connection, plan: DecisionPlan, who: str) -> None:
    """Write a decision down; the next run acts by it.

    Raises UsageError where somebody else decided meanwhile.
    """
    key, now = plan.delivery.delivery_key, context.clock.now()
    values = {
        "delivery_key": key, "decision": plan.decision, "decided_at": now, "decided_by": who,
    }  # fmt: skip
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        if conn.execute(SQL["decision_keep"], values).fetchone() is None:
            raise UsageError(f"delivery {key} is held no longer", "See `shopnow delivery show`.")
        event = Event(
            ts=now, source="pipeline", type="fonctionnel", level="INFO",
            message=f"livraison {key} {_DONE[plan.decision]} par {who}",
            error_code=f"delivery_{plan.decision}", seller_no=plan.delivery.sender_no,
            delivery_key=key,
        )  # fmt: skip
        record_event(conn, event)

"""What the journal is told of a delivery's content, for alerts: codes and counts, no values.

Protects isolation: a sender that names another seller's identifier is a security event, once a
delivery, whatever else is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.journal import Event, record_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.staging import Delivery

FOREIGN_SELLER = "foreign_seller"
SCHEMA_DRIFT = "schema_drift"


def note_foreign(
    conn: psycopg.Connection, context: Context, run_id: int, delivery: Delivery, records: int
) -> None:
    """Journal that a sender's records named another seller; nothing where none did."""
    if not records:
        return
    event = Event(
        ts=context.clock.now(),
        source="pipeline",
        type="securite",
        level="WARNING",
        message=(
            f"livraison {delivery.delivery_key} : {records} enregistrement(s) au nom d'un autre "
            "vendeur, rejeté(s)"
        ),
        error_code=FOREIGN_SELLER,
        seller_no=delivery.sender_no,
        run_id=run_id,
        delivery_key=delivery.delivery_key,
        payload={"records": records},
    )
    record_event(conn, event)


def note_drift(
    conn: psycopg.Connection,
    context: Context,
    run_id: int,
    delivery: Delivery,
    said: Sequence[tuple[str, str]],
) -> None:
    """Journal how the columns of a delivery differ from those before; nothing where they do not."""
    if not said:
        return
    told: dict[str, list[str]] = {}
    for code, name in said:
        told.setdefault(code, []).append(name)
    event = Event(
        ts=context.clock.now(),
        source="pipeline",
        type="qualite",
        level="WARNING",
        message=(
            f"livraison {delivery.delivery_key} ({delivery.source}) : {len(said)} colonne(s) "
            "absente(s), nouvelle(s) ou de nature changée"
        ),
        error_code=SCHEMA_DRIFT,
        seller_no=delivery.sender_no,
        run_id=run_id,
        delivery_key=delivery.delivery_key,
        payload=dict(told),
    )
    record_event(conn, event)

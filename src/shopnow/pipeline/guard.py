"""The guard before the load: what would change too much waits for a person (scd.md S31).

A full delivery that would withdraw more than its contract's share of what its source stated until
then, or a delivery most of whose records are rejected, is held with its question.  Protects sellers
from a truncated export; never measured twice once somebody has decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.dimensions import dimensions_of, weigh_full
from shopnow.facts import offer_dimension
from shopnow.journal import Event

if TYPE_CHECKING:
    import psycopg

    from shopnow.dimensions import Dimension
    from shopnow.pipeline.context import Context
    from shopnow.staging import Delivery

# Under this many keys or records a share says nothing.
LEAST = 20
_OF_FEED = {
    "sellers": ("seller",), "products": ("product", "offer"), "offers": ("offer",),
    "customers": ("customer",),
}  # fmt: skip
_WORDS = {"seller": "vendeurs", "product": "produits", "offer": "articles en vente",
          "customer": "clients"}  # fmt: skip


def question_of(context: Context, conn: psycopg.Connection, delivery: Delivery) -> str | None:
    """The question (French) for which a staged delivery has to wait; None when it may go on."""
    if delivery.decision is not None:
        return None
    feed = context.contracts.feeds[delivery.feed]
    rejected, records = delivery.rejected or 0, delivery.records or 0
    if rejected >= LEAST and rejected * 100 > records * feed.reject_rate_threshold_pct:
        return (
            f"{rejected} enregistrements rejetés sur {records}, plus que le seuil de "
            f"{feed.reject_rate_threshold_pct:g} % : charger les autres ?"
        )
    if delivery.mode != "full":
        return None
    for dimension in _concerned(context, delivery.feed):
        weight = weigh_full(conn, dimension, delivery.delivery_key)
        share = feed.mass_change_threshold_pct
        if weight.withdrawn >= LEAST and weight.withdrawn * 100 > weight.alive * share:
            return (
                f"fichier complet sans {weight.withdrawn} des {weight.alive} "
                f"{_WORDS[dimension.name]} connus à sa date, plus que le seuil de {share:g} % : "
                "les retirer ?"
            )
    return None


def held_event(context: Context, delivery: Delivery, question: str, run_id: int) -> Event:
    """What alerts and journal say of a delivery that waits."""
    return Event(
        ts=context.clock.now(),
        source="pipeline",
        type="qualite",
        level="WARNING",
        message=f"livraison {delivery.delivery_key} retenue : {question}",
        error_code="delivery_held",
        seller_no=delivery.sender_no,
        run_id=run_id,
        delivery_key=delivery.delivery_key,
    )


def _concerned(context: Context, feed: str) -> list[Dimension]:
    known = {dimension.name: dimension for dimension in dimensions_of(context.contracts)}
    known["offer"] = offer_dimension(context.contracts.kinds["offer"])
    return [known[name] for name in _OF_FEED.get(feed, ())]

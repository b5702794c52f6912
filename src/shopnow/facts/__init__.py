"""Facts: order lines, headers, payments, offers and clicks, with keys as of the event's time."""

from __future__ import annotations

from shopnow.facts.clicks import load_clicks
from shopnow.facts.offers import load_offers
from shopnow.facts.orders import load_orders
from shopnow.facts.outcomes import merge
from shopnow.facts.partitions import ensure_partitions
from shopnow.facts.retie import retie_vanished

__all__ = [
    "ensure_partitions",
    "load_clicks",
    "load_offers",
    "load_orders",
    "merge",
    "retie_vanished",
]

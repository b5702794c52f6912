"""Facts: order lines, headers, payments, offers and clicks, with keys as of the event's time."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.facts.auditing import audit_facts, collect_held_keys, members_waiting
    from shopnow.facts.clicks import load_clicks
    from shopnow.facts.offers import load_offers, offer_dimension
    from shopnow.facts.orders import load_orders
    from shopnow.facts.overtaken import lines_overtaken
    from shopnow.facts.partitions import ensure_partitions
    from shopnow.facts.retie import (
        RetieJob,
        close_retie,
        find_waiting_clicks,
        note_unbound_clicks,
        open_retie,
        retie_month,
        retie_vanished,
        waits_for_retie,
    )

__all__ = [
    "RetieJob",
    "audit_facts",
    "close_retie",
    "collect_held_keys",
    "ensure_partitions",
    "find_waiting_clicks",
    "lines_overtaken",
    "load_clicks",
    "load_offers",
    "load_orders",
    "members_waiting",
    "note_unbound_clicks",
    "offer_dimension",
    "open_retie",
    "retie_month",
    "retie_vanished",
    "waits_for_retie",
]

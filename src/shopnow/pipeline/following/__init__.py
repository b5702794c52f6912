"""Following: what became of deliveries, records, rows and sellers; reads, never writes.

The one exception is the journaled opening of a sealed line (trace.open_line).
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.following.deliveries import (
        CodeCount,
        DeliveryFacts,
        DeliveryStory,
        FileFacts,
        StepFacts,
        find_delivery,
        list_deliveries,
        tell_delivery,
    )
    from shopnow.pipeline.following.french import (
        DIMENSIONS,
        FEEDS,
        KINDS,
        MOMENTS,
        OPEN_END,
        STATES,
        STATUSES,
        STEPS,
        amount,
        moment,
        number,
        plural,
        seconds,
    )
    from shopnow.pipeline.following.overviews import Overview, overview
    from shopnow.pipeline.following.rejects import Reason, RejectFacts, explain, list_rejects
    from shopnow.pipeline.following.sellers import (
        Merge,
        SellerLine,
        SellerStory,
        SellerVersion,
        list_sellers,
        seller_number,
        tell_seller,
    )
    from shopnow.pipeline.following.trace import (
        Origin,
        Traced,
        TracedRow,
        open_line,
        trace_click,
        trace_order,
        trace_product,
        trace_record,
    )

__all__ = [
    "DIMENSIONS",
    "FEEDS",
    "KINDS",
    "MOMENTS",
    "OPEN_END",
    "STATES",
    "STATUSES",
    "STEPS",
    "CodeCount",
    "DeliveryFacts",
    "DeliveryStory",
    "FileFacts",
    "Merge",
    "Origin",
    "Overview",
    "Reason",
    "RejectFacts",
    "SellerLine",
    "SellerStory",
    "SellerVersion",
    "StepFacts",
    "Traced",
    "TracedRow",
    "amount",
    "explain",
    "find_delivery",
    "list_deliveries",
    "list_rejects",
    "list_sellers",
    "moment",
    "number",
    "open_line",
    "overview",
    "plural",
    "seconds",
    "seller_number",
    "tell_delivery",
    "tell_seller",
    "trace_click",
    "trace_order",
    "trace_product",
    "trace_record",
]

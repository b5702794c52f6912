"""The conductor: receives deliveries, plans a run, executes its six steps, traces any row back."""

from __future__ import annotations

from shopnow.pipeline.conductor import Conductor, RunReport
from shopnow.pipeline.context import Context
from shopnow.pipeline.following import (
    CodeCount,
    DeliveryFacts,
    DeliveryStory,
    Origin,
    Overview,
    RejectFacts,
    SellerStory,
    SellerVersion,
    Traced,
    explain,
    list_deliveries,
    list_rejects,
    list_sellers,
    open_line,
    overview,
    seller_number,
    tell_delivery,
    tell_seller,
    trace_click,
    trace_order,
    trace_product,
    trace_record,
)
from shopnow.pipeline.receipt import Receipt, receive
from shopnow.pipeline.selection import choose_source

__all__ = [
    "CodeCount",
    "Conductor",
    "Context",
    "DeliveryFacts",
    "DeliveryStory",
    "Origin",
    "Overview",
    "Receipt",
    "RejectFacts",
    "RunReport",
    "SellerStory",
    "SellerVersion",
    "Traced",
    "choose_source",
    "explain",
    "list_deliveries",
    "list_rejects",
    "list_sellers",
    "open_line",
    "overview",
    "receive",
    "seller_number",
    "tell_delivery",
    "tell_seller",
    "trace_click",
    "trace_order",
    "trace_product",
    "trace_record",
]

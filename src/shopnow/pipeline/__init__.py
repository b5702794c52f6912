"""The conductor: receives deliveries, plans a run, executes its six steps, traces any row back."""

from __future__ import annotations

from shopnow.pipeline.conductor import Conductor, RunReport
from shopnow.pipeline.context import Context
from shopnow.pipeline.receipt import Receipt, receive

__all__ = ["Conductor", "Context", "Receipt", "RunReport", "receive"]

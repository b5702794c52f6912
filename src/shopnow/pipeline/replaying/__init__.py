"""Replay of rejects: after a rule, a word or a source changed, what was refused is judged again.

A replay is a delivery of its own, of the same sender and source, at the effective time of the one
whose rejects it takes in again, out of the same sealed file.  So nothing that was counted moves,
each record keeps its line, and everything that holds for deliveries holds for it (ADR 0015).
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.replaying.plan import (
        NOT_REPLAYED,
        DeliveryPlan,
        ReplayPlan,
        RuleChange,
        plan_replay,
    )
    from shopnow.pipeline.replaying.store import replay

__all__ = [
    "NOT_REPLAYED",
    "DeliveryPlan",
    "ReplayPlan",
    "RuleChange",
    "plan_replay",
    "replay",
]

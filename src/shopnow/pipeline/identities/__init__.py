"""Identities: sellers that were merged, identifiers that changed hands.

Both are commands with a plan; nothing that is stored is rewritten by either.
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.identities.figures import SellerFigures
    from shopnow.pipeline.identities.merging import (
        MergePlan,
        UndoPlan,
        apply_merge,
        apply_undo,
        plan_merge,
        plan_undo,
    )
    from shopnow.pipeline.identities.recycling import RecyclePlan, apply_recycle, plan_recycle

__all__ = [
    "MergePlan",
    "RecyclePlan",
    "SellerFigures",
    "UndoPlan",
    "apply_merge",
    "apply_recycle",
    "apply_undo",
    "plan_merge",
    "plan_recycle",
    "plan_undo",
]

"""Checking history against what it must be, and making a dimension again from its change log."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.checking.audit import AuditReport, audit_checks, audit_history
    from shopnow.pipeline.checking.rebuilding import (
        RebuildPlan,
        RebuildReport,
        plan_rebuild,
        rebuild,
    )

__all__ = [
    "AuditReport",
    "RebuildPlan",
    "RebuildReport",
    "audit_checks",
    "audit_history",
    "plan_rebuild",
    "rebuild",
]

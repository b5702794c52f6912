"""Reading history: a member's life, what was believed when, and whether the dimension is right."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.dimensions.reading.audit import MOST as AUDIT_MOST
    from shopnow.dimensions.reading.audit import (
        Check,
        Comparison,
        Finding,
        audit_dimension,
        checked,
        compare_with_log,
        compared_versions,
        recover_versions,
    )
    from shopnow.dimensions.reading.life import find_member, tell_life, version_known_on
    from shopnow.dimensions.reading.model import Change, DeliveryName, Life, Member, Moment, Version

__all__ = [
    "AUDIT_MOST",
    "Change",
    "Check",
    "Comparison",
    "DeliveryName",
    "Finding",
    "Life",
    "Member",
    "Moment",
    "Version",
    "audit_dimension",
    "checked",
    "compare_with_log",
    "compared_versions",
    "find_member",
    "recover_versions",
    "tell_life",
    "version_known_on",
]

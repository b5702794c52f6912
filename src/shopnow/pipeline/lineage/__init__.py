"""Lineage: each step of a run told as OpenLineage events, to a file or a collector; an option."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.lineage.telling import tell_lineage

__all__ = ["tell_lineage"]

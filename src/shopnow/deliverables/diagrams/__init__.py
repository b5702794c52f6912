"""Diagrams of the models, drawn from the live catalogue and the contracts."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.deliverables.diagrams.logical import SCD_MEANINGS, logical_model
    from shopnow.deliverables.diagrams.physical import physical_models

__all__ = ["SCD_MEANINGS", "logical_model", "physical_models"]

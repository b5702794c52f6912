"""How a seller stands: its quality score and trend, the five pillars, its circuit breaker."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.standing.breakers import (
        BreakerPlan,
        change_breaker,
        list_breakers,
        plan_breaker,
    )
    from shopnow.pipeline.standing.reading import (
        Pillar,
        RuleCount,
        ScoreDay,
        Standing,
        pillars_at,
        standing_of,
    )

__all__ = [
    "BreakerPlan",
    "Pillar",
    "RuleCount",
    "ScoreDay",
    "Standing",
    "change_breaker",
    "list_breakers",
    "pillars_at",
    "plan_breaker",
    "standing_of",
]

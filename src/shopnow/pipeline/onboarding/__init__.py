"""Onboarding: a new seller with a new layout goes live by a file that declares it, no program."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.onboarding.aftercare import Aftercare, systems_of, verify_source
    from shopnow.pipeline.onboarding.draft import Draft, draft_source
    from shopnow.pipeline.onboarding.guess import Guess
    from shopnow.pipeline.onboarding.sample import Sample, take_sample
    from shopnow.pipeline.onboarding.shelf import (
        SourceFacts,
        activate_source,
        list_sources,
        resume_source,
        suspend_source,
    )
    from shopnow.pipeline.onboarding.trial import Trial

__all__ = [
    "Aftercare",
    "Draft",
    "Guess",
    "Sample",
    "SourceFacts",
    "Trial",
    "activate_source",
    "draft_source",
    "list_sources",
    "resume_source",
    "suspend_source",
    "systems_of",
    "take_sample",
    "verify_source",
]

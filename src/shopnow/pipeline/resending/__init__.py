"""Records that come again: chosen ones of a replay, corrected files, keys said a second time.

Protects the sender from work and the warehouse from repetition: what was accepted is not taken in
twice, and a reject waits only until something newer was said of the same thing (ADR 0015).
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.resending.choosing import Chosen, chosen_of
    from shopnow.pipeline.resending.completing import complete_orders
    from shopnow.pipeline.resending.correcting import Corrected, corrected_by
    from shopnow.pipeline.resending.ending import end_rejects, forget_said
    from shopnow.pipeline.resending.keys import hashed_keys, record_keys
    from shopnow.pipeline.resending.said import said_again

__all__ = [
    "Chosen",
    "Corrected",
    "chosen_of",
    "complete_orders",
    "corrected_by",
    "end_rejects",
    "forget_said",
    "hashed_keys",
    "record_keys",
    "said_again",
]

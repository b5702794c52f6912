"""Marts: the tables that analysts read, each declared by one file of `marts/`.

A load refreshes what it touched and nothing else; the result is the same as a full rebuild.
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.marts.analyst import Folded, refresh_analyst
    from shopnow.marts.draft import MartDraft, draft_mart
    from shopnow.marts.model import Mart, MartError, MartResult, parse_mart
    from shopnow.marts.store import (
        create_touched,
        load_marts,
        mart_facts,
        next_batch_no,
        publish,
        refresh_all,
        refresh_touched,
    )

__all__ = [
    "Folded",
    "Mart",
    "MartDraft",
    "MartError",
    "MartResult",
    "create_touched",
    "draft_mart",
    "load_marts",
    "mart_facts",
    "next_batch_no",
    "parse_mart",
    "publish",
    "refresh_all",
    "refresh_analyst",
    "refresh_touched",
]

"""Step 2 of a chunk: every kind of record judged, parents before their children."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality import Bench, Judged, Once, check_totals, judge, judge_nothing
from shopnow.sources import KINDS_OF_FEED

if TYPE_CHECKING:
    from shopnow.sources import Contracts


def judge_kinds(
    frames: dict[str, pl.DataFrame], feed: str, contracts: Contracts, bench: Bench
) -> dict[str, Judged]:
    """Verdicts on every kind of record, parents before their children."""
    if not any(frame.height for frame in frames.values()):
        # The chunk of a header: as many checks as for a thousand records, and nothing to check.
        return {kind: judge_nothing(frame, kind) for kind, frame in frames.items()}
    judged: dict[str, Judged] = {}
    parent_rejects: pl.Series | None = None
    once = Once()
    for kind in (kind for kind in KINDS_OF_FEED[feed] if kind in frames):
        judged[kind] = judge(frames[kind], contracts.kinds[kind], bench, parent_rejects, once)
        if parent_rejects is None and judged[kind].rejects.height:
            parent_rejects = judged[kind].rejects["line_no"]
    return check_totals(judged, bench.source)


def refused(judged: Judged, frame: pl.DataFrame) -> Judged:
    """Verdicts on records whose delivery a person refused: none of them passes."""
    names = [name for name in ("seller_id", "order_id") if name in frame.columns]
    passed = frame.join(judged.rows.select("record_no"), on="record_no", how="semi")
    rejects = passed.select(
        "line_no",
        "record_no",
        pl.lit(["delivery_refused"]).alias("rule_codes"),
        pl.lit([""]).alias("columns"),
        *names,
    )
    return replace(
        judged,
        rows=judged.rows.head(0),
        rejects=pl.concat([judged.rejects, rejects], how="diagonal"),
        failed={**judged.failed, "delivery_refused": rejects.height},
    )

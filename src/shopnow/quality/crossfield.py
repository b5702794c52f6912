"""Rules across the attributes of one record: dates that contradict one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.quality.model import WARN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from shopnow.quality.model import Findings

# Of each kind: what comes first, what cannot come before it.
_ORDER = {
    "order": (
        ("purchased_at", "shipped_at"), ("purchased_at", "delivered_at"),
        ("shipped_at", "delivered_at"), ("purchased_at", "cancelled_at"),
    ),
    "seller": (("effective_at", "ends_at"),),
    "product": (("effective_at", "ends_at"),),
    "offer": (("effective_at", "ends_at"),),
}  # fmt: skip


def check_dates(kind: str, columns: Mapping[str, pl.Series], out: Findings) -> None:
    """Warn where a date lies before the one that it follows; `columns`: typed, by attribute.

    Clocks of several systems are seldom one, and a late date is no less true: nothing is refused.
    """
    for first, then in _ORDER.get(kind, ()):
        if first in columns and then in columns:
            turned = (columns[then] < columns[first]).fill_null(value=False)
            out.note(WARN, "dates_out_of_order", then, turned)

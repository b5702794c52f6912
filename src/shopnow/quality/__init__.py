"""Quality: clean what is safe to clean, judge the rest, keep every reason.

Row rules run here, vectorised over chunks; rules across rows and deliveries run in SQL.
"""

from __future__ import annotations

from shopnow.quality.codes import RULE_CODES, RuleCode
from shopnow.quality.model import Bench, Judged
from shopnow.quality.texts import clean_text, one_case
from shopnow.quality.totals import check_totals
from shopnow.quality.verdict import judge

__all__ = [
    "RULE_CODES",
    "Bench",
    "Judged",
    "RuleCode",
    "check_totals",
    "clean_text",
    "judge",
    "one_case",
]

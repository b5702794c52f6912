"""Quality: clean what is safe to clean, judge the rest, keep every reason.

Row rules run here, vectorised over chunks; rules across rows and deliveries run in SQL.
"""

from __future__ import annotations

from shopnow.quality.codes import RULE_CODES, RuleCode
from shopnow.quality.model import Bench, Judged
from shopnow.quality.texts import clean_text
from shopnow.quality.verdict import judge

__all__ = ["RULE_CODES", "Bench", "Judged", "RuleCode", "clean_text", "judge"]

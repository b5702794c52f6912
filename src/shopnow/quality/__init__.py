"""Quality: clean what is safe to clean, judge the rest, keep every reason.

Row rules run here, vectorised over chunks; rules across rows and deliveries run in SQL.
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.quality.codes import RULE_CODES, RuleCode
    from shopnow.quality.model import Bench, Judged, Translated
    from shopnow.quality.once import Once
    from shopnow.quality.pages import CodePage, code_pages, page_gaps
    from shopnow.quality.references import bad_gtin, countries, currencies
    from shopnow.quality.texts import clean_text, one_case
    from shopnow.quality.times import out_of_bounds, to_utc
    from shopnow.quality.totals import check_totals
    from shopnow.quality.verdict import judge, judge_nothing

__all__ = [
    "RULE_CODES",
    "Bench",
    "CodePage",
    "Judged",
    "Once",
    "RuleCode",
    "Translated",
    "bad_gtin",
    "check_totals",
    "clean_text",
    "code_pages",
    "countries",
    "currencies",
    "judge",
    "judge_nothing",
    "one_case",
    "out_of_bounds",
    "page_gaps",
    "to_utc",
]

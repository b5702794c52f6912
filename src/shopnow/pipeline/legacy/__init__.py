"""The former warehouse comes along: its tables are found, dated, measured and handed over."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.pipeline.legacy.comparing import Compared, compare_queries
    from shopnow.pipeline.legacy.disclosure import disclose_customers
    from shopnow.pipeline.legacy.importing import CURRENCY, import_legacy
    from shopnow.pipeline.legacy.model import COLUMNS, Figure, LegacyImport

__all__ = [
    "COLUMNS",
    "CURRENCY",
    "Compared",
    "Figure",
    "LegacyImport",
    "compare_queries",
    "disclose_customers",
    "import_legacy",
]

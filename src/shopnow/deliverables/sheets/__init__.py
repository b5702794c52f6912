"""Tables for people: text files and workbooks that open right, and do nothing, in a spreadsheet."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.deliverables.sheets.model import Cell, Look, Page
    from shopnow.deliverables.sheets.textfile import defused, write_text
    from shopnow.deliverables.sheets.workbook import MOST_ROWS, write_workbook

__all__ = ["MOST_ROWS", "Cell", "Look", "Page", "defused", "write_text", "write_workbook"]

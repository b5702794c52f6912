r"""Frames in the text format of COPY, which the server reads a fifth quicker than CSV.

https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-TEXT-FORMAT: tabs between
columns, `\N` for null, and a backslash before what would be read as one of these.
"""

from __future__ import annotations

import io

import polars as pl

_SPECIAL = r"[\\\n\r\t]"
_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Times are UTC.  The server takes half as long for a time without a fraction and a `T`; `%.f` is
# empty where the second is whole.
_INSTANT = "%Y-%m-%d %H:%M:%S%.f+00"


def copy_text(rows: pl.DataFrame) -> bytes:
    r"""The rows, a line each; times have to be UTC.

    >>> copy_text(pl.DataFrame({"a": ["x\ty", "", None], "b": [1, 2, None]}))
    b'x\\ty\t1\n\t2\n\\N\t\\N\n'
    """
    odd = [
        name
        for name, kind in rows.schema.items()
        if kind == pl.String and rows[name].str.contains(_SPECIAL).any()
    ]
    if odd:
        rows = rows.with_columns(
            pl.col(odd).str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))
        )
    buffer = io.BytesIO()
    rows.write_csv(
        buffer, include_header=False, separator="\t", quote_style="never", null_value="\\N",
        datetime_format=_INSTANT,
    )  # fmt: skip
    return buffer.getvalue()

"""Records by person as rows of privacy.subject_record, in the binary format of COPY.

https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-BINARY-FORMAT.  As text the
arrays of a large delivery take four times as long to make, and half as long again to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER: Final = b"\xff\xff"
# OIDs of the built-in types of the arrays' elements.
_BIGINT, _INTEGER = 20, 23
# Lengths stand before what they are of; all numbers are big-endian.  Of an array: its dimensions,
# whether it has nulls, its type, its elements, the number of the first.
_ARRAY: Final = [("length", ">i4"), ("dimensions", ">i4"), ("nulls", ">i4"), ("type", ">i4"),
                 ("elements", ">i4"), ("first", ">i4")]  # fmt: skip
_START: Final = np.dtype(
    [("fields", ">i2"), ("subject_bytes", ">i4"), ("subject_no", ">i8"),
     ("delivery_bytes", ">i4"), ("delivery_key", ">i8"), *_ARRAY]
)  # fmt: skip
_MIDDLE: Final = np.dtype(_ARRAY)
_LINE: Final = np.dtype([("length", ">i4"), ("number", ">i8")])
_RECORD: Final = np.dtype([("length", ">i4"), ("number", ">i4")])
# Everything begins at an even byte: half as many places to write to.
_UNIT: Final = 2


def packed_rows(told: pl.DataFrame) -> bytes:
    """Rows of subject_no, delivery_key, line_nos, record_nos: one for each person and delivery.

    `told`: subject_no, delivery_key, line_no, record_no without nulls, in the order of the first
    two.  To be sent between HEADER and TRAILER.
    """
    subject_no, delivery_key = (told[name].to_numpy() for name in told.columns[:2])
    turns = (subject_no[1:] != subject_no[:-1]) | (delivery_key[1:] != delivery_key[:-1])
    firsts = np.flatnonzero(np.concatenate(([len(told) > 0], turns)))
    counts = np.diff(firsts, append=len(told))
    sizes = _START.itemsize + _MIDDLE.itemsize + (_LINE.itemsize + _RECORD.itemsize) * counts
    ends = np.cumsum(sizes)
    out = np.empty(int(sizes.sum()) // _UNIT, np.uint16)

    start = _array(_START, _LINE, _BIGINT, counts)
    start["fields"], start["subject_bytes"], start["delivery_bytes"] = 4, 8, 8
    start["subject_no"], start["delivery_key"] = subject_no[firsts], delivery_key[firsts]
    at = ends - sizes
    _write(out, at, start)
    at += _START.itemsize
    _write(out, _spread(at, firsts, counts, _LINE), _elements(_LINE, told["line_no"]))
    at += _LINE.itemsize * counts
    _write(out, at, _array(_MIDDLE, _RECORD, _INTEGER, counts))
    at += _MIDDLE.itemsize
    _write(out, _spread(at, firsts, counts, _RECORD), _elements(_RECORD, told["record_no"]))
    return out.tobytes()


def _array(layout: np.dtype, element: np.dtype, oid: int, counts: Numbers) -> np.ndarray:
    """Heads of arrays of so many elements."""
    heads = np.zeros(len(counts), layout)
    heads["length"] = _MIDDLE.itemsize - 4 + element.itemsize * counts
    heads["dimensions"], heads["type"], heads["first"] = 1, oid, 1
    heads["elements"] = counts
    return heads


def _elements(layout: np.dtype, numbers: pl.Series) -> np.ndarray:
    made = np.empty(len(numbers), layout)
    made["length"] = layout.itemsize - 4
    made["number"] = numbers.to_numpy()
    return made


def _spread(at: Numbers, firsts: Numbers, counts: Numbers, element: np.dtype) -> Numbers:
    """Where the elements stand of arrays whose first ones stand at `at`."""
    base = at - firsts * element.itemsize
    return np.repeat(base, counts) + np.arange(int(counts.sum())) * element.itemsize


def _write(out: NDArray[np.uint16], at: Numbers, items: np.ndarray) -> None:
    units = items.dtype.itemsize // _UNIT
    places = (at // _UNIT)[:, np.newaxis] + np.arange(units)
    out[places] = items.view(np.uint16).reshape(len(items), units)

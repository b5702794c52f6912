"""An answer as a text file, a workbook or JSON.

One row a reason: a spreadsheet can be filtered by reason, and no reason hides behind another.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from shopnow.deliverables import write_text, write_workbook
from shopnow.pipeline.answering.labels import FILE, HEADINGS, OF_LEVEL, STATES, STATUS
from shopnow.pipeline.answering.sheets import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO
    from zoneinfo import ZoneInfo

    from shopnow.pipeline.answering.model import Answer, AnsweredLine

FORMATS: Final = ("csv", "xlsx", "json")
# What spreadsheets of that language open without asking.
_DELIMITER: Final = {"fr": ";", "en": ","}


def write_answer(answer: Answer, stream: BinaryIO, form: str, zone: ZoneInfo) -> None:
    """Write an answer in one of FORMATS; its lines are read while they are written."""
    if form == "xlsx":
        write_workbook(stream, pages_of(answer, zone))
    elif form == "csv":
        write_text(stream, _rows(answer), _DELIMITER[answer.language])
    else:
        _write_json(answer, stream)


def headings(answer: Answer) -> list[str]:
    """Ours, then the sender's columns; one of ours that the sender uses too says whose it is."""
    ours = [*((FILE[answer.language],) if answer.is_bundle else ()), *HEADINGS[answer.language]]
    theirs = set(answer.columns)
    return [f"{name} (ShopNow)" if name in theirs else name for name in ours]


def _rows(answer: Answer) -> Iterator[list[str]]:
    yield [*headings(answer), *answer.columns]
    blank = [""] * len(answer.columns)
    file = [answer.delivery.file_name or ""] if answer.is_bundle else []
    state = STATES[answer.language].get(answer.delivery.state, "")
    for one in answer.whole:
        status = state if one.level == "reject" else STATUS[answer.language]["warned"]
        yield [*file, "", status, one.column, one.seen, one.what, one.expected, one.fix,
               one.nearest, one.rule, *blank]  # fmt: skip
    for line in answer.lines:
        yield from rows_of(answer, line)


def rows_of(answer: Answer, line: AnsweredLine) -> Iterator[list[str]]:
    """The rows of one line: one a reason, or one that says that all is well."""
    words = STATUS[answer.language]
    file = [line.file_name] if answer.is_bundle else []
    theirs = [line.cells.get(name, "") for name in answer.columns]
    number = str(line.line_no)
    for one in line.findings:
        status = words[OF_LEVEL[one.level]]
        yield [*file, number, status, one.column, one.seen, one.what, one.expected, one.fix,
               one.nearest, one.rule, *theirs]  # fmt: skip
    if not line.findings:
        yield [*file, number, words["accepted"], "", "", "", "", "", "", "", *theirs]


def _write_json(answer: Answer, stream: BinaryIO) -> None:
    delivery = answer.delivery
    head: dict[str, Any] = {
        "delivery_key": delivery.delivery_key,
        "sender": delivery.sender,
        "file_name": delivery.file_name,
        "sha256": delivery.sha256,
        "received_at": delivery.received_at.isoformat(),
        "state": delivery.state,
        "records": delivery.records,
        "accepted": delivery.accepted,
        "rejected": delivery.rejected,
        "duplicate": delivery.duplicate,
        "unreadable": delivery.unreadable,
        "language": answer.language,
        "columns": list(answer.columns),
        "whole": [asdict(one) for one in answer.whole],
    }
    text = json.dumps(head, ensure_ascii=False, indent=1)
    stream.write(text.removesuffix("\n}").encode())
    stream.write(b',\n "lines": [')
    for place, line in enumerate(answer.lines):
        stream.write(b",\n  " if place else b"\n  ")
        facts = {"status": line.status, **asdict(line)}
        stream.write(json.dumps(facts, ensure_ascii=False).encode())
    stream.write(b"\n ]\n}\n")

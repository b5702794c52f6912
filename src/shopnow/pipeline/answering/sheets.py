"""The two sheets of an answer: what to do, and the sender's lines with what is wrong on each."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from shopnow.deliverables import Cell, Page
from shopnow.pipeline.answering.labels import (
    FILE,
    HEADINGS,
    OF_LEVEL,
    OTHER_STATE,
    PAGES,
    STATES,
    STATUS,
    WORDS,
)
from shopnow.quality import code_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from shopnow.deliverables import Look
    from shopnow.pipeline.answering.model import Answer, AnsweredLine, Finding

# Rows that a person still opens; the text file has them all.
MOST_LINES: Final = 50_000
_FIRST_LINES: Final = 5
_OURS: Final = (8, 17, 18, 22, 34, 30, 34, 22, 22)
_THEIRS: Final = 16
# What is wrong, how often, what to do, on which lines, code.
_SUMMARY: Final = (46, 8, 52, 24, 28)
_WIDE: Final = len(_SUMMARY)
_LOOK_OF: Final[dict[str, Look]] = {"reject": "bad", "warn": "warn", "clean": "plain"}


def pages_of(answer: Answer, zone: ZoneInfo) -> list[Page]:
    """The pages of the workbook; every line is counted, the first MOST_LINES are shown."""
    shown: list[AnsweredLine] = []
    times: Counter[str] = Counter()
    first: dict[str, list[int]] = defaultdict(list)
    said: dict[str, Finding] = {}
    cut = False
    for line in answer.lines:
        if len(shown) < MOST_LINES:
            shown.append(line)
        else:
            cut = True
        for rule in dict.fromkeys(one.rule for one in line.findings):
            times[rule] += 1
            if len(first[rule]) < _FIRST_LINES and line.line_no not in first[rule]:
                first[rule].append(line.line_no)
        for one in line.findings:
            said.setdefault(one.rule, one)
    reasons = [(said[rule], count, first[rule]) for rule, count in times.most_common()]
    names = PAGES[answer.language]
    summary = Page(names[0], list(_summary(answer, zone, reasons, cut=cut)), _SUMMARY, fits=True)
    if not shown:
        return [summary]
    file = 1 if answer.is_bundle else 0
    widths = (*((20,) if file else ()), *_OURS, *(_THEIRS for _ in answer.columns))
    # The number of the line stays in sight while the sender's columns go by.
    lines = Page(names[1], _lines(answer, shown), widths, frozen=(1, file + 1), filtered=1)
    return [summary, lines]


def _summary(
    answer: Answer,
    zone: ZoneInfo,
    reasons: Sequence[tuple[Finding, int, list[int]]],
    *,
    cut: bool,
) -> Iterator[list[Cell]]:
    words, one = WORDS[answer.language], answer.delivery
    is_trial = one.state == "tried"
    title = words["trial"] if is_trial else words["title"].format(key=one.delivery_key)
    yield [Cell(title, "title")]
    yield []
    state = STATES[answer.language].get(one.state, OTHER_STATE[answer.language])
    if one.state == "published" and one.rejected + one.unreadable:
        state += words["but"]
    received = one.received_at.astimezone(zone)
    when = f"{received:%d/%m/%Y %H:%M}" if answer.language == "fr" else f"{received:%Y-%m-%d %H:%M}"
    facts: list[tuple[str, str | int]] = [("file", one.file_name or ""), ("state", state)]
    facts += [] if is_trial else [("received", when)]
    facts += [("records", one.records), ("accepted", one.accepted), ("rejected", one.rejected)]
    facts += [(name, count) for name, count in
              (("duplicate", one.duplicate), ("unreadable", one.unreadable)) if count]  # fmt: skip
    for name, value in facts:
        look: Look = "strong" if name == "state" else "mute"
        yield [Cell(words[name], "bold"), Cell(value, look, _WIDE - 1)]
    yield []
    yield [Cell(words["todo"], "bold"), Cell(_todo(answer, reasons), "strong", _WIDE - 1)]
    if cut:
        yield [Cell("", "mute"), Cell(words["cut"].format(most=MOST_LINES), "mute", _WIDE - 1)]
    if answer.whole:
        yield []
        yield [Cell(words["whole"], "bold", _WIDE)]
        for found in answer.whole:
            yield [Cell(found.what, _LOOK_OF[found.level]), Cell(""), Cell(found.fix),
                   Cell(found.column), Cell(found.rule)]  # fmt: skip
    yield from _reasons(answer, reasons)
    yield []
    yield [Cell(words["masked"], "mute", _WIDE)]


def _todo(answer: Answer, reasons: Sequence[tuple[Finding, int, list[int]]]) -> str:
    words, state = WORDS[answer.language], answer.delivery.state
    found = [*answer.whole, *(one for one, _, _ in reasons)]
    if not any(one.level == "reject" for one in found):
        return words["check" if any(one.level == "warn" for one in found) else "nothing"]
    if state == "tried":
        return words["fix_trial"]
    return words["fix_refused" if state == "refused" else "fix"]


def _reasons(
    answer: Answer, reasons: Sequence[tuple[Finding, int, list[int]]]
) -> Iterator[list[Cell]]:
    if not reasons:
        return
    words, heads = WORDS[answer.language], HEADINGS[answer.language]
    yield []
    yield [Cell(words["reasons"], "bold", _WIDE)]
    row = (heads[4], words["times"], heads[6], words["lines"], heads[8])
    yield [Cell(text, "head") for text in row]
    for one, count, lines in reasons:
        more = " …" if count > len(lines) >= _FIRST_LINES else ""
        shown = ", ".join(map(str, lines)) + more
        yield [Cell(_general(one, answer), _LOOK_OF[one.level]), Cell(count), Cell(one.fix),
               Cell(shown), Cell(one.rule)]  # fmt: skip


def _general(one: Finding, answer: Answer) -> str:
    """What a rule says of every line: what it said of the first one where that has no detail."""
    page = code_pages().get(one.rule)
    if page is None:
        return one.what
    return page.what_fr if answer.language == "fr" else page.what_en


def _lines(answer: Answer, shown: Sequence[AnsweredLine]) -> Iterator[list[Cell]]:
    ours = [*((FILE[answer.language],) if answer.is_bundle else ()), *HEADINGS[answer.language]]
    yield [*(Cell(name, "head") for name in ours), *(Cell(c, "theirs") for c in answer.columns)]
    words = STATUS[answer.language]
    for line in shown:
        file = [Cell(line.file_name)] if answer.is_bundle else []
        wrong = {one.column for one in line.findings if one.level == "reject"}
        theirs = [
            Cell(line.cells.get(name, ""), "wrong" if name in wrong else "plain")
            for name in answer.columns
        ]
        if not line.findings:
            nothing = [Cell("")] * 7
            yield [*file, Cell(line.line_no), Cell(words["accepted"]), *nothing, *theirs]
        for one in line.findings:
            status = words[OF_LEVEL[one.level]]
            yield [
                *file,
                Cell(line.line_no),
                Cell(status, _LOOK_OF[one.level]),
                Cell(one.column),
                Cell(one.seen, "wrong" if one.level == "reject" and one.seen else "plain"),
                Cell(one.what),
                Cell(one.expected),
                Cell(one.fix),
                Cell(one.nearest),
                Cell(one.rule),
                *theirs,
            ]

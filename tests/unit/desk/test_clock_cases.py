"""The service clock, case by case: weekends, holidays, pauses, priorities, both odd nights.

Times of the cases are local (Europe/Paris), durations are hours of the agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from shopnow.deliverables import Measured, write_evidence
from shopnow.desk import (
    PRIORITIES,
    ClockEvent,
    ClockState,
    Promise,
    WorkCalendar,
    clock_at,
    is_french_holiday,
    load_agreement,
)
from shopnow.kernel import SystemClock

if TYPE_CHECKING:
    from shopnow.desk import Kind

EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
PARIS = ZoneInfo("Europe/Paris")
AGREEMENT = load_agreement(PARIS)


def at(text: str) -> datetime:
    """A local time; `*` at the end means the second of two equal hours."""
    local = datetime.fromisoformat(text.removesuffix("*")).replace(tzinfo=PARIS)
    return local.replace(fold=1) if text.endswith("*") else local


def events(story: str) -> list[ClockEvent]:
    """Events of a story: `P2 2026-03-02T10:00; pause 2026-03-02T12:00 vendeur; …`."""
    words: dict[str, Kind] = {
        "pause": "paused", "resume": "resumed", "resolve": "resolved", "reopen": "reopened",
        "close": "closed", "class": "reclassified",
    }  # fmt: skip
    found: list[ClockEvent] = []
    for number, part in enumerate(story.split(";")):
        verb, moment, *hold = part.split()
        base = ClockEvent(at(moment), "opened", hold=" ".join(hold), number=number)
        if verb in PRIORITIES:
            priority = next(one for one in PRIORITIES if one == verb)
            found.append(
                replace(base, kind=words["class"] if found else "opened", priority=priority)
            )
        else:
            found.append(replace(base, kind=words[verb]))
    return found


def read(story: str, now: str) -> ClockState:
    return clock_at(events(story), AGREEMENT.promises, at(now))


@dataclass(frozen=True)
class Case:
    """What the clock says at `now`: hours elapsed, due or None, breached or None."""

    name: str
    story: str
    now: str
    elapsed: float
    due: str | None
    breached: str | None = None


CASES = [
    Case("p1 runs at night", "P1 2026-03-03T22:00", "2026-03-04T00:00", 2, "2026-03-04T02:00"),
    Case("p1 runs on sunday", "P1 2026-03-08T10:00", "2026-03-08T11:00", 1, "2026-03-08T14:00"),
    Case("p1 runs on a holiday", "P1 2026-07-14T10:00", "2026-07-14T13:00", 3, "2026-07-14T14:00"),
    Case("p1 on christmas eve into christmas", "P1 2026-12-24T23:00", "2026-12-25T01:00", 2,
         "2026-12-25T03:00"),
    Case("p1 through new year", "P1 2026-12-31T22:00", "2027-01-01T01:30", 3.5,
         "2027-01-01T02:00"),
    Case("p1 in the short night", "P1 2026-03-29T00:30", "2026-03-29T03:30", 2,
         "2026-03-29T05:30"),
    Case("p1 in the long night", "P1 2026-10-25T00:30", "2026-10-25T03:30", 4,
         "2026-10-25T03:30", "2026-10-25T03:30"),
    Case("p1 opened in the first of two equal hours", "P1 2026-10-25T02:30", "2026-10-25T02:30*",
         1, "2026-10-25T05:30"),
    Case("p1 opened in the second of two equal hours", "P1 2026-10-25T02:30*",
         "2026-10-25T03:30", 1, "2026-10-25T06:30"),
    Case("p1 exactly at its limit is late", "P1 2026-03-03T10:00", "2026-03-03T14:00", 4,
         "2026-03-03T14:00", "2026-03-03T14:00"),
    Case("p1 one minute before its limit is not", "P1 2026-03-03T10:00", "2026-03-03T13:59",
         3 + 59 / 60, "2026-03-03T14:00"),
    Case("p2 within a week", "P2 2026-03-03T15:00", "2026-03-04T10:00", 19, "2026-03-04T15:00"),
    Case("p2 over a weekend", "P2 2026-03-06T15:00", "2026-03-09T10:00", 19, "2026-03-09T15:00"),
    Case("p2 opened on saturday starts on monday", "P2 2026-03-07T11:00", "2026-03-09T06:00", 6,
         "2026-03-10T00:00"),
    Case("p2 opened on sunday has not begun", "P2 2026-03-08T11:00", "2026-03-08T23:00", 0,
         "2026-03-10T00:00"),
    Case("p2 over easter", "P2 2026-04-03T12:00", "2026-04-07T06:00", 18, "2026-04-07T12:00"),
    Case("p2 over labour day on a friday", "P2 2026-04-30T12:00", "2026-05-04T06:00", 18,
         "2026-05-04T12:00"),
    Case("p2 over ascension", "P2 2026-05-13T18:00", "2026-05-15T06:00", 12,
         "2026-05-15T18:00"),
    Case("p2 over whit monday", "P2 2026-05-22T20:00", "2026-05-26T10:00", 14,
         "2026-05-26T20:00"),
    Case("p2 over bastille day", "P2 2026-07-13T12:00", "2026-07-15T06:00", 18,
         "2026-07-15T12:00"),
    Case("p2 over all saints on a sunday", "P2 2026-10-30T12:00", "2026-11-02T06:00", 18,
         "2026-11-02T12:00"),
    Case("p2 over armistice", "P2 2026-11-10T12:00", "2026-11-12T06:00", 18, "2026-11-12T12:00"),
    Case("p2 over christmas and the weekend", "P2 2026-12-24T12:00", "2026-12-28T06:00", 18,
         "2026-12-28T12:00"),
    Case("p2 over new year on a friday", "P2 2026-12-31T12:00", "2027-01-04T06:00", 18,
         "2027-01-04T12:00"),
    Case("p2 over the weekend of the short night", "P2 2026-03-27T12:00", "2026-03-30T06:00", 18,
         "2026-03-30T12:00"),
    Case("p2 over the weekend of the long night", "P2 2026-10-23T12:00", "2026-10-26T06:00", 18,
         "2026-10-26T12:00"),
    Case("p3 over a week", "P3 2026-03-04T09:00", "2026-03-09T09:00", 72, "2026-03-09T09:00",
         "2026-03-09T09:00"),
    Case("p3 over christmas and new year", "P3 2026-12-23T12:00", "2026-12-29T12:00", 72,
         "2026-12-29T12:00", "2026-12-29T12:00"),
    Case("p3 one hour before", "P3 2026-03-04T09:00", "2026-03-09T08:00", 71, "2026-03-09T09:00"),
    Case("a pause stops the clock", "P2 2026-03-03T10:00; pause 2026-03-03T12:00 vendeur",
         "2026-03-03T18:00", 2, None),
    Case("a pause moves the deadline by its length",
         "P2 2026-03-03T10:00; pause 2026-03-03T12:00 vendeur; resume 2026-03-03T15:00 vendeur",
         "2026-03-03T16:00", 3, "2026-03-04T13:00"),
    Case("a pause over a weekend costs only open time",
         "P2 2026-03-06T10:00; pause 2026-03-06T22:00; resume 2026-03-09T02:00",
         "2026-03-09T04:00", 14, "2026-03-09T14:00"),
    Case("a pause of a weekend alone changes nothing",
         "P2 2026-03-06T10:00; pause 2026-03-07T08:00; resume 2026-03-08T20:00",
         "2026-03-09T04:00", 18, "2026-03-09T10:00"),
    Case("two pauses at once end with the later one",
         "P1 2026-03-03T10:00; pause 2026-03-03T11:00 a; pause 2026-03-03T11:30 b;"
         "resume 2026-03-03T12:00 a; resume 2026-03-03T13:00 b",
         "2026-03-03T14:00", 2, "2026-03-03T16:00"),
    Case("a resumption without name ends all pauses",
         "P1 2026-03-03T10:00; pause 2026-03-03T11:00 a; pause 2026-03-03T11:30 b;"
         "resume 2026-03-03T12:00",
         "2026-03-03T13:00", 2, "2026-03-03T15:00"),
    Case("a pause through the short night",
         "P1 2026-03-29T01:00; pause 2026-03-29T01:30; resume 2026-03-29T03:30",
         "2026-03-29T04:00", 1, "2026-03-29T07:00"),
    Case("a pause through the long night",
         "P1 2026-10-25T01:30; pause 2026-10-25T02:00; resume 2026-10-25T03:00",
         "2026-10-25T03:30", 1, "2026-10-25T06:30"),
    Case("a higher priority keeps what elapsed",
         "P3 2026-03-03T10:00; P1 2026-03-03T12:00", "2026-03-03T13:00", 3, "2026-03-03T14:00"),
    Case("a higher priority may be late at once",
         "P3 2026-03-03T10:00; P1 2026-03-03T17:00", "2026-03-03T18:00", 8, "2026-03-03T17:00",
         "2026-03-03T17:00"),
    Case("a lower priority keeps what elapsed",
         "P1 2026-03-03T10:00; P2 2026-03-03T13:00", "2026-03-03T14:00", 4, "2026-03-04T10:00"),
    Case("a lower priority does not forgive",
         "P1 2026-03-03T10:00; P3 2026-03-03T15:00", "2026-03-03T16:00", 6, "2026-03-03T14:00",
         "2026-03-03T14:00"),
    Case("raised on saturday: the clock begins to run then",
         "P2 2026-03-06T23:00; P1 2026-03-07T10:00", "2026-03-07T11:00", 2, "2026-03-07T13:00"),
    Case("lowered on saturday: the clock stops until monday",
         "P1 2026-03-07T10:00; P2 2026-03-07T12:00", "2026-03-08T12:00", 2, "2026-03-09T22:00"),
    Case("reclassified during a pause",
         "P3 2026-03-03T10:00; pause 2026-03-03T11:00; P1 2026-03-03T12:00;"
         "resume 2026-03-03T18:00",
         "2026-03-03T19:00", 2, "2026-03-03T21:00"),
    Case("reclassified there and back",
         "P2 2026-03-03T10:00; P1 2026-03-03T11:00; P2 2026-03-03T12:00",
         "2026-03-03T13:00", 3, "2026-03-04T10:00"),
    Case("resolved in time", "P1 2026-03-03T10:00; resolve 2026-03-03T12:00",
         "2026-03-10T10:00", 2, None),
    Case("resolved too late", "P1 2026-03-03T10:00; resolve 2026-03-03T15:00",
         "2026-03-10T10:00", 5, None, "2026-03-03T14:00"),
    Case("resolved while paused", "P1 2026-03-03T10:00; pause 2026-03-03T11:00;"
         "resolve 2026-03-03T20:00", "2026-03-04T10:00", 1, None),
    Case("reopened goes on where it stopped",
         "P1 2026-03-03T10:00; resolve 2026-03-03T12:00; reopen 2026-03-05T09:00",
         "2026-03-05T10:00", 3, "2026-03-05T11:00"),
    Case("reopened after a pause runs",
         "P1 2026-03-03T10:00; pause 2026-03-03T11:00; resolve 2026-03-03T12:00;"
         "reopen 2026-03-04T09:00", "2026-03-04T10:00", 2, "2026-03-04T12:00"),
    Case("closed stays closed", "P2 2026-03-03T10:00; resolve 2026-03-03T11:00;"
         "close 2026-03-03T12:00", "2026-06-01T00:00", 1, None),
    Case("what is yet to come does not count",
         "P1 2026-03-03T10:00; resolve 2026-03-03T20:00", "2026-03-03T11:00", 1,
         "2026-03-03T14:00"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_clock_says(case: Case) -> None:
    clock = read(case.story, case.now)
    assert clock.elapsed == timedelta(hours=case.elapsed)
    assert clock.due_at == (at(case.due) if case.due else None)
    assert clock.breached_at == (at(case.breached) if case.breached else None)
    if clock.state == "stopped":
        assert clock.is_met is (case.breached is None)
    else:
        assert clock.is_met is None


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    texts = [f"{case.story} {case.now}" for case in CASES]
    # Both nights of another length, and days on which France rests.
    nights = [sum(night in text for text in texts) for night in ("2026-03-29", "2026-10-25")]
    holidays = sum("holiday" in case.name or "christmas" in case.name for case in CASES)
    assert all(nights)
    assert holidays
    write_evidence(
        EVIDENCE / "C16-05-horloge.json",
        criterion="C16-05",
        command="pytest tests/unit/desk/test_clock_cases.py",
        figures=[
            Measured("cases", len(CASES), "cas", "Cas nommés de l'horloge de service"),
            Measured("nights", sum(nights), "cas", "dont aux deux changements d'heure"),
            Measured("holidays", holidays, "cas", "dont à des jours fériés"),
        ],
        measured_at=SystemClock().now(),
        conditions={"calendrier": "France métropolitaine, P1 jour et nuit"},
    )


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        ("2026-03-03T17:00", "2026-03-04T13:00"),
        ("2026-03-03T20:00", "2026-03-04T13:00"),
        ("2026-03-03T05:00", "2026-03-03T13:00"),
        ("2026-03-06T17:30", "2026-03-09T13:30"),
        ("2026-12-24T17:00", "2026-12-28T13:00"),
    ],
)
def test_office_hours_count_only_while_the_office_is_open(opened: str, due: str) -> None:
    # Nine to six; a promise of four (then five) open hours.
    office = WorkCalendar(PARIS, frozenset(range(1, 6)), 9 * 60, 18 * 60, is_french_holiday)
    hours = 4 if opened.endswith(("20:00", "05:00")) else 5
    promises = dict.fromkeys(AGREEMENT.promises, Promise(timedelta(hours=hours), office))
    event = ClockEvent(at(opened), "opened", "P2")
    assert clock_at([event], promises, at(opened)).due_at == at(due)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_the_two_odd_days_have_their_own_length(day: str, hours: int) -> None:
    whole = WorkCalendar(PARIS, frozenset(range(1, 8)), is_holiday=is_french_holiday)
    start = at(f"{day}T00:00")
    # Within one zone Python adds wall time: this is the next midnight.
    end = start + timedelta(days=1)
    assert whole.worked(start, end) == timedelta(hours=hours)
    assert whole.after(start, timedelta(hours=hours)) == end


def test_a_calendar_that_never_opens_is_refused() -> None:
    never = WorkCalendar(PARIS, frozenset())
    with pytest.raises(ValueError, match="never opens"):
        never.worked(at("2026-03-03T00:00"), at("2026-03-04T00:00"))


def test_a_ticket_without_opening_has_no_clock() -> None:
    with pytest.raises(ValueError, match="without an opening"):
        clock_at([], AGREEMENT.promises, at("2026-03-03T00:00"))

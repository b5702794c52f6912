"""What the lines of the server's log say about security, and which of them say nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.journal.sealing.model import ranges_from_text, ranges_of, ranges_text
from shopnow.security.watch.model import Closed, Opened, Refused, Restarted, Said, said_by, tally

AT = datetime(2026, 3, 1, 8, 0, 0, 120_000, tzinfo=UTC)
TIME = "2026-03-01 08:00:00.120 UTC [77]"
LOGIN = f"{TIME} 6a.4d 2 3/4 10.0.0.1 00000 LOG:  "


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            LOGIN + "connection authorized: user=r1 database=d application_name=a b",
            Opened(AT, "6a.4d", "10.0.0.1", "r1", "d"),
        ),
        (
            LOGIN + "connection authorized: user=r1 database=d SSL enabled (protocol=TLSv1.3)",
            Opened(AT, "6a.4d", "10.0.0.1", "r1", "d"),
        ),
        (
            LOGIN + "replication connection authorized: user=r2 application_name=pg_basebackup",
            Opened(AT, "6a.4d", "10.0.0.1", "r2", None),
        ),
        (
            f"{TIME} 6a.4d 9  10.0.0.1 00000 LOG:  disconnection: session time: 0:00:01",
            Closed("6a.4d"),
        ),
        (
            f'{TIME} 6a.4d 1 3/1 [local] 28P01 FATAL:  password authentication failed for user "x"',
            Refused(AT, "6a.4d", "[local]", "28P01", "x", None),
        ),
        (
            f"{TIME} 6a.4d 5 3/9 10.0.0.1 42501 ERROR:  permission denied for table t at ch 15",
            Refused(AT, "6a.4d", "10.0.0.1", "42501", None, "table t"),
        ),
        (f"{TIME} LOG:  starting PostgreSQL 18.6 on x86_64", Restarted(AT)),
        # What a session says itself, in the words of the server.
        (
            f"{TIME} 6a.4d 3 3/9 10.0.0.1 00000 LOG:  connection authorized: user=r1 database=d",
            None,
        ),
        (f"{TIME} 6a.4d 3 3/9 10.0.0.1 00000 LOG:  disconnection: session time: 0:00:01", None),
        (
            f'{TIME} 6a.4d 3 3/9 10.0.0.1 28P01 ERROR:  authentication failed for user "x"',
            None,
        ),
        ("\t" + LOGIN + "connection authorized: user=r1 database=d", None),
        (f"{TIME} 6a.4d 4 3/9 10.0.0.1 22012 ERROR:  division by zero", None),
        ("", None),
    ],
)
def test_a_line_says_what_the_server_said(line: str, said: object) -> None:
    assert said_by(line) == said


def test_what_was_typed_is_kept_only_when_it_is_a_role() -> None:
    typed: list[Said] = [
        Refused(AT, "1.1", "h", "28P01", "r1", None),
        Refused(AT, "1.2", "h", "28P01", "my secret word", None),
        Refused(AT, "1.3", "h", "28P01", "another one", None),
    ]
    done = tally(typed, frozenset({"r1"}), {})
    assert {fact.role: count for fact, count in done.counts.items()} == {"r1": 1, None: 2}


def test_a_refusal_is_that_of_the_role_that_logged_in() -> None:
    said: list[Said] = [
        Opened(AT, "1.1", "h", "r1", "d"),
        Refused(AT, "1.1", "h", "42501", None, "table t"),
    ]
    done = tally(said, frozenset({"r1", "r2"}), {"1.2": "r2"})
    assert [(fact.role, fact.code) for fact in done.counts] == [("r1", ""), ("r1", "42501")]


@given(st.sets(st.integers(min_value=0, max_value=300)))
def test_ranges_hold_the_numbers_that_they_were_made_of(numbers: set[int]) -> None:
    ranges = ranges_of(sorted(numbers))
    assert {n for low, high in ranges for n in range(low, high)} == numbers
    assert ranges_from_text(ranges_text(ranges)) == ranges

"""A round of watching: measure what is due, judge, send.  Worker and watchdog both call it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.alerts.channels import load_channels
from shopnow.alerts.indicators import load_indicators, sample
from shopnow.alerts.judging import Judge, Round, judge_once
from shopnow.alerts.rules import load_rules
from shopnow.alerts.sending import Sent, send_due
from shopnow.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import psycopg

    from shopnow.alerts.model import Sign
    from shopnow.kernel import Settings


@dataclass(frozen=True)
class Watched:
    """What a round did: values measured, alerts judged, messages sent."""

    measured: int
    judged: Round
    sent: Sent


def load_judge(settings: Settings) -> Judge:
    """Return rules, indicators, channels and desk of a home; raises TerminalError."""
    return Judge(
        load_rules(settings), load_indicators(settings), load_channels(settings),
        Desk.of(settings), settings.tz,
    )  # fmt: skip


def watch_once(
    conn: psycopg.Connection,
    settings: Settings,
    now: datetime,
    *,
    judge: Judge | None = None,
    signals: Iterable[Sign] = (),
) -> Watched:
    """Do one round at `now`; `conn` is a loader's connection in autocommit."""
    judge = judge or load_judge(settings)
    measured = sample(conn, settings, judge.indicators.values(), now)
    judged = judge_once(conn, judge, now, signals)
    return Watched(measured, judged, send_due(conn, judge.channels, now))

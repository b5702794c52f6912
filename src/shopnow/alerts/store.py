"""Alerts in the database: signs in, episodes and messages out; one judge at a time.

Protects the promise of one ticket and one message an alert, however many processes look: whoever
judges holds the row of the cursor, which only the loader can reach.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import class_row, dict_row

from shopnow.alerts.model import Episode, Sign, Silence
from shopnow.journal import STEPS_FR
from shopnow.kernel import Sql, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.alerts.model import Rule

SQL = Sql(__package__)
# Older news is none: a journal that was never read must not wake anybody for last year.
_OLDEST: Final = timedelta(days=1)


def event_signs_lock(conn: psycopg.Connection) -> tuple[int, list[int]]:
    """Be alone in judging until the transaction ends; return how far the journal was read."""
    row = conn.execute(SQL["cursor_lock"]).fetchone()
    assert row is not None  # noqa: S101 — the migration put it there
    return int(row[0]), list(row[1])


def event_signs(conn: psycopg.Connection, rules: Mapping[str, Rule], now: datetime) -> list[Sign]:
    """Read what the journal says that was not read yet, as signs; the caller's transaction."""
    after, missing = event_signs_lock(conn)
    newest = conn.execute(SQL["events_last"]).fetchone()
    upto = max(after, int(newest[0]) if newest else 0)
    span = {"after": after, "upto": upto, "missing": missing}
    # What is absent is asked first: a number that comes after this question is read the next time.
    absent = [int(number) for (number,) in conn.execute(SQL["events_absent"], span)]
    come = [number for number in missing if number not in set(absent)]
    signs: dict[str, Sign] = {}
    with conn.cursor(row_factory=dict_row) as cursor:
        more = {"come": come, "absent": absent, "since": now - _OLDEST}
        found = cursor.execute(SQL["events_new"], span | more).fetchall()
    for event in found:
        for rule in rules.values():
            if rule.event and rule.event.accepts(
                event["type"], event["level"], event["error_code"]
            ):
                sign = _event_sign(rule, event)
                before = signs.get(sign.fingerprint)
                signs[sign.fingerprint] = replace(
                    sign, count=sign.count + (before.count if before else 0)
                )
    conn.execute(SQL["cursor_move"], {"last_event_no": upto, "missing": absent})
    return list(signs.values())


def _event_sign(rule: Rule, event: Mapping[str, Any]) -> Sign:
    code = event["error_code"] or event["source"]
    label = f"{code} vendeur {event['seller_no']}" if event["seller_no"] else str(code)
    return Sign(
        rule.name, label, event["message"], count=int(event["events"]),
        seller_no=event["seller_no"], run_id=event["run_id"],
        delivery_key=event["delivery_key"],
    )  # fmt: skip


def hung_steps(conn: psycopg.Connection, now: datetime, patience: timedelta) -> list[Sign]:
    """Return a sign for each step that has been under way for longer than `patience`."""
    rows = conn.execute(SQL["steps_hung"], {"before": now - patience}).fetchall()
    return [
        Sign(
            "etape-bloquee", f"exécution {run_id}",
            f"étape « {STEPS_FR[step]} » de l'exécution {run_id} sans fin depuis "
            f"{int((now - started).total_seconds() // 60)} min",
            run_id=run_id, delivery_key=key,
        )
        for _, run_id, key, step, started in rows
    ]  # fmt: skip


def open_episodes(conn: psycopg.Connection) -> list[Episode]:
    """Return the episodes under way, and those whose end nobody was told of yet."""
    with conn.cursor(row_factory=class_row(Episode)) as cursor:
        return cursor.execute(SQL["episodes_open"]).fetchall()


def list_episodes(
    conn: psycopg.Connection, *, everything: bool = False, rule: str | None = None, most: int = 200
) -> list[Episode]:
    """Return alerts, those under way first; `everything`: pending and past ones too."""
    values = {"everything": everything, "rule": rule, "most": most}
    with conn.cursor(row_factory=class_row(Episode)) as cursor:
        return cursor.execute(SQL["episodes_list"], values).fetchall()


def save_episode(conn: psycopg.Connection, episode: Episode) -> Episode:
    """Write an episode; a new one gets its number."""
    if episode.alert_no:
        conn.execute(SQL["episode_update"], asdict(episode))
        return episode
    row = conn.execute(SQL["episode_add"], asdict(episode)).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
    return replace(episode, alert_no=int(row[0]))


def acknowledge(conn: psycopg.Connection, alert_no: int, who: str, now: datetime) -> int | None:
    """Note that somebody has an alert in hand; return its ticket. Raises UsageError."""
    values = {"alert_no": alert_no, "who": who, "now": now}
    row = conn.execute(SQL["episode_acknowledge"], values).fetchone()
    if row is None:
        message = f"alert {alert_no} is over, acknowledged already, or was never there"
        raise UsageError(message, "`shopnow alert list --all` shows them.")
    return None if row[1] is None else int(row[1])


def add_silence(
    conn: psycopg.Connection,
    rule: str,
    label: str | None,
    *,
    until: datetime,
    who: str,
    reason: str,
    now: datetime,
) -> int:
    """Keep a rule quiet until `until`; return the number of the silence."""
    values = {"rule": rule, "label": label, "now": now, "ends_at": until, "who": who,
              "reason": reason}  # fmt: skip
    row = conn.execute(SQL["silence_add"], values).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
    return int(row[0])


def end_silence(conn: psycopg.Connection, silence_no: int, now: datetime) -> str:
    """Let a silence end now and return its rule; raises UsageError where none holds."""
    row = conn.execute(SQL["silence_end"], {"silence_no": silence_no, "now": now}).fetchone()
    if row is None:
        message = f"no silence {silence_no} holds"
        raise UsageError(message, "`shopnow alert silences` lists them.")
    return str(row[0])


def silences_now(conn: psycopg.Connection, now: datetime) -> list[Silence]:
    """Return the silences that hold at `now`."""
    with conn.cursor(row_factory=class_row(Silence)) as cursor:
        return cursor.execute(SQL["silences_now"], {"now": now}).fetchall()


def last_notices(conn: psycopg.Connection, kind: str, since: datetime) -> dict[str, datetime]:
    """Return when each rule's last message of a kind was written, if after `since`."""
    return dict(conn.execute(SQL["notice_last"], {"kind": kind, "since": since}).fetchall())


def queue_notices(
    conn: psycopg.Connection,
    channels: Iterable[str],
    episodes: Sequence[Episode],
    *,
    rule: str,
    kind: str,
    priority: str,
    title: str,
    body: str,
    now: datetime,
    stands_in_for: str | None = None,
) -> None:
    """Queue a message about these alerts on each of the channels."""
    for channel in channels:
        values = {
            "rule": rule, "kind": kind, "priority": priority, "channel": channel,
            "alert_nos": [one.alert_no for one in episodes], "title": title, "body": body,
            "now": now, "stands_in_for": stands_in_for,
        }  # fmt: skip
        conn.execute(SQL["notice_add"], values)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message on one channel, and what became of it."""

    notice_no: int
    rule: str
    kind: str
    priority: str
    channel: str
    title: str
    queued_at: datetime
    state: str
    attempts: int
    done_at: datetime | None
    stands_in_for: str | None


def list_notices(conn: psycopg.Connection, alert_no: int) -> list[Notice]:
    """Return the messages about an alert, in the order in which they were written."""
    with conn.cursor(row_factory=class_row(Notice)) as cursor:
        return cursor.execute(SQL["notices_list"], {"alert_no": alert_no}).fetchall()

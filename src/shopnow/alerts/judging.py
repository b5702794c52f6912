"""One round of judging: signs become episodes, episodes open tickets and queue messages.

Everything of a round is one transaction; a round that dies half-way leaves nothing, and the next
one sees the same signs.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.alerts.indicators import readings
from shopnow.alerts.model import (
    Sign,
    inhibitions,
    next_episode,
    to_announce,
    to_escalate,
)
from shopnow.alerts.store import (
    event_signs,
    event_signs_lock,
    hung_steps,
    last_notices,
    open_episodes,
    queue_notices,
    save_episode,
    silences_now,
)
from shopnow.alerts.wording import body_of, said_of, title_of
from shopnow.desk import NewTicket

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import psycopg

    from shopnow.alerts.channels import Channels
    from shopnow.alerts.indicators import Indicator, Reading
    from shopnow.alerts.model import Episode, Rule
    from shopnow.desk import Desk

# Alerts of one rule that come within this time after its last message share the next one.
GROUPED: Final = timedelta(minutes=5)
# A step that takes longer hangs; a step of a million rows takes about a minute.
STEP_PATIENCE: Final = timedelta(minutes=30)


@dataclass(frozen=True)
class Judge:
    """What a round needs besides the database and the time."""

    rules: Mapping[str, Rule]
    indicators: Mapping[str, Indicator]
    channels: Channels
    desk: Desk
    zone: ZoneInfo
    step_patience: timedelta = STEP_PATIENCE


@dataclass
class Round:
    """What a round of judging did."""

    fired: list[Episode] = field(default_factory=list)
    resolved: list[Episode] = field(default_factory=list)
    tickets: list[int] = field(default_factory=list)
    notices: int = 0


def judge_once(
    conn: psycopg.Connection, judge: Judge, now: datetime, signals: Iterable[Sign] = ()
) -> Round:
    """Judge all alerts at `now`; `signals` are what the caller saw with its own eyes."""
    done = Round()
    with conn.transaction():
        signs = event_signs(conn, judge.rules, now)
        signs += indicator_signs(judge.rules, readings(conn, judge.indicators, now))
        signs += hung_steps(conn, now, judge.step_patience)
        signs += signals
        episodes = _followed(conn, judge, signs, now, done)
        quiet = inhibitions(episodes, judge.rules)
        episodes = [replace(one, inhibited_by=quiet.get(one.fingerprint)) for one in episodes]
        episodes = [_with_ticket(conn, judge, one, now, done) for one in episodes]
        episodes = _announced(conn, judge, episodes, now, done)
        for one in episodes:
            save_episode(conn, one)
        judge.desk.keep_up(conn, now)
    return done


def adopt(conn: psycopg.Connection, judge: Judge, episode: Episode, now: datetime) -> None:
    """Write down an episode that was seen, and told of, while the database was away."""
    done = Round()
    with conn.transaction():
        event_signs_lock(conn)
        if any(one.fingerprint == episode.fingerprint for one in open_episodes(conn)):
            return
        saved = save_episode(conn, replace(episode, last_at=now))
        saved = replace(_with_ticket(conn, judge, saved, now, done),
                        notified_at=episode.notified_at)  # fmt: skip
        save_episode(conn, saved)


def indicator_signs(rules: Mapping[str, Rule], found: Sequence[Reading]) -> list[Sign]:
    """Return a sign for each reading that a rule is about and that is as the rule says."""
    signs = []
    for rule in rules.values():
        for one in found:
            if not rule.concerns(one.indicator.name) or one.health != rule.when:
                continue
            if one.indicator.label_fr and not one.label:
                # Nothing of its kind was ever seen: a feed that never spoke has not fallen silent.
                continue
            name = one.indicator.name if rule.indicator == "*" else ""
            label = " ".join(filter(None, (name, one.label)))
            signs.append(Sign(rule.name, label, said_of(one), value=one.value))
    return signs


def _followed(
    conn: psycopg.Connection, judge: Judge, signs: Sequence[Sign], now: datetime, done: Round
) -> list[Episode]:
    """The episodes under way after these signs; those that ended are in the list once more."""
    by_print = {sign.fingerprint: sign for sign in signs}
    known: dict[str, Episode] = {}
    ended: list[Episode] = []
    for one in open_episodes(conn):
        if one.rule not in judge.rules:
            # Its rule is not declared any more: nobody could end it otherwise.
            save_episode(conn, replace(one, state="resolved", resolved_at=now))
        elif one.state == "resolved":
            ended.append(one)
        else:
            known[one.fingerprint] = one
    after = []
    for fingerprint in known.keys() | by_print.keys():
        sign, before = by_print.get(fingerprint), known.get(fingerprint)
        rule = judge.rules[sign.rule if sign else fingerprint.partition(":")[0]]
        one_more = next_episode(before, sign, rule, now)
        assert one_more is not None  # noqa: S101 — there is an episode or a sign
        one_more = save_episode(conn, one_more)
        if one_more.state == "firing" and (before is None or before.state == "pending"):
            done.fired.append(one_more)
        if one_more.state == "resolved" and before is not None and before.state == "firing":
            done.resolved.append(one_more)
        after.append(one_more)
    return sorted([*after, *ended], key=lambda one: one.alert_no)


def _with_ticket(
    conn: psycopg.Connection, judge: Judge, episode: Episode, now: datetime, done: Round
) -> Episode:
    """Open, repeat or resolve the ticket of an episode."""
    rule = judge.rules[episode.rule]
    if episode.state == "resolved":
        if episode.resolved_at == now and episode.ticket_no:
            judge.desk.alert_recovered(conn, episode.fingerprint, now)
        return episode
    if episode.state != "firing" or episode.inhibited_by or episode.last_at != now:
        return episode
    new = NewTicket(
        "incident", rule.activity, _title(rule, episode), rule.impact, rule.urgency,
        f"{episode.message}\nEffet : {rule.effect}", occurrences=episode.occurrences,
        alert_fingerprint=episode.fingerprint, runbook=rule.runbook,
        seller_no=episode.seller_no, run_id=episode.run_id, delivery_key=episode.delivery_key,
    )  # fmt: skip
    number, is_new = judge.desk.follow_alert(conn, new, now)
    if is_new:
        done.tickets.append(number)
    return replace(episode, ticket_no=number)


def _title(rule: Rule, episode: Episode) -> str:
    return f"{rule.title} : {episode.label}" if episode.label else rule.title


def _announced(
    conn: psycopg.Connection, judge: Judge, episodes: list[Episode], now: datetime, done: Round
) -> list[Episode]:
    """Queue the messages of this round, one a rule and kind, and mark who was spoken of."""
    silences = silences_now(conn, now)
    lately = last_notices(conn, "opened", now - GROUPED)
    fresh = [one for one in to_announce(episodes, silences, now) if one.rule not in lately]
    over = [
        one
        for one in episodes
        if one.state == "resolved" and one.notified_at and one.resolve_notified_at is None
    ]
    late = to_escalate(episodes, silences, now)
    marks: dict[int, dict[str, datetime]] = defaultdict(dict)
    for kind, mark, chosen in (
        ("opened", "notified_at", fresh),
        ("resolved", "resolve_notified_at", over),
        ("escalated", "escalated_at", late),
    ):
        for rule_name, group in _by_rule(chosen).items():
            rule = judge.rules[rule_name]
            queue_notices(
                conn, judge.channels.route(rule.priority, kind), group, rule=rule_name, kind=kind,
                priority=rule.priority, title=title_of(rule, kind, group),
                body=body_of(rule, kind, group, judge.zone), now=now,
            )  # fmt: skip
            done.notices += 1
            for one in group:
                marks[one.alert_no][mark] = now
    return [replace(one, **marks[one.alert_no]) for one in episodes]  # type: ignore[arg-type]


def _by_rule(episodes: Iterable[Episode]) -> dict[str, list[Episode]]:
    groups: dict[str, list[Episode]] = defaultdict(list)
    for one in episodes:
        groups[one.rule].append(one)
    return groups

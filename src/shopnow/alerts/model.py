"""Alerts: rules, signs, episodes; and the pure decisions about them.

Protects the promise that a person is told once: what flaps is one episode, what repeats is
counted, what another alert explains keeps quiet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from shopnow.desk import Level, Priority

AlertState = Literal["pending", "firing", "resolved"]
STATES_FR: Final = {"pending": "à confirmer", "firing": "en cours", "resolved": "terminée"}
# Without an answer after that long, the next person is told; P3 waits for its ticket.
ESCALATES_AFTER: Final[dict[str, timedelta]] = {
    "P1": timedelta(minutes=15), "P2": timedelta(hours=4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventCondition:
    """Which events of the journal a rule is about; an empty tuple accepts all."""

    types: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    not_codes: tuple[str, ...] = ()

    def accepts(self, type_: str, level: str, code: str | None) -> bool:
        """Say whether an event of this type, level and code is one of the rule."""
        return (
            (not self.types or type_ in self.types)
            and (not self.levels or level in self.levels)
            and (not self.codes or code in self.codes)
            and code not in self.not_codes
        )


@dataclass(frozen=True)
class Rule:
    """One declared alert; its name is also that of its runbook unless it names another."""

    name: str
    title: str
    effect: str
    impact: Level
    urgency: Level
    priority: Priority
    activity: str
    runbook: str
    lasting: timedelta
    clear: timedelta
    indicator: str = ""
    when: str = ""
    only: tuple[str, ...] = ()
    event: EventCondition | None = None
    signal: str = ""
    inhibited_by: tuple[str, ...] = ()

    def concerns(self, indicator: str) -> bool:
        """Say whether the rule looks at this indicator."""
        return self.indicator == indicator or (self.indicator == "*" and indicator in self.only)


@dataclass(frozen=True, slots=True)
class Sign:
    """What speaks for an alert at this moment; `count` events, 0 for a condition that holds."""

    rule: str
    label: str
    message: str
    count: int = 0
    value: float | None = None
    seller_no: int | None = None
    run_id: int | None = None
    delivery_key: int | None = None

    @property
    def fingerprint(self) -> str:
        """What makes two signs the same alert."""
        return f"{self.rule}:{self.label}"


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert from its first sign to its end; times in UTC."""

    fingerprint: str
    rule: str
    label: str
    priority: Priority
    state: AlertState
    message: str
    since: datetime
    last_at: datetime
    occurrences: int
    value: float | None = None
    good_since: datetime | None = None
    fired_at: datetime | None = None
    resolved_at: datetime | None = None
    inhibited_by: str | None = None
    notified_at: datetime | None = None
    resolve_notified_at: datetime | None = None
    escalated_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    ticket_no: int | None = None
    seller_no: int | None = None
    run_id: int | None = None
    delivery_key: int | None = None
    alert_no: int = 0


def next_episode(
    episode: Episode | None, sign: Sign | None, rule: Rule, now: datetime
) -> Episode | None:
    """Return the episode after looking at `now`; None where there is none (or never was one).

    A condition fires when it lasted, and is over when it was good for as long as the rule says:
    a source that flaps faster than that stays one episode.
    """
    if sign is None:
        return _quiet(episode, rule, now) if episode else None
    if episode is None:
        episode = Episode(
            sign.fingerprint, sign.rule, sign.label, rule.priority, "pending", sign.message,
            since=now, last_at=now, occurrences=max(1, sign.count),
        )  # fmt: skip
    else:
        more = episode.occurrences + sign.count
        episode = replace(episode, occurrences=more)
    episode = replace(
        episode, last_at=now, good_since=None, message=sign.message, value=sign.value,
        seller_no=sign.seller_no or episode.seller_no, run_id=sign.run_id or episode.run_id,
        delivery_key=sign.delivery_key or episode.delivery_key,
    )  # fmt: skip
    if episode.state == "pending" and now - episode.since >= rule.lasting:
        return replace(episode, state="firing", fired_at=now)
    return episode


def _quiet(episode: Episode, rule: Rule, now: datetime) -> Episode:
    """What becomes of an episode of which nothing is seen at `now`."""
    good_since = episode.good_since or now
    if episode.state == "pending":
        # It never lasted: nobody was told and nobody is.
        return replace(episode, state="resolved", good_since=good_since, resolved_at=now)
    if now - good_since >= rule.clear:
        return replace(episode, state="resolved", good_since=good_since, resolved_at=now)
    return replace(episode, good_since=good_since)


def inhibitions(episodes: Iterable[Episode], rules: Mapping[str, Rule]) -> dict[str, str]:
    """Return which rule keeps which fingerprint quiet: the parent fires, so the child is clear."""
    firing = {one.rule for one in episodes if one.state == "firing"}
    quiet = {}
    for one in episodes:
        parent = next((name for name in rules[one.rule].inhibited_by if name in firing), None)
        if parent and one.state == "firing":
            quiet[one.fingerprint] = parent
    return quiet


@dataclass(frozen=True, slots=True)
class Silence:
    """A rule, or one label of it, that nobody is told about until `ends_at`."""

    rule: str
    label: str | None
    begins_at: datetime
    ends_at: datetime
    silence_no: int = 0
    made_by: str = ""
    reason: str = ""

    def covers(self, episode: Episode, now: datetime) -> bool:
        """Say whether an episode is silenced at `now`."""
        return (
            self.rule == episode.rule
            and self.label in (None, episode.label)
            and self.begins_at <= now < self.ends_at
        )


def to_announce(
    episodes: Sequence[Episode], silences: Sequence[Silence], now: datetime
) -> list[Episode]:
    """Return the firing episodes that nobody was told of and that nothing keeps quiet."""
    return [
        one
        for one in episodes
        if one.state == "firing"
        and one.notified_at is None
        and one.inhibited_by is None
        and one.acknowledged_at is None
        and not any(silence.covers(one, now) for silence in silences)
    ]


def to_escalate(
    episodes: Sequence[Episode], silences: Sequence[Silence], now: datetime
) -> list[Episode]:
    """Return the episodes that were told and that nobody took note of in time."""
    return [
        one
        for one in episodes
        if one.state == "firing"
        and one.notified_at is not None
        and one.acknowledged_at is None
        and one.escalated_at is None
        and one.good_since is None
        and one.priority in ESCALATES_AFTER
        and now - one.notified_at >= ESCALATES_AFTER[one.priority]
        and not any(silence.covers(one, now) for silence in silences)
    ]

"""Episodes of alerts against what must hold of any of them, on random signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.alerts import Episode, Rule, Sign, next_episode

pytestmark = pytest.mark.properties

START = datetime(2026, 3, 1, tzinfo=UTC)
SIGN = Sign("essai", "", "essai", count=1)


def rule_of(lasting: int, clear: int) -> Rule:
    return Rule(
        "essai", "Essai", "Rien.", "haut", "haut", "P1", "plateforme", "essai",
        timedelta(seconds=lasting), timedelta(seconds=clear), signal="hung_step",
    )  # fmt: skip


rules = st.builds(rule_of, st.integers(0, 120), st.integers(1, 600))
rounds = st.lists(st.tuples(st.integers(1, 120), st.booleans()), max_size=60)


def lived(rule: Rule, signs: list[tuple[int, bool]]) -> list[tuple[datetime, bool, Episode | None]]:
    """Each round with its time, whether there was a sign, and the episode after it."""
    episode: Episode | None = None
    now, life = START, []
    for seconds, bad in signs:
        now += timedelta(seconds=seconds)
        if episode is not None and episode.state == "resolved":
            episode = None
        episode = next_episode(episode, SIGN if bad else None, rule, now)
        life.append((now, bad, episode))
    return life


@given(rules, rounds)
def test_a_firing_alert_ends_only_after_enough_calm(
    rule: Rule, signs: list[tuple[int, bool]]
) -> None:
    last_bad = START
    for now, bad, episode in lived(rule, signs):
        if episode is not None and episode.state == "resolved" and episode.fired_at:
            assert now - last_bad >= rule.clear
        last_bad = now if bad else last_bad


@given(rules, rounds)
def test_what_flaps_faster_than_the_calm_is_one_episode(
    rule: Rule, signs: list[tuple[int, bool]]
) -> None:
    quick = [(min(seconds, 5), bad or index % 3 == 0) for index, (seconds, bad) in enumerate(signs)]
    patient = rule_of(0, 60)
    begun = {episode.since for _, _, episode in lived(patient, quick) if episode}
    assert len(begun) <= 1


@given(rules, rounds)
def test_nothing_fires_before_it_lasted(rule: Rule, signs: list[tuple[int, bool]]) -> None:
    for _, _, episode in lived(rule, signs):
        if episode is not None and episode.fired_at is not None:
            assert episode.fired_at - episode.since >= rule.lasting


@given(rules, rounds)
def test_every_event_of_an_episode_is_counted(rule: Rule, signs: list[tuple[int, bool]]) -> None:
    counted = 0
    for _, bad, episode in lived(rule, signs):
        counted += bad
        if episode is not None:
            assert episode.occurrences >= 1
            assert episode.occurrences <= counted
        if episode is not None and episode.state == "resolved":
            assert episode.occurrences == counted
            counted = 0

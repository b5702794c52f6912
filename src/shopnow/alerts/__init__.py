"""Alerts: indicators, conditions, episodes, messages; told once, by criticality, with a ticket."""

from __future__ import annotations

from shopnow.alerts.channels import EXAMPLE as CHANNELS_EXAMPLE
from shopnow.alerts.channels import Channel, Channels, channels_file, load_channels, send
from shopnow.alerts.indicators import (
    HEALTH_FR,
    Health,
    Indicator,
    Levels,
    Reading,
    load_indicators,
    readings,
    sample,
    series,
    used_pct,
)
from shopnow.alerts.judging import GROUPED, Judge, Round, adopt, judge_once
from shopnow.alerts.metrics import metrics_text
from shopnow.alerts.model import (
    STATES_FR as ALERT_STATES_FR,
)
from shopnow.alerts.model import Episode, EventCondition, Rule, Sign, Silence, next_episode
from shopnow.alerts.prometheus import prometheus_rules
from shopnow.alerts.rules import load_rules
from shopnow.alerts.sending import RETRIES, Sent, send_due
from shopnow.alerts.store import acknowledge, add_silence, list_episodes, list_notices
from shopnow.alerts.watching import Watched, load_judge, watch_once
from shopnow.alerts.wording import body_of, figure, said_of, title_of

__all__ = [
    "ALERT_STATES_FR",
    "CHANNELS_EXAMPLE",
    "GROUPED",
    "HEALTH_FR",
    "RETRIES",
    "Channel",
    "Channels",
    "Episode",
    "EventCondition",
    "Health",
    "Indicator",
    "Judge",
    "Levels",
    "Reading",
    "Round",
    "Rule",
    "Sent",
    "Sign",
    "Silence",
    "Watched",
    "acknowledge",
    "add_silence",
    "adopt",
    "body_of",
    "channels_file",
    "figure",
    "judge_once",
    "list_episodes",
    "list_notices",
    "load_channels",
    "load_indicators",
    "load_judge",
    "load_rules",
    "metrics_text",
    "next_episode",
    "prometheus_rules",
    "readings",
    "said_of",
    "sample",
    "send",
    "send_due",
    "series",
    "title_of",
    "used_pct",
    "watch_once",
]

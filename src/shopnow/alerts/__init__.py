"""Alerts: indicators, conditions, episodes, messages; told once, by criticality, with a ticket."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.alerts.channels import EXAMPLE as CHANNELS_EXAMPLE
    from shopnow.alerts.channels import Channel, Channels, channels_file, load_channels, send
    from shopnow.alerts.digest import Digest, make_digest, send_digest
    from shopnow.alerts.exporting import (
        RULES_FILE,
        grafana_dashboard,
        metrics_text,
        prometheus_rules,
        prometheus_tests,
    )
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
    from shopnow.alerts.model import (
        STATES_FR as ALERT_STATES_FR,
    )
    from shopnow.alerts.model import Episode, EventCondition, Rule, Sign, Silence, next_episode
    from shopnow.alerts.rules import load_rules
    from shopnow.alerts.sending import RETRIES, Sent, send_due
    from shopnow.alerts.store import (
        acknowledge,
        add_silence,
        end_silence,
        list_episodes,
        list_notices,
        silences_now,
    )
    from shopnow.alerts.watching import Watched, load_judge, watch_once
    from shopnow.alerts.wording import body_of, figure, said_of, title_of

__all__ = [
    "ALERT_STATES_FR",
    "CHANNELS_EXAMPLE",
    "GROUPED",
    "HEALTH_FR",
    "RETRIES",
    "RULES_FILE",
    "Channel",
    "Channels",
    "Digest",
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
    "end_silence",
    "figure",
    "grafana_dashboard",
    "judge_once",
    "list_episodes",
    "list_notices",
    "load_channels",
    "load_indicators",
    "load_judge",
    "load_rules",
    "make_digest",
    "metrics_text",
    "next_episode",
    "prometheus_rules",
    "prometheus_tests",
    "readings",
    "said_of",
    "sample",
    "send",
    "send_digest",
    "send_due",
    "series",
    "silences_now",
    "title_of",
    "used_pct",
    "watch_once",
]

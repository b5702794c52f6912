"""What leaves for other watchers: metrics, Prometheus rules with their tests, a Grafana board."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.alerts.exporting.dashboard import grafana_dashboard
    from shopnow.alerts.exporting.metrics import metrics_text
    from shopnow.alerts.exporting.rules import RULES_FILE, prometheus_rules
    from shopnow.alerts.exporting.rules_tests import prometheus_tests

__all__ = [
    "RULES_FILE",
    "grafana_dashboard",
    "metrics_text",
    "prometheus_rules",
    "prometheus_tests",
]

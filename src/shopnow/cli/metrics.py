"""Commands for other watchers: metrics show, metrics export (Prometheus rules, Grafana board)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from prometheus_client.parser import text_string_to_metric_families

from shopnow.alerts import (
    RULES_FILE,
    grafana_dashboard,
    load_indicators,
    metrics_text,
    prometheus_rules,
    prometheus_tests,
    sample,
)
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

_FILES: Final[dict[str, Callable[[Settings], str]]] = {
    RULES_FILE: prometheus_rules,
    "shopnow.rules.test.yml": prometheus_tests,
    "shopnow.dashboard.json": grafana_dashboard,
}


@click.group()
def metrics() -> None:
    """Give the indicators to other watchers: Prometheus and Grafana."""


@metrics.command(name="show")
@click.option("--measure", is_flag=True, help="Measure first, whether it is due or not.")
@json_option
@with_settings
def show_text(settings: Settings, *, as_json: bool, measure: bool) -> None:
    """Print the indicators as Prometheus reads them at /metrics."""
    open_existing(settings)
    now = SystemClock().now()
    with connect(settings, application_name="shopnow metrics") as connection:
        if measure:
            indicators = load_indicators(settings).values()
            sample(connection, settings, indicators, now, everything=True)
        text = metrics_text(connection, settings, now).decode()
    facts = [
        {"metric": one.name, "labels": one.labels, "value": one.value}
        for family in text_string_to_metric_families(text)
        for one in family.samples
    ]
    show(facts, as_json, lambda: click.echo(text, nl=False))


@metrics.command()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR",
    help="Where the files go; those of an earlier export are replaced.",
)  # fmt: skip
@json_option
@with_settings
def export(settings: Settings, *, as_json: bool, out: Path) -> None:
    """Write the alert rules, their unit tests and the dashboard, made from the declarations.

    `promtool check rules` and `promtool test rules` take the files as they are. Needs no
    warehouse.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, made in _FILES.items():
        (out / name).write_text(made(settings), encoding="utf-8")
    paths = [out / name for name in _FILES]
    show({"files": paths}, as_json, lambda: click.echo("\n".join(map(str, paths))))

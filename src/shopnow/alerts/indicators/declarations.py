"""The declared indicators, read once and checked: an incomplete declaration is refused."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.alerts.indicators.model import Indicator, Levels
from shopnow.desk import PRIORITIES, load_agreement
from shopnow.kernel import TerminalError
from shopnow.marts import load_marts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shopnow.kernel import Settings

_WANTED: Final = frozenset(("title", "meaning", "unit", "better", "owner", "no_data"))
_KNOWN: Final = _WANTED | {
    "target", "targets", "warn", "breach", "label", "probe", "every", "quiet",
}  # fmt: skip
_EVERY: Final = 60
_MINUTES: Final = {"m": 1.0, "h": 60.0, "d": 1440.0}


def load_indicators(settings: Settings) -> dict[str, Indicator]:
    """Return the indicators by name, in the order of the file.

    Raises TerminalError naming what a declaration lacks or has too much.
    """
    targets = {
        "feeds": _of_feeds(settings), "marts": _of_marts(settings),
        "priorities": _of_priorities(settings),
    }  # fmt: skip
    return {name: _indicator(name, one, targets) for name, one in _declared().items()}


@lru_cache(maxsize=1)
def _declared() -> dict[str, Any]:
    package = (__package__ or "").rpartition(".")[0]
    file = resources.files(package).joinpath("declared", "indicators.yaml")
    text: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return text


def _indicator(
    name: str, text: Mapping[str, Any], targets: Mapping[str, Mapping[str, float]]
) -> Indicator:
    missing, strange = _WANTED - text.keys(), text.keys() - _KNOWN
    if missing or strange or ("target" in text) == ("targets" in text):
        wrong = ", ".join(sorted(missing | strange)) or "exactly one of target and targets"
        message = f"indicators.yaml: {name} wants {wrong}"
        raise TerminalError(message, "Compare it with its neighbours in the file.")
    if "targets" in text:
        given = text["targets"]
        named = given if isinstance(given, dict) else targets[given]
        own = {
            label: Levels(target, target * text["warn"], target * text["breach"])
            for label, target in named.items()
        }
        # A label nobody declared is judged by the most patient of the declared ones.
        levels = max(own.values(), key=lambda one: one.target)
    else:
        own = {}
        levels = Levels(text["target"], text.get("warn"), text.get("breach"))
    after = text["no_data"].get("after")
    return Indicator(
        name=name,
        title=text["title"],
        meaning=text["meaning"],
        unit=text["unit"],
        better=text["better"],
        levels=levels,
        owner=text["owner"],
        every=timedelta(seconds=text.get("every", _EVERY)),
        no_data_says=text["no_data"]["says"],
        no_data_after=timedelta(seconds=after) if after else None,
        label_fr=text.get("label", ""),
        probe=text.get("probe", ""),
        levels_of=own,
        quiet=text.get("quiet", ""),
    )


def _of_feeds(settings: Settings) -> dict[str, float]:
    """Minutes between two publications, as the contract of each feed promises (slaProperties)."""
    found = {}
    for path in sorted(settings.contracts_dir.glob("*.yaml")):
        stat = path.stat()
        minutes = _frequency(path, stat.st_mtime_ns, stat.st_size)
        if minutes is not None:
            found[path.stem] = minutes
    return found


@lru_cache(maxsize=256)
def _frequency(path: Path, changed_at: int, size: int) -> float | None:  # noqa: ARG001 — see below
    """The frequency that a contract promises, in minutes; read again only when it has changed.

    Indicators are loaded in every round of the watchdog and for every page.
    """
    text = yaml.safe_load(path.read_text(encoding="utf-8"))
    for promise in text.get("slaProperties", ()):
        if promise["property"] == "frequency":
            return float(promise["value"]) * _MINUTES[promise["unit"]]
    return None


def _of_marts(settings: Settings) -> dict[str, float]:
    return {one.name: one.freshness.total_seconds() / 60 for one in load_marts(settings)}


def _of_priorities(settings: Settings) -> dict[str, float]:
    promises = load_agreement(settings.tz).promises
    return {name: promises[name].target.total_seconds() / 3600 for name in PRIORITIES}

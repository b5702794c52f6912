"""The declared alerts, read once and checked: each has one condition, an activity, a runbook."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.alerts.indicators import load_indicators
from shopnow.alerts.model import EventCondition, Rule
from shopnow.desk import load_agreement, load_raci
from shopnow.kernel import TerminalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.desk import Agreement
    from shopnow.kernel import Settings

_CONDITIONS: Final = ("indicator", "event", "signal")
_WANTED: Final = frozenset(("title", "effect", "impact", "urgency", "activity", "clear"))
_KNOWN: Final = _WANTED | {
    *_CONDITIONS, "when", "only", "lasting", "inhibited_by", "runbook",
}  # fmt: skip
SIGNALS: Final = ("database", "hung_step")


def load_rules(settings: Settings) -> dict[str, Rule]:
    """Return the rules by name; raises TerminalError naming what is wrong in the file."""
    agreement, raci = load_agreement(settings.tz), load_raci(settings.home)
    indicators = load_indicators(settings)
    rules = {name: _rule(name, text, agreement) for name, text in _declared().items()}
    for rule in rules.values():
        raci.activity(rule.activity)
        known = rule.only or ((rule.indicator,) if rule.indicator else ())
        strange = [name for name in known if name not in indicators]
        strange += [name for name in rule.inhibited_by if name not in rules]
        strange += [rule.signal] if rule.signal and rule.signal not in SIGNALS else []
        if strange:
            message = f"alerts.yaml: {rule.name} names {', '.join(strange)}, which nobody declares"
            raise TerminalError(message, "Indicators stand in indicators.yaml.")
    return rules


@lru_cache(maxsize=1)
def _declared() -> dict[str, Any]:
    file = resources.files(__package__ or "").joinpath("declared", "alerts.yaml")
    text: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return text


def _rule(name: str, text: Mapping[str, Any], agreement: Agreement) -> Rule:
    wrong = (_WANTED - text.keys()) | (text.keys() - _KNOWN)
    if wrong or sum(key in text for key in _CONDITIONS) != 1:
        what = ", ".join(sorted(wrong)) or f"exactly one of {', '.join(_CONDITIONS)}"
        message = f"alerts.yaml: {name} wants {what}"
        raise TerminalError(message, "Compare it with its neighbours in the file.")
    event = text.get("event")
    return Rule(
        name=name,
        title=text["title"],
        effect=text["effect"],
        impact=text["impact"],
        urgency=text["urgency"],
        priority=agreement.priority(text["impact"], text["urgency"]),
        activity=text["activity"],
        runbook=text.get("runbook", name),
        lasting=timedelta(seconds=text.get("lasting", 0)),
        clear=timedelta(seconds=text["clear"]),
        indicator=text.get("indicator", ""),
        when=text.get("when", ""),
        only=tuple(text.get("only", ())),
        event=EventCondition(**{key: tuple(words) for key, words in event.items()})
        if event
        else None,
        signal=text.get("signal", ""),
        inhibited_by=tuple(text.get("inhibited_by", ())),
    )

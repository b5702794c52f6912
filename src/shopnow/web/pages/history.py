"""The history explorer: a member's life, told moment by moment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shopnow.dimensions import dimensions_of, find_member, tell_life
from shopnow.kernel import UsageError
from shopnow.pipeline import MOMENTS, STATUSES
from shopnow.web.visit import Shown
from shopnow.web.words import figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.dimensions import Change, Life, Moment
    from shopnow.web.visit import Visit

_MOST: Final = 200
_WIDTH: Final = 1000.0
_THINNEST: Final = 2.0


def explore(visit: Visit) -> Shown:
    """The life of the member that was asked for (`membre`), or the form alone."""
    word = visit.word("membre")
    values: dict[str, Any] = {"word": word, "trouble": "", "life": None, "moments": [], "spans": []}
    # Customers are not looked up by name here: that is the privacy officer's, by command.
    if word is None or word.startswith("customer:"):
        return Shown("history.html", values)
    contracts = visit.declared.contracts
    named = word if "/" in word or ":" in word else f"seller:{word}"
    try:
        member = find_member(visit.conn, named)
        of = next(d for d in dimensions_of(contracts) if d.name == member.dimension)
        life = tell_life(visit.conn, of, member)
    except UsageError as error:
        close = error.hint.removeprefix("Did you mean ").rstrip("?.")
        hint = f" Le plus proche : {close}." if error.hint.startswith("Did you mean") else ""
        values["trouble"] = f"Aucun membre ne porte ce nom.{hint}"
        return Shown("history.html", values, 404)
    labels = {a.name: a.label for a in contracts.kinds[of.name].historised}
    told = [_moment(moment, life, labels) for moment in reversed(life.moments[-_MOST:])]
    spans = _spans(life, visit.now)
    return Shown("history.html", values | {"life": life, "moments": told, "spans": spans})


def _spans(life: Life, now: datetime) -> list[dict[str, Any]]:
    """The versions on one line of time, from the first one's beginning to now."""
    begun = [one for one in life.versions if one.valid_from <= now]
    if not begun:
        return []
    first = begun[0].valid_from
    whole = max((now - first).total_seconds(), 1.0)
    spans = []
    for one in begun:
        x = _WIDTH * (one.valid_from - first).total_seconds() / whole
        until = _WIDTH * (min(one.valid_to, now) - first).total_seconds() / whole
        spans.append({
            "version": one.version, "begins": one.valid_from,
            "x": f"{min(x, _WIDTH - _THINNEST):.1f}", "width": f"{max(until - x, _THINNEST):.1f}",
        })  # fmt: skip
    return spans


def _moment(moment: Moment, life: Life, labels: Mapping[str, str]) -> dict[str, Any]:
    said = life.deliveries.get(moment.delivery_key)
    told = ""
    if said is not None:
        sender = "la plateforme" if said.sender == "platform" else said.sender
        told = f"Dit par {sender}, {said.file_name or said.source}, ligne {moment.source_line}"
    late = " ; su en retard" if moment.is_late else ""
    title = MOMENTS[moment.event]
    return {
        "title": title[:1].upper() + title[1:],
        "at": moment.at,
        "changes": [_change(change, life, labels) for change in moment.changes],
        "told_by": f"{told}{late}",
    }


def _change(change: Change, life: Life, labels: Mapping[str, str]) -> dict[str, str]:
    return {
        "label": labels.get(change.attribute, change.attribute),
        "before": _value(change.before, life),
        "after": _value(change.after, life),
    }


def _value(value: Any, life: Life) -> str:  # noqa: ANN401 — any attribute's
    if value is None or value == "":
        return "rien"
    if isinstance(value, (Decimal, float)):
        return figure(value, 2)
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    text = str(value)
    return STATUSES.get(text) or life.categories.get(text, text)

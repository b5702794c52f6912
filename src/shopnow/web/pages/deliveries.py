"""Deliveries and rejects: what became of what was sent, every reason with its remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shopnow.kernel import UsageError
from shopnow.pipeline import FEEDS, STATES, explain, list_deliveries, list_rejects, tell_delivery
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.pipeline import CodeCount, DeliveryFacts
    from shopnow.web.visit import Visit

_A_PAGE: Final = 100


def several_deliveries(visit: Visit) -> Shown:
    """The newest deliveries that answer the filters."""
    sender, feed, state = visit.word("vendeur"), visit.word("flux"), visit.word("etat")
    found = list_deliveries(visit.conn, sender=sender, feed=feed, state=state, limit=_A_PAGE)
    values = {"deliveries": found, "sender": sender, "feed": feed, "state": state}
    return Shown("deliveries.html", values | {"feeds": FEEDS, "states": STATES})


def one_delivery(visit: Visit) -> Shown:
    """One delivery: counts, reasons with remedies, steps, files."""
    try:
        story = tell_delivery(visit.conn, visit.needed("number"))
    except UsageError:
        raise NotFoundError from None
    reasons = [
        ("Rejets", _told(story.rejects)),
        ("Avertissements", _told(story.warnings)),
        ("Nettoyages", _told(story.cleanings)),
    ]
    one = story.delivery
    values = {"one": one, "story": story, "reasons": reasons, "counts": _counts(one)}
    return Shown("delivery.html", values)


def several_rejects(visit: Visit) -> Shown:
    """Rejected records that answer the filters."""
    delivery, seller = visit.number("livraison"), visit.word("vendeur")
    rule = visit.word("regle")
    rejects, found = list_rejects(
        visit.conn, delivery_key=delivery, seller=seller, rule=rule, limit=_A_PAGE
    )
    values = {"rejects": rejects, "found": found, "delivery": delivery, "seller": seller}
    return Shown("rejects.html", values | {"rule": rule})


def _counts(one: DeliveryFacts) -> list[tuple[str, int, str]]:
    return [
        ("Enregistrements", one.records, "info"),
        ("Acceptés", one.accepted, "good" if one.accepted else ""),
        ("Rejetés", one.rejected, "bad" if one.rejected else ""),
        ("Doublons", one.duplicate, ""),
        ("Dépassés", one.superseded, ""),
        ("Retenus", one.held, "warn" if one.held else ""),
        ("Lignes illisibles", one.unreadable, "bad" if one.unreadable else ""),
    ]


def _told(codes: Sequence[CodeCount]) -> list[dict[str, Any]]:
    return [
        {
            "rule_code": code.rule_code,
            "column_name": code.column_name,
            "records": code.records,
            "first_lines": code.first_lines,
            "what": explain(code.rule_code).what_fr,
            "fix": explain(code.rule_code).fix_fr,
        }
        for code in codes
    ]

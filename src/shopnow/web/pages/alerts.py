"""Alerts: what is under way, what was, who was told, and the acknowledgement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psycopg.rows import dict_row

from shopnow.alerts import ALERT_STATES_FR, acknowledge, list_episodes
from shopnow.kernel import Sql
from shopnow.web.pages.procedures import procedure_titles
from shopnow.web.people import DPO
from shopnow.web.visit import Gone, Shown

if TYPE_CHECKING:
    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_MOST: Final = 100


def show_alerts(visit: Visit) -> Shown:
    """Alerts under way first, then those that are over; the last messages."""
    rules = visit.declared.rules
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        notices = cursor.execute(SQL["notices"], {"most": 30}).fetchall()
    values = {
        "alerts": list_episodes(visit.conn, everything=True, most=_MOST),
        "notices": notices,
        "titles": {name: rule.title for name, rule in rules.items()},
        "effects": {name: rule.effect for name, rule in rules.items()},
        "runbooks": {name: rule.runbook for name, rule in rules.items()},
        "procedures": procedure_titles(),
        "states": ALERT_STATES_FR,
        "may_act": visit.person.role_name != DPO,
    }
    return Shown("alerts.html", values)


def take_note(visit: Visit) -> Gone:
    """Somebody takes note of an alert: it is not escalated any more."""
    acknowledge(visit.conn, visit.needed("number"), who=visit.person.login, now=visit.now)
    return Gone("/alertes")

"""Tickets: the list with the team's load, one with its life, and what may be done to it.

Who acts is the person's login; what they may do is decided by their database role and the state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from shopnow.desk import (
    EVENTS_FR,
    KINDS_FR,
    OPEN_STATES,
    STATES_FR,
    NewTicket,
    TicketEvent,
    list_tickets,
    one_ticket,
    ticket_events,
    workload,
)
from shopnow.kernel import UsageError
from shopnow.web.pages.procedures import procedure_titles
from shopnow.web.people import DPO
from shopnow.web.visit import Gone, NotFoundError, Shown

if TYPE_CHECKING:
    from shopnow.desk import Level, TicketKind
    from shopnow.web.visit import Visit

IMPACTS_FR: Final = {"haut": "fort", "moyen": "moyen", "bas": "faible"}
URGENCIES_FR: Final = {"haut": "forte", "moyen": "moyenne", "bas": "faible"}
_LONGEST: Final = 500
_ACTIONS: Final = {
    "assigned": (("started", "Prendre en charge"), ("commented", "Commenter")),
    "in_progress": (
        ("commented", "Commenter"), ("paused", "Mettre en attente"), ("resolved", "Résoudre"),
    ),
    "waiting": (("commented", "Commenter"), ("resumed", "Reprendre"), ("resolved", "Résoudre")),
    "resolved": (("commented", "Commenter"), ("reopened", "Rouvrir"), ("closed", "Clore")),
    "closed": (("commented", "Commenter"),),
}  # fmt: skip


def show_tickets(visit: Visit) -> Shown:
    """Open tickets, most urgent first, or all of them; the team's load; a form for a new one."""
    everything = visit.word("etat") == "tous"
    values = {
        "tickets": list_tickets(
            visit.conn, states=None if everything else OPEN_STATES, most=200
        ),
        "everything": everything,
        "loads": workload(visit.conn),
        "kinds": KINDS_FR,
        "states": STATES_FR,
        "impacts": IMPACTS_FR,
        "urgencies": URGENCIES_FR,
        "roles": visit.declared.team,
        "activities": list(visit.declared.desk.raci.activities.values()),
        "may_open": visit.person.role_name != DPO,
    }  # fmt: skip
    return Shown("tickets.html", values)


def open_ticket(visit: Visit) -> Gone:
    """A person opens a ticket; priority and owner follow from the declarations."""
    desk, form = visit.declared.desk, visit.form
    title = form.get("titre", "").strip()
    kind, impact, urgency = form.get("type"), form.get("impact"), form.get("urgence")
    known = kind in KINDS_FR and impact in IMPACTS_FR and urgency in URGENCIES_FR
    if not title or not known:
        raise UsageError("a ticket has a kind, an impact, an urgency and a title")
    new = NewTicket(
        cast("TicketKind", kind), form.get("activite", ""), title[:_LONGEST],
        cast("Level", impact), cast("Level", urgency),
    )  # fmt: skip
    number = desk.open(visit.conn, new, actor=visit.person.login, now=visit.now)
    return Gone(f"/tickets/{number}")


def show_ticket(visit: Visit) -> Shown:
    """One ticket: what it is about, its clock, its life."""
    try:
        one = one_ticket(visit.conn, visit.needed("number"))
    except UsageError:
        raise NotFoundError from None
    values: dict[str, Any] = {
        "one": one,
        "events": list(reversed(ticket_events(visit.conn, one.ticket_no))),
        "kinds": KINDS_FR,
        "states": STATES_FR,
        "procedures": procedure_titles(),
        "words": EVENTS_FR,
        "roles": visit.declared.team,
        "actions": () if visit.person.role_name == DPO else _ACTIONS[one.state],
    }
    return Shown("ticket.html", values)


def act_on_ticket(visit: Visit) -> Gone:
    """A person moves a ticket; raises UsageError when its state does not allow that."""
    number = visit.needed("number")
    state = one_ticket(visit.conn, number).state
    action = visit.form.get("action", "")
    if action not in dict(_ACTIONS[state]):
        raise UsageError(f"ticket {number} is {state}: it cannot be {action}")
    comment = visit.form.get("commentaire", "").strip()[:_LONGEST]
    event = TicketEvent(action, visit.now, visit.person.login, comment=comment)
    visit.declared.desk.record(visit.conn, number, event, visit.now)
    return Gone(f"/tickets/{number}")

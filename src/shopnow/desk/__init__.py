"""The service desk: tickets, their service clock, who does what; alerts open and resolve them."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.desk.calendars import WorkCalendar, is_french_holiday
    from shopnow.desk.clock import ClockEvent, ClockState, Kind, Priority, Promise, clock_at
    from shopnow.desk.connecting import Connector, export_tickets
    from shopnow.desk.declarations import (
        LEVELS,
        PRIORITIES,
        Activity,
        Agreement,
        Level,
        Raci,
        TeamRole,
        load_agreement,
        load_raci,
    )
    from shopnow.desk.forecasting import Forecast, forecast, forecast_one, forecasts
    from shopnow.desk.glpi import Glpi, load_glpi
    from shopnow.desk.jira import Jira, issue_of, load_jira
    from shopnow.desk.model import (
        EVENTS_FR,
        KINDS_FR,
        OPEN_STATES,
        STATES_FR,
        TICKET_KINDS,
        Load,
        NewTicket,
        State,
        Ticket,
        TicketEvent,
        TicketKind,
        least_busy,
    )
    from shopnow.desk.outside import load_connector
    from shopnow.desk.report import MonthLine, month_report
    from shopnow.desk.store import Desk, list_tickets, one_ticket, ticket_events, workload

__all__ = [
    "EVENTS_FR",
    "KINDS_FR",
    "LEVELS",
    "OPEN_STATES",
    "PRIORITIES",
    "STATES_FR",
    "TICKET_KINDS",
    "Activity",
    "Agreement",
    "ClockEvent",
    "ClockState",
    "Connector",
    "Desk",
    "Forecast",
    "Glpi",
    "Jira",
    "Kind",
    "Level",
    "Load",
    "MonthLine",
    "NewTicket",
    "Priority",
    "Promise",
    "Raci",
    "State",
    "TeamRole",
    "Ticket",
    "TicketEvent",
    "TicketKind",
    "WorkCalendar",
    "clock_at",
    "export_tickets",
    "forecast",
    "forecast_one",
    "forecasts",
    "is_french_holiday",
    "issue_of",
    "least_busy",
    "list_tickets",
    "load_agreement",
    "load_connector",
    "load_glpi",
    "load_jira",
    "load_raci",
    "month_report",
    "one_ticket",
    "ticket_events",
    "workload",
]

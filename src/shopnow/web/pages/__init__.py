"""The pages, each a function of one visit; what is shown under which address stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.web.pages.alerts import show_alerts, take_note
from shopnow.web.pages.backups import show_backups
from shopnow.web.pages.deliveries import one_delivery, several_deliveries, several_rejects
from shopnow.web.pages.history import explore
from shopnow.web.pages.marts import show_marts
from shopnow.web.pages.privacy import show_register
from shopnow.web.pages.procedures import show_procedure, show_procedures, show_team
from shopnow.web.pages.runs import one_run, several_runs
from shopnow.web.pages.sellers import one_seller, several_sellers
from shopnow.web.pages.shop import show_one_sent, show_sent, show_shop
from shopnow.web.pages.supervision import explain_figures, supervise
from shopnow.web.pages.tickets import act_on_ticket, open_ticket, show_ticket, show_tickets

if TYPE_CHECKING:
    from shopnow.web.visit import Page

PAGES: Final[tuple[tuple[str, tuple[str, ...], Page], ...]] = (
    ("/supervision", ("GET",), supervise),
    ("/calculs", ("GET",), explain_figures),
    ("/executions", ("GET",), several_runs),
    ("/executions/{number}", ("GET",), one_run),
    ("/livraisons", ("GET",), several_deliveries),
    ("/livraisons/{number}", ("GET",), one_delivery),
    ("/rejets", ("GET",), several_rejects),
    ("/vendeurs", ("GET",), several_sellers),
    ("/vendeurs/{number}", ("GET",), one_seller),
    ("/historique", ("GET",), explore),
    ("/alertes", ("GET",), show_alerts),
    ("/alertes/{number}", ("POST",), take_note),
    ("/tickets", ("GET",), show_tickets),
    ("/tickets", ("POST",), open_ticket),
    ("/tickets/{number}", ("GET",), show_ticket),
    ("/tickets/{number}", ("POST",), act_on_ticket),
    ("/sauvegardes", ("GET",), show_backups),
    ("/vie-privee", ("GET",), show_register),
    ("/marts", ("GET",), show_marts),
    ("/procedures", ("GET",), show_procedures),
    ("/procedures/{name}", ("GET",), show_procedure),
    ("/equipe", ("GET",), show_team),
    ("/ma-boutique", ("GET",), show_shop),
    ("/mes-livraisons", ("GET",), show_sent),
    ("/mes-livraisons/{number}", ("GET",), show_one_sent),
)

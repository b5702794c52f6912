"""French words and numbers of what operators and sellers read, the same on paper and on pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from shopnow.journal import STEPS_FR

if TYPE_CHECKING:
    from decimal import Decimal
    from zoneinfo import ZoneInfo

STEPS: Final = STEPS_FR
OPEN_END: Final = datetime(9999, 12, 31, tzinfo=UTC)
_THIN: Final = "\u202f"

STATES: Final = {
    "received": "reçue",
    "staged": "lue",
    "checked": "jugée",
    "normalised": "normalisée",
    "dimensions loaded": "dimensions chargées",
    "facts loaded": "faits chargés",
    "published": "publiée",
    "refused": "refusée",
    "held": "retenue",
    "failed": "en échec",
}
FEEDS: Final = {
    "sellers": "vendeurs",
    "customers": "clients",
    "products": "produits",
    "offers": "offres",
    "orders": "commandes",
    "clickstream": "visites",
}
KINDS: Final = {
    "order": "commande",
    "item": "ligne de commande",
    "payment": "paiement",
    "product": "produit",
    "offer": "offre",
    "click": "visite",
    "seller": "vendeur",
    "customer": "client",
    "reject": "rejet",
    "line": "ligne illisible",
}
DIMENSIONS: Final = {"seller": "vendeurs", "product": "produits", "customer": "clients"}
# What a seller or a product is.
STATUSES: Final = {
    "pending": "en attente",
    "active": "actif",
    "suspended": "suspendu",
    "closed": "fermé",
    "paused": "en pause",
    "withdrawn": "retiré",
}
# What happened to a member at a moment of its life.
MOMENTS: Final = {
    "first": "première déclaration",
    "changed": "changement",
    "corrected": "correction, sur toutes ses versions",
    "withdrawn": "retiré : absent d'une livraison complète",
    "deleted": "supprimé à la demande de l'expéditeur",
    "returned": "de retour",
    "inferred": "connu de nom seulement, cité par un fait",
    "confirmed": "confirmé",
    "pending": "annoncé, en attente de sa date",
    "cancelled": "annoncé, puis annulé",
}


def number(value: int | None) -> str:
    """Write a whole number as the French do: 1 234 567; nothing for none.

    >>> number(1234567).split(chr(0x202f))
    ['1', '234', '567']
    """
    return "" if value is None else f"{value:,}".replace(",", _THIN)


def amount(value: Decimal, currency: str) -> str:
    """Write an amount with its currency, to the unit."""
    return f"{number(round(value))}{_THIN}{currency}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant to the minute, in the house zone; an open end has none."""
    if at is None or at >= OPEN_END:
        return ""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def seconds(value: float | None) -> str:
    """Write a duration: `0,35 s`, `12,4 s`, `3 min 05 s`.

    >>> seconds(0.345), seconds(12.41), seconds(185.2)
    ('0,34 s', '12,4 s', '3 min 05 s')
    """
    if value is None:
        return ""
    whole_minute = 60
    if value >= whole_minute:
        minutes, rest = divmod(round(value), whole_minute)
        return f"{minutes} min {rest:02d} s"
    digits = 2 if value < 10 else 1  # noqa: PLR2004 — three figures are enough
    return f"{value:.{digits}f} s".replace(".", ",")


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: `1 livraison`, `2 livraisons`."""
    noun = one if abs(count) < 2 else many or f"{one}s"  # noqa: PLR2004 — French: from two on
    return f"{number(count)} {noun}"

"""The eight queries of the former warehouse (spec/legacy.md), in words that both servers know.

Unqualified on purpose: the search path says which warehouse answers.
"""

from __future__ import annotations

from typing import Final

from shopnow.kernel import Sql

QUERIES: Final = Sql(__package__)
# The order in which they are told, with what each one answers.
TITLES_FR: Final = {
    "orders_a_day": "commandes par jour",
    "revenue_a_category": "chiffre d'affaires par catégorie de produit",
    "revenue_a_country": "chiffre d'affaires par pays",
    "orders_a_status": "commandes par statut",
    "top_products": "dix premiers produits en quantité",
    "clicks_a_day": "pages vues, paniers et passages en caisse par jour",
    "conversion_a_day": "conversion des passages en caisse en commandes par jour",
    "customers_a_country": "clients par pays",
}

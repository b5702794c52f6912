"""What is held of a person as one page of French HTML, for the answer to an access request.

The page needs nothing from outside: it is printed, mailed or saved as it is.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from shopnow.privacy import PersonFile, Register

_OPEN_YEAR: Final = 9999
_KINDS: Final = {
    "customer": "client",
    "seller_contact": "contact d'un vendeur",
    "account": "titulaire de compte",
}
_IDENTITY: Final = {
    "kind": "qualité", "name": "nom", "email": "adresse électronique", "phone": "téléphone",
    "street": "rue",
}  # fmt: skip
_CUSTOMER: Final = {
    "customer_id": "pseudonyme", "country": "pays", "region": "région", "city": "ville",
    "postal_area": "zone postale", "segment": "segment", "previous_segment": "segment précédent",
    "valid_from": "depuis", "valid_to": "jusqu'à",
}  # fmt: skip
_ORDERS: Final = {
    "order_id": "commande", "line_no": "ligne", "ordered_at": "date", "seller_id": "vendeur",
    "seller_name": "nom du vendeur", "product_id": "produit", "title": "désignation",
    "quantity": "quantité", "unit_price": "prix unitaire", "line_amount": "montant",
    "freight_amount": "port", "currency": "devise", "line_status": "état",
}  # fmt: skip
_VISITS: Final = {
    "event_at": "date", "event_type": "action", "route": "page", "product_id": "produit",
    "device_class": "appareil", "country": "pays",
}  # fmt: skip
_ACCOUNTS: Final = {
    "login": "compte", "made_at": "créé le", "expires_at": "jusqu'au",
    "suspended_at": "suspendu le",
}  # fmt: skip
_SOURCES: Final = {
    "delivery_key": "livraison", "source": "source", "feed": "flux", "received_at": "reçue le",
    "records": "enregistrements",
}  # fmt: skip
_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #ccc}
caption{text-align:left;color:#444;padding-bottom:.4rem}
"""
_RIGHTS: Final = (
    "<h2>Vos droits</h2><p>Vous pouvez demander la rectification ou l'effacement de ces données,"
    " la limitation de leur traitement ou vous y opposer, en écrivant au délégué à la protection"
    " des données de ShopNow. Si la réponse ne vous satisfait pas, vous pouvez saisir la CNIL"
    " (www.cnil.fr).</p></main></body></html>"
)


def person_page(file: PersonFile, register: Register, zone: ZoneInfo) -> str:
    """Return the page; times are those of `zone`."""
    kinds = ", ".join(_KINDS[kind] for kind in file.kinds)
    opening = (
        f"<p>Établi le {_text(file.made_at, zone)} en réponse à votre demande d'accès (RGPD,"
        f" articles 15 et 20). Vous y figurez en qualité de : {escape(kinds)}.</p>"
    )
    parts = [
        "<!doctype html>",
        '<html lang="fr"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Vos données chez ShopNow</title><style>{_STYLE}</style></head><body><main>",
        "<h1>Vos données chez ShopNow</h1>",
        opening,
        _table("Identité", "Ce qui vous désigne, conservé chiffré.", _IDENTITY, _named(file), zone),
        _table("Fiche client", "Une ligne par période.", _CUSTOMER, file.customer, zone),
        _table("Commandes", "Une ligne par article commandé.", _ORDERS, file.orders, zone),
        _table("Visites", "Pages vues en étant reconnu.", _VISITS, file.visits, zone),
        _table("Comptes", "Accès aux pages.", _ACCOUNTS, file.accounts, zone),
        _table("D'où viennent ces données", "Fichiers reçus.", _SOURCES, file.sources, zone),
        _purposes(file, register),
        _RIGHTS,
    ]
    return "\n".join(parts) + "\n"


def _named(file: PersonFile) -> list[dict[str, str]]:
    return [{**one, "kind": _KINDS[one["kind"]]} for one in file.identities]


def _table(
    title: str,
    caption: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, Any]],
    zone: ZoneInfo,
) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Rien n'est conservé.</p>"
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns.values())
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(row.get(name), zone)}</td>" for name in columns) + "</tr>"
        for row in rows
    )
    return (
        f'<h2>{escape(title)}</h2><div class="wide" tabindex="0"><table><caption>{escape(caption)}'
        f"</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _purposes(file: PersonFile, register: Register) -> str:
    concerned = [one for one in register.treatments if set(one.kinds) & set(file.kinds)]
    items = "".join(
        f"<li><strong>{escape(one.title)}</strong> : {escape(one.purpose)} Destinataires :"
        f" {escape(', '.join(one.recipients))}. Durée : {escape(one.retention_fr)}.</li>"
        for one in concerned
    )
    return f"<h2>Pourquoi, pour qui, combien de temps</h2><ul>{items}</ul>"


def _text(value: object, zone: ZoneInfo) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        if value.year >= _OPEN_YEAR:
            return "aujourd'hui"
        return f"{value.astimezone(zone):%d/%m/%Y %H:%M}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    return escape(str(value))

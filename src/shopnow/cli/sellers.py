"""Commands about the registry: seller list, show, merge, recycle, quality, breaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.french import FEEDS, STATES, STATUSES, moment, number, paper, plural, sheet
from shopnow.cli.identities import merge, recycle
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.cli.standing import breaker, quality
from shopnow.kernel import connect
from shopnow.pipeline import list_deliveries, list_sellers, tell_seller

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from rich.table import Table

    from shopnow.kernel import Settings
    from shopnow.pipeline import DeliveryFacts, Merge, SellerStory, SellerVersion

_DELIVERIES = 10
_PRODUCTS = {
    "active": "actifs",
    "paused": "en pause",
    "withdrawn": "retirés",
    "inferred": "déduits d'une vente",
    "unknown": "sans statut",
}


@click.group()
def seller() -> None:
    """See the registry of sellers: numbers, identifiers, history; merge two, recycle one."""


seller.add_command(merge)
seller.add_command(recycle)
seller.add_command(quality)
seller.add_command(breaker)


@seller.command(name="list")
@json_option
@with_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """List the sellers as they are now, the house first."""
    open_existing(settings)
    with connect(settings, application_name="shopnow seller") as connection:
        found = list_sellers(connection)

    def present() -> None:
        rows = [
            (
                one.seller_no,
                one.seller_id,
                one.seller_name or "(déduit, pas encore déclaré)",
                one.country,
                STATUSES.get(one.status or "", one.status),
                number(one.versions),
                number(one.products),
                moment(one.last_delivery_at, settings.tz),
            )
            for one in found
        ]
        columns = [
            ">n°",
            "vendeur",
            "nom",
            "pays",
            "statut",
            ">versions",
            ">produits",
            "dernière livraison",
        ]
        paper().print(sheet("", columns, rows))

    show(found, as_json, present)


@seller.command(name="show")
@click.argument("seller_id")
@json_option
@with_settings
def show_command(settings: Settings, as_json: bool, seller_id: str) -> None:
    """Tell what is known of SELLER_ID: identifiers, history, products, last deliveries."""
    open_existing(settings)
    with connect(settings, application_name="shopnow seller") as connection:
        story = tell_seller(connection, seller_id)
        sender = "platform" if story.seller_no == 0 else story.current.seller_id
        deliveries = list_deliveries(connection, sender=sender, limit=_DELIVERIES)
    facts = {
        "seller_no": story.seller_no,
        "opened_on": story.opened_on,
        "current": story.current,
        "identifiers": story.identifiers,
        "versions": story.versions,
        "products": story.products,
        "merges": story.merges,
        "deliveries": deliveries,
    }
    show(facts, as_json, lambda: _tell(story, deliveries, settings))


def _tell(story: SellerStory, deliveries: Sequence[DeliveryFacts], settings: Settings) -> None:
    page, now = paper(), story.current
    opened = f"inscrit le {story.opened_on}" if story.seller_no else "la maison"
    page.print(
        f"[bold]{now.seller_id} {now.seller_name or ''}[/bold]  (n° {story.seller_no}, {opened})"
    )
    names = ", ".join(f"{one.seller_id} ({one.source})" for one in story.identifiers)
    if names:
        page.print(f"  identifiants : {names}")
    page.print(f"  {_now(now)}")
    for bridge in story.merges:
        page.print(f"  {_merged(bridge, story.seller_no, settings)}")
    total = sum(story.products.values())
    words = story.products.items()
    parts = ", ".join(f"{number(count)} {_PRODUCTS.get(word, word)}" for word, count in words)
    page.print(f"  {plural(total, 'produit')}" + (f" : {parts}" if parts else ""))
    page.print()
    page.print(_versions(story, settings))
    page.print()
    if not deliveries:
        page.print("Aucune livraison de ce vendeur.")
        return
    page.print(_deliveries(deliveries, settings))
    sender = "platform" if story.seller_no == 0 else now.seller_id
    page.print(f"\nSes rejets : {how_to_call()} reject list --seller {sender}", soft_wrap=True)


def _merged(one: Merge, seller_no: int, settings: Settings) -> str:
    since, until = (moment(at, settings.tz) for at in (one.valid_from, one.valid_to))
    period = f"du {since} au {until}" if until else f"depuis le {since}"
    if one.seller_no == seller_no:
        return f"fusionné dans {one.into_id} (n° {one.merged_into}) {period}"
    return f"représente {one.seller_id} (n° {one.seller_no}) {period}"


def _now(now: SellerVersion) -> str:
    place = ", ".join(part for part in (now.city, now.region, now.country) if part)
    parts = [f"statut {STATUSES.get(now.status or '', 'inconnu')}"]
    parts += [place] if place else []
    parts += [f"commission {_percent(now.commission_pct)} %"] if now.commission_pct else []
    parts += [f"identifiant légal {now.legal_id}"] if now.legal_id else []
    return " ; ".join(parts)


def _versions(story: SellerStory, settings: Settings) -> Table:
    rows = [
        (
            one.version,
            moment(one.valid_from, settings.tz),
            moment(one.valid_to, settings.tz) or "en vigueur",
            STATUSES.get(one.status or "", one.status),
            one.city,
            _percent(one.commission_pct),
            one.category,
            _origin(one),
        )
        for one in story.versions
    ]
    columns = [
        ">", "=du", "=au", "=statut", "ville", ">%", "catégorie", "livraison, ligne",
    ]  # fmt: skip
    return sheet("Histoire", columns, rows)


def _origin(one: SellerVersion) -> str:
    if one.delivery_key:
        return f"{one.delivery_key}, {one.source_line}"
    return "déduite" if one.is_inferred else "par commande"


def _deliveries(deliveries: Sequence[DeliveryFacts], settings: Settings) -> Table:
    rows = [
        (
            one.delivery_key,
            moment(one.received_at, settings.tz),
            FEEDS[one.feed],
            one.file_name,
            STATES[one.state],
            number(one.accepted),
            number(one.rejected + one.unreadable),
        )
        for one in deliveries
    ]
    columns = [">n°", "=reçue", "=flux", "fichier", "=état", ">acceptés", ">rejetés"]
    return sheet("Dernières livraisons", columns, rows)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")

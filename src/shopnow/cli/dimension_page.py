"""How a member's life reads: a timeline in French, the newest knowledge first told as such.

Protects the reader who knows nothing of surrogate keys: every moment says what changed, who said
so, in which file and line, and when the warehouse learned it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from shopnow.cli.french import FEEDS, MOMENTS, STATUSES, moment, paper, plural, prose
from shopnow.cli.opening import how_to_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from shopnow.dimensions import Change, Dimension, Life, Member, Moment, Version
    from shopnow.kernel import Settings

    Labels = Mapping[str, str]

_DATE: Final = 20
_LONGEST: Final = 60
_MARGIN: Final = " " * _DATE
_INFERRED_FROM: Final = datetime(1900, 1, 1, tzinfo=UTC)
_WHAT: Final = {"seller": "vendeur", "product": "produit", "customer": "client"}
_REASONS: Final = {
    "inferred_upgrade": "on n'en savait encore que le nom",
    "vanished": "cette version n'a plus lieu d'être",
    "rewritten": "mieux su depuis",
}


def tell_life_page(life: Life, dimension: Dimension, labels: Labels, settings: Settings) -> None:
    """Print a member's life."""
    page = paper()
    words = _Words(labels, life.categories, settings)
    _tell_today(page, life, words)
    page.print("\n[bold]Sa vie[/bold]")
    for event, together in groupby(life.moments, key=lambda one: one.event):
        moments = list(together)
        if event == "confirmed":
            _tell_confirmations(page, moments, words)
        else:
            for one in moments:
                _tell_moment(page, one, life, words)
    if life.beliefs:
        page.print("\n[bold]Ce que l'entrepôt a cru avant d'en savoir plus[/bold]")
        for belief in life.beliefs:
            _tell_belief(page, belief, dimension.typed(2), words)
    page.print()
    prose(
        page,
        "[dim]● une version commence   ○ aucune nouvelle version   ✗ cru, puis abandonné   "
        f"heures de {settings.zone}[/dim]",
    )
    known = [key for key in life.deliveries if key]
    if known:
        prose(page, f"[dim]Une livraison : {how_to_call()} delivery show {known[-1]}[/dim]")


def tell_version_page(
    member: Member,
    version: Version | None,
    labels: Labels,
    settings: Settings,
    *,
    as_of: datetime,
    known_on: datetime,
) -> None:
    """Print the version that was believed on `known_on` to hold at `as_of`."""
    page = paper()
    words = _Words(labels, {}, settings)
    page.print(
        f"[bold]{escape(member.name)}[/bold] au {words.time(as_of)}, "
        f"d'après ce que l'on savait le {words.time(known_on)}"
    )
    if version is None:
        page.print("  rien : on ne lui connaissait aucune version à cette date.")
        return
    until = words.time(version.valid_to)
    state = "  [bold]retiré[/bold]" if version.is_deleted else ""
    page.print(
        f"  version {version.version} (clé {version.surrogate}), {words.since(version)}"
        + (f" au {until}" if until else ", sans fin connue")
        + state
    )
    prose(page, words.values(version.values) or "aucun attribut connu", "  ")


class _Words:
    """Attributes, values and times as people read them."""

    def __init__(self, labels: Labels, categories: Mapping[str, str], settings: Settings) -> None:
        self._labels = labels
        self._categories = categories
        self._zone = settings.tz

    def time(self, at: datetime) -> str:
        return moment(at, self._zone)

    def since(self, version: Version) -> str:
        if version.valid_from <= _INFERRED_FROM:
            return "depuis toujours"
        return f"depuis le {self.time(version.valid_from)}"

    def label(self, attribute: str) -> str:
        if attribute.startswith("previous_"):
            return f"{self.label(attribute.removeprefix('previous_'))} avant"
        return escape(self._labels.get(attribute, attribute))

    def value(self, attribute: str, value: object) -> str:
        if value is None:
            return "[dim]inconnu[/dim]"
        if isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        if isinstance(value, datetime):
            return self.time(value)
        if attribute == "status":
            return STATUSES.get(str(value), escape(str(value)))
        if attribute == "category_id":
            return escape(self._categories.get(str(value), str(value)))
        text = str(value)
        return escape(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…")

    def values(self, values: Mapping[str, Any]) -> str:
        """Known attributes in a line; when a type-3 pair changed is told in the timeline."""
        return " · ".join(
            f"[dim]{self.label(name)}\u00a0:[/dim] {self.value(name, value)}"
            for name, value in values.items()
            if value is not None and not name.endswith("_changed_at")
        )


def _tell_today(page: Console, life: Life, words: _Words) -> None:
    member, now = life.member, life.current
    number = next(iter(member.key.values()))
    of = "du vendeur n°" if member.dimension == "product" else "n°"
    page.print(f"[bold]{escape(member.name)}[/bold]  {_WHAT[member.dimension]} {of} {number}")
    count = plural(len(life.versions), "version")
    state = "retiré" if now.is_deleted else "en vigueur"
    page.print(f"  {count} ; la dernière (clé {now.surrogate}) : {state} {words.since(now)}")
    known = words.values(now.values)
    prose(page, known or "rien d'autre n'est connu : aucune déclaration n'est arrivée", "  ")


def _tell_moment(page: Console, one: Moment, life: Life, words: _Words) -> None:
    mark = "●" if one.version is not None else "○"
    when = "depuis toujours" if one.at <= _INFERRED_FROM else words.time(one.at)
    what = MOMENTS[one.event] + (", appris après coup" if one.is_late else "")
    if one.event == "first" and _feed(one, life) == "orders":
        what = "première mention, dans une commande"
    which = f"  [dim]version {one.version}, clé {one.surrogate}[/dim]" if one.version else ""
    page.print()
    prose(page, f"{mark} {when:<{_DATE - 2}}[bold]{what}[/bold]{which}")
    if one.event in ("first", "pending", "cancelled"):
        said = {change.attribute: change.after for change in one.changes}
        prose(page, words.values(said), _MARGIN)
    else:
        for change in one.changes:
            prose(page, _changed(change, words), _MARGIN)
    for line in _source(one, life, words):
        prose(page, line, _MARGIN)


def _feed(one: Moment, life: Life) -> str | None:
    delivery = life.deliveries.get(one.delivery_key)
    return delivery.feed if delivery else None


def _changed(change: Change, words: _Words) -> str:
    before = words.value(change.attribute, change.before)
    after = words.value(change.attribute, change.after)
    notes = {0: "fixé", 1: "corrigé partout", 3: "la valeur d'avant reste à côté"}
    note = f"  [dim]({notes[change.scd]})[/dim]" if change.scd in notes else ""
    return f"[dim]{words.label(change.attribute)}\u00a0:[/dim] {before} → {after}{note}"


def _source(one: Moment, life: Life, words: _Words) -> Iterator[str]:
    delivery = life.deliveries.get(one.delivery_key)
    if delivery is None:
        return
    line = f", ligne {one.source_line}" if one.source_line else ""
    name = escape(delivery.file_name or delivery.source)
    sender = "la plateforme" if delivery.sender == "platform" else escape(delivery.sender)
    yield (
        f"[dim]livraison {delivery.delivery_key} de {sender} ({FEEDS[delivery.feed]})"
        f"\u00a0: {name}{line}, reçue le {words.time(delivery.received_at)}[/dim]"
    )


def _tell_confirmations(page: Console, moments: Sequence[Moment], words: _Words) -> None:
    deliveries = sorted({one.delivery_key for one in moments})
    shown = ", ".join(map(str, deliveries[:5])) + (" …" if len(deliveries) > 5 else "")  # noqa: PLR2004
    count = plural(len(moments), "fois", "fois")
    page.print()
    prose(
        page,
        f"· {words.time(moments[-1].at):<{_DATE - 2}}confirmé {count} jusque-là "
        f"[dim]({plural(len(deliveries), 'livraison')} : {shown})[/dim]",
    )


def _tell_belief(page: Console, one: Version, historised: Sequence[str], words: _Words) -> None:
    known = words.values({n: value for n, value in one.values.items() if n in historised})
    what = "retiré" if one.is_deleted else known or "rien de ce qui s'historise"
    until = words.time(one.valid_to)
    end = f"au {until}" if until else "sans fin connue"
    reason = _REASONS.get(one.reason or "", one.reason)
    given_up = words.time(one.known_to) if one.known_to else ""
    page.print()
    prose(page, f"✗ cru du {words.time(one.known_from)} au {given_up}, puis abandonné : {reason}")
    prose(page, f"{what}  [dim](valable {words.since(one)}, {end})[/dim]", " " * 4)

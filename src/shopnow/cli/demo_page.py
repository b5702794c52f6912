"""The page at the end of the demo: what came in, what was wrong with it, what the history kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.rule import Rule

from shopnow.cli.french import (
    DIMENSIONS,
    FEEDS,
    STATES,
    STEPS,
    amount,
    number,
    paper,
    plural,
    prose,
    seconds,
    sheet,
)
from shopnow.cli.opening import how_to_call
from shopnow.pipeline import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from shopnow.demo import DemoPlan, Doors, Rehearsal
    from shopnow.pipeline import Overview

_COUNTS: Final = (
    "deliveries", "lines", "records", "accepted", "rejected", "unreadable", "duplicate"
)  # fmt: skip
# Steps 1 to 3 of a delivery overlap: their durations do not add up.
_LOADING: Final = (4, 5, 6)
_SENTENCE_END: Final = " — "
_WHO: Final = {
    "operator": "exploitant : supervision, alertes, tickets",
    "engineer": "ingénieur de données : exécutions, rejets, historique",
    "admin": "administrateur DWH : accès, sauvegardes",
    "dpo": "protection des données : registre, conservation",
    "analyst": "analyste : marts",
}


def tell_demo(
    plan: DemoPlan, done: Rehearsal, state: Overview, facts: dict[str, Any], doors: Doors | None
) -> None:
    """Print the page; `facts` are those of `--json`."""
    page = paper()
    _heading(page, plan, state, facts)
    _arrivals(page, state)
    _rejects(page, state)
    _troubles(page, done, state)
    _history(page, plan, state)
    _sales(page, state)
    _traffic(page, state)
    _time(page, facts, state)
    _next(page, plan, done, state)
    if doors is not None:
        _doors(page, doors)


def _doors(page: Console, doors: Doors) -> None:
    _section(page, "Les pages")
    page.print(f"  [bold]{doors.address}[/bold]   (elles restent ouvertes ; `down` les ferme)")
    page.print()
    rows = [
        (login, _WHO.get(role, f"vendeur {role}"), word) for login, role, word in doors.accounts
    ]
    page.print(sheet("", ["=compte", "rôle", "=mot de passe"], rows))


def _section(page: Console, title: str) -> None:
    page.print()
    page.print(Rule(f"[bold]{title}[/bold]", align="left", style="dim"))
    page.print()


def _heading(page: Console, plan: DemoPlan, state: Overview, facts: dict[str, Any]) -> None:
    lines = sum(one.lines for one in state.feeds)
    counts = plan.counts
    failed = sum(one.state == "failed" for one in state.troubled)
    loaded = f"{plural(failed, 'livraison')} en échec" if failed else "tout est chargé"
    page.print(f"\n[bold]ShopNow Marketplace, entrepôt de démonstration : {loaded}[/bold]\n")
    prose(
        page,
        f"{plural(facts['days'], 'jour')} d'une place de marché inventée"
        f" ({facts['first_day']:%d/%m/%Y} – {facts['last_day']:%d/%m/%Y}) :"
        f" {number(counts.sellers)} vendeurs, {number(counts.products)} produits,"
        f" {number(counts.orders)} commandes, {number(counts.clicks)} visites.",
    )
    rate = round(lines / facts["loading_seconds"])
    prose(
        page,
        f"{number(lines)} lignes en {seconds(facts['loading_seconds'])}, soit"
        f" {number(rate)} lignes par seconde ; {number(counts.dirty_lines)} avaient un défaut"
        " glissé exprès.",
    )


def _arrivals(page: Console, state: Overview) -> None:
    _section(page, "Ce qui est arrivé")
    rows = [
        (FEEDS[one.feed], *(number(getattr(one, name)) for name in _COUNTS)) for one in state.feeds
    ]
    total = (sum(getattr(one, name) for one in state.feeds) for name in _COUNTS)
    rows.append(("[bold]total[/bold]", *(f"[bold]{number(count)}[/bold]" for count in total)))
    columns = [
        "flux", ">livraisons", ">lignes", ">enregistr.", ">acceptés", ">rejetés", ">illisibles",
        ">doublons",
    ]  # fmt: skip
    page.print(sheet("", columns, rows))
    facts = state.facts
    page.print()
    prose(
        page,
        f"Dans l'entrepôt : {number(facts.orders)} commandes, {number(facts.order_lines)} lignes"
        f" de commande dont {number(facts.returns)} retours, {number(facts.offers)} états de prix"
        f" et de stock, {number(facts.clicks)} visites.",
    )


def _rejects(page: Console, state: Overview) -> None:
    _section(page, "Ce qui a été rejeté, et pourquoi")
    rows = []
    for one in state.reasons:
        words = explain(one.rule_code)
        rows.append(
            (number(one.records), words.what_fr, words.fix_fr, number(one.senders), one.rule_code)
        )
    columns = [">fois", "ce qui ne va pas", "que faire", ">expéditeurs", "règle"]
    page.print(sheet("", columns, rows))
    page.print()
    prose(
        page,
        "Un défaut écarte sa ligne, jamais le fichier : le reste est chargé. La ligne rejetée est"
        " gardée scellée, avec toutes ses raisons.",
    )


def _troubles(page: Console, done: Rehearsal, state: Overview) -> None:
    if not state.troubled and not done.duplicates:
        return
    _section(page, "Livraisons refusées, en échec ou déjà reçues")
    for one in state.troubled:
        code, _, text = (one.reason or "").partition(" : ")
        fact, _, fix = text.partition(_SENTENCE_END)
        prose(
            page,
            f"[bold]{escape(one.file_name or '')}[/bold] ({one.sender}), {STATES[one.state]} :"
            f" {explain(code).what_fr if not fact else escape(fact)}.",
        )
        if fix:
            prose(page, f"{escape(fix)}.", "   → ")
    for name, text in done.duplicates:
        prose(page, f"[bold]{escape(name)}[/bold] : {escape(text)}.")


def _history(page: Console, plan: DemoPlan, state: Overview) -> None:
    _section(page, "Ce qui a changé dans l'histoire")
    rows = [
        (
            DIMENSIONS[one.dimension],
            *map(
                number,
                (
                    one.members,
                    one.versions,
                    one.versions - one.members,
                    one.corrections,
                    one.filled,
                    one.rewritten,
                ),
            ),
        )
        for one in state.dimensions
    ]
    columns = [
        "dimension", ">membres", ">versions", ">changements", ">corrections", ">complétés",
        ">passé réécrit",
    ]  # fmt: skip
    page.print(sheet("", columns, rows))
    page.print()
    prose(
        page,
        "[dim]changement : une nouvelle version (statut, catégorie, ville…) ; correction : titre,"
        " marque… remplacés sans version ; complété : connu d'abord par une vente, décrit ensuite ;"
        " passé réécrit : une déclaration en retard a corrigé des versions anciennes.[/dim]",
    )
    page.print()
    for text in _stories(plan, state):
        prose(page, text, "• ")


def _stories(plan: DemoPlan, state: Overview) -> Iterator[str]:
    stories = plan.stories
    if "early_seller" in stories:
        yield (
            f"{stories['early_seller']} a vendu (commande {stories['early_order_seller']}) avant"
            " d'être inscrit : membre déduit, complété à l'arrivée de sa fiche."
        )
    if "early_product" in stories:
        yield (
            f"Le produit {stories['early_product']} a été commandé"
            f" ({stories['early_order_product']}) avant d'être au catalogue : déduit,"
            " puis complété."
        )
    if "late_product" in stories:
        yield (
            f"{stories['late_statement'].rpartition('/')[2]} est arrivé en retard : l'histoire de"
            f" {stories['late_product']} a été réécrite, l'ancienne est gardée."
        )
    if state.facts.replaced_lines:
        yield (
            f"{number(state.facts.replaced_lines)} lignes de commande ont été dites à nouveau"
            " (expédiée, livrée, annulée) : remplacées, avant et après sont gardés."
        )


def _sales(page: Console, state: Overview) -> None:
    _section(page, "Meilleures ventes, devise par devise")
    rows = [
        (
            f"{one.place}",
            f"{one.seller_id} {one.seller_name or ''}",
            number(one.orders),
            number(one.units),
            number(one.returned_units),
            amount(one.net_amount, one.currency),
        )
        for one in state.sales
    ]
    columns = [">", "vendeur", ">commandes", ">articles", ">retournés", ">ventes nettes"]
    page.print(sheet("", columns, rows))


def _traffic(page: Console, state: Overview) -> None:
    traffic = state.traffic
    if traffic.first_on is None:
        return
    _section(page, "Visites")
    prose(
        page,
        f"{number(traffic.views)} pages vues, {number(traffic.carts)} mises au panier,"
        f" {number(traffic.checkouts)} passages en caisse. Les plus vus :",
    )
    for one in state.traffic_top:
        page.print(
            f"  {one.seller_id} {one.seller_name or ''} : {number(one.views)} vues,"
            f" {number(one.carts)} paniers"
        )


def _time(page: Console, facts: dict[str, Any], state: Overview) -> None:
    _section(page, "Le temps passé")
    steps = ", ".join(
        f"{STEPS[step]} {seconds(spent)}"
        for step, spent in state.step_seconds.items()
        if step > 3  # noqa: PLR2004
    )
    prose(
        page,
        f"{seconds(facts['seconds'])} en tout : réception et scellement"
        f" {seconds(facts['receiving_seconds'])}, exécutions {seconds(facts['running_seconds'])}"
        f" (dont {steps}), le reste pour l'entrepôt vide et les fichiers.",
    )


def _next(page: Console, plan: DemoPlan, done: Rehearsal, state: Overview) -> None:
    _section(page, "Où regarder ensuite")
    call, stories = how_to_call(), plan.stories
    worst = _rejected_delivery(done)
    lines = [("delivery list --state refused", "les livraisons refusées, et leur motif")]
    if worst is not None:
        lines.append((f"delivery show {worst}", "une livraison de bout en bout"))
    if state.reasons:
        rule = state.reasons[0].rule_code
        lines.append((f"reject list --rule {rule} --limit 5", "des lignes rejetées, et que faire"))
    if "early_seller" in stories:
        lines.append((f"seller show {stories['early_seller']}", "un vendeur et son histoire"))
        order = stories["early_order_seller"]
        lines.append((f"trace order {order}", "d'une commande au fichier et à la ligne"))
    if "late_product" in stories:
        product = stories["late_product"]
        seller = product.partition("-")[0]
        lines.append((f"trace product {seller} {product}", "un produit au passé réécrit"))
    lines.append(("mart list", "les tables des analystes"))
    query = "SELECT * FROM mart.analyst_sales_by_day ORDER BY 1, 2, 3 LIMIT 9"
    lines.append((f'sql -- -c "{query}"', "les lire en SQL"))
    lines.append(("down", "arrêter l'entrepôt"))
    width = max(len(call) + len(words) + 1 for words, _ in lines[:-2])
    for words, purpose in lines:
        command = f"{call} {words}"
        page.print(
            f"  [bold]{escape(command):<{width}}[/bold]  [dim]{purpose}[/dim]", soft_wrap=True
        )


def _rejected_delivery(done: Rehearsal) -> int | None:
    """The first file of a seller: it has some of everything."""
    return next(
        (key for path, key in done.deliveries.items() if "/S" in path and "sellers" not in path),
        None,
    )

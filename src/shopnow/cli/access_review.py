"""`shopnow access review`: which accesses a person has to look at, and the note that one did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from shopnow.cli.access_page import STATES
from shopnow.cli.french import moment, paper, plural, sheet
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, connect
from shopnow.security import check_access, confirm, list_accesses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings
    from shopnow.security import Listed

_QUESTIONS: Final = {
    "expired": "expiré : le retirer, ou le prolonger ?",
    "suspended": "suspendu : le rétablir, ou le retirer ?",
    "never_used": "jamais utilisé depuis trois mois : encore utile ?",
    "unused": "inutilisé depuis trois mois : encore utile ?",
    "unreviewed": "non revu depuis six mois : encore dû ?",
}


@click.command()
@click.option(
    "--confirm", "confirmed", multiple=True, metavar="NAME", help="Still due; repeatable."
)
@click.option("--confirm-rest", is_flag=True, help="All open ones that nothing is asked about.")
@json_option
@with_settings
def review(
    settings: Settings, *, as_json: bool, confirmed: Sequence[str], confirm_rest: bool
) -> int:
    """Ask about each access; exit 1 while a question or a drift is open. Confirmations are kept."""
    open_existing(settings)
    clock = SystemClock()
    now = clock.now()
    with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
        found = list_accesses(connection, now)
    rest = [one.label for one in found if confirm_rest and not one.questions(now)]
    names = list(dict.fromkeys((*confirmed, *rest)))
    if names:
        confirm(settings, clock, names)
        with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
            found = list_accesses(connection, now)
    asked = [(one, one.questions(now)) for one in found if one.questions(now)]
    drift = check_access(settings)
    facts = {
        "accesses": len(found),
        "confirmed": names,
        "asked": [{"label": one.label, "role": one.role_name, "questions": q} for one, q in asked],
        "drift": len(drift),
    }
    show(facts, as_json, lambda: _tell(found, asked, len(drift), settings))
    return 1 if asked or drift else 0


def _tell(
    found: Sequence[Listed],
    asked: Sequence[tuple[Listed, Sequence[str]]],
    drift: int,
    settings: Settings,
) -> None:
    page = paper()
    page.print(
        f"[bold]Revue des accès[/bold] : {plural(len(found), 'accès ouvert', 'accès ouverts')}"
    )
    rows = [
        (
            one.label,
            one.member_of.removeprefix("shopnow_"),
            STATES[one.state],
            moment(one.last_used_at, settings.tz) or "jamais",
            "\n".join(_QUESTIONS[word] for word in questions),
        )
        for one, questions in asked
    ]
    if rows:
        page.print(sheet("", ["accès", "=comme", "=état", "=vu le", "question"], rows))
    else:
        page.print("Aucune question.")
    if drift:
        page.print(f"{plural(drift, 'écart')} : {how_to_call()} access check")

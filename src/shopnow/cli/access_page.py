"""How accesses are told to administrators, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.cli.french import moment, paper, plural, sheet
from shopnow.cli.opening import how_to_call
from shopnow.kernel import connect, connection_url
from shopnow.security import seller_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopnow.kernel import Settings
    from shopnow.security import Access, Farewell, Finding, Listed

_FINDINGS: Final = {
    "right_missing": "droit manquant",
    "right_extra": "droit en trop",
    "policy_missing": "politique de lignes absente",
    "policy_extra": "politique de lignes en trop",
    "policy_differs": "politique de lignes modifiée",
    "row_security_off": "sécurité des lignes coupée",
    "row_security_not_forced": "sécurité des lignes non forcée",
    "view_not_invoker": "vue avec les droits de son propriétaire",
    "undeclared": "objet non déclaré",
    "absent": "déclaré mais absent",
    "role_missing": "rôle absent",
    "role_differs": "rôle modifié",
    "role_unknown": "rôle sans accès ouvert",
    "membership_missing": "appartenance manquante",
    "membership_extra": "appartenance en trop",
    "definer_function": "fonction avec les droits de son propriétaire",
    "foreign_owner": "propriétaire inattendu",
    "not_a_relation_of_ours": "sorte de relation non prévue",
    "access_differs": "accès différent du registre",
    "access_missing": "accès dû, pas accordé",
}
STATES: Final = {
    "open": "ouvert",
    "suspended": "suspendu",
    "expired": "expiré",
    "revoked": "retiré",
}
_SHOWN: Final = 50


def tell_findings(findings: Sequence[Finding], left: Sequence[Finding] | None = None) -> None:
    """Print differences; `left` is what remains of them after they were applied."""
    page = paper()
    if not findings:
        page.print("Accès conformes à la déclaration et au registre : aucun écart.")
        return
    rows = [(_FINDINGS[one.code], one.target, one.detail) for one in findings[:_SHOWN]]
    page.print(sheet(plural(len(findings), "écart"), ["écart", "objet", "détail"], rows))
    if len(findings) > _SHOWN:
        page.print(f"… et {len(findings) - _SHOWN} autres (--json les donne tous).")
    if left is None:
        page.print(f"\nRien n'a été changé. Pour réparer : {how_to_call()} access apply --apply")
    elif left:
        page.print(f"\nAppliqué ; {plural(len(left), 'écart')} à décider :")
        page.print(sheet("", ["écart", "objet"], [(_FINDINGS[o.code], o.target) for o in left]))
    else:
        page.print("\nAppliqué : accès conformes à la déclaration et au registre.")


def tell_accesses(found: Sequence[Listed], settings: Settings) -> None:
    """Print the accesses, one line each."""
    page = paper()
    if not found:
        page.print("Aucun accès.")
        return
    rows = [
        (
            one.label,
            _for_whom(one.kind, one.member_of, one.sellers),
            "SQL" if one.can_login else "pages",
            STATES[one.state],
            moment(one.expires_at, settings.tz) or "sans fin",
            moment(one.last_used_at, settings.tz) or "—",
            one.role_name,
        )
        for one in found[:_SHOWN]
    ]
    columns = ["accès", "pour", "=par", "=état", "=jusqu'au", "=dernière connexion", "=rôle"]
    page.print(sheet(plural(len(found), "accès", "accès"), columns, rows))
    if len(found) > _SHOWN:
        page.print(f"… et {len(found) - _SHOWN} autres (--json les donne tous).")


def tell_grant(
    plans: Sequence[Access],
    passwords: Mapping[str, str | None],
    settings: Settings,
    *,
    is_applied: bool,
) -> None:
    """Print what is granted; a password stands here and nowhere else."""
    page = paper()
    page.print(f"[bold]{'Accès accordés' if is_applied else 'Accès prévus'}[/bold]")
    names = _seller_ids(plans[:_SHOWN], settings)
    for plan in plans[:_SHOWN]:
        until = moment(plan.expires_at, settings.tz)
        way = "par SQL, pages et API" if plan.can_login and plan.web_login else "par SQL"
        way = way if plan.can_login else "par les pages et l'API"
        whom = _for_whom(plan.kind, plan.member_of, [names[number] for number in plan.sellers])
        page.print(
            f"  {plan.label} : {whom}, {way}, {f'jusqu’au {until}' if until else 'sans fin'}"
        )
        word = passwords.get(plan.role_name)
        if word:
            page.print(f"    rôle          {plan.role_name}", soft_wrap=True)
            page.print(f"    mot de passe  {word}", soft_wrap=True)
            page.print(f"    connexion     {_address(settings, plan.role_name)}", soft_wrap=True)
    if len(plans) > _SHOWN:
        page.print(f"  … et {len(plans) - _SHOWN} autres")
    if not is_applied:
        page.print("\nRien n'a été fait : la même commande avec --apply l'accorde.")
    elif any(passwords.values()):
        page.print("\nLe mot de passe n'est montré qu'ici : transmettez-le par un autre canal.")


def tell_revoke(plan: Farewell, settings: Settings, *, is_applied: bool) -> None:
    """Print what a revocation ends."""
    page = paper()
    page.print(f"[bold]{'Accès retirés' if is_applied else 'Accès à retirer'}[/bold]")
    for access in plan.ending[:_SHOWN]:
        since = moment(access.granted_at, settings.tz)
        page.print(f"  {access.label} ({access.role_name}), accordé le {since}")
    if len(plan.ending) > _SHOWN:
        page.print(f"  … et {len(plan.ending) - _SHOWN} autres")
    for access in plan.narrowed:
        page.print(f"  {access.label} ({access.role_name}) reste, sans ce vendeur")
    if is_applied:
        page.print(
            "\nPlus aucune ligne n'est montrée, les rôles ont disparu ; inscrit au registre."
        )
    else:
        page.print("\nRien n'a été fait : la même commande avec --apply les retire.")


def tell_change(accesses: Sequence[Access], word: str, *, is_applied: bool) -> None:
    """Print what was, or would be, done with some accesses."""
    page = paper()
    for access in accesses[:_SHOWN]:
        state = word if is_applied else f"serait {word}"
        page.print(f"  {access.label} ({access.role_name}) : {state}")
    if len(accesses) > _SHOWN:
        page.print(f"  … et {len(accesses) - _SHOWN} autres")
    if not is_applied:
        page.print("\nRien n'a été fait : la même commande avec --apply le fait.")


def _address(settings: Settings, role: str) -> str:
    """Return where a client connects; the passfile of this machine is no business of others."""
    address, _, options = connection_url(settings, role).partition("?")
    kept = [option for option in options.split("&") if not option.startswith("passfile=")]
    return f"{address}?{'&'.join(kept)}" if any(kept) else address


def _seller_ids(plans: Sequence[Access], settings: Settings) -> dict[int, str]:
    """Return what the sellers of some accesses are called; a number stands for one unnamed."""
    numbers = {number for plan in plans for number in plan.sellers}
    with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
        known = seller_names(connection, numbers)
    return {number: known.get(number, str(number)) for number in numbers}


def _for_whom(kind: str, member_of: str, sellers: Sequence[str]) -> str:
    if kind == "staff":
        return member_of.removeprefix("shopnow_")
    if not sellers:
        # A revoked access shows nobody's rows any more.
        return "vendeur"
    names = ", ".join(sellers[:5]) + (f" et {len(sellers) - 5} autres" if len(sellers) > 5 else "")  # noqa: PLR2004  # as many as a line holds
    return f"vendeur {names}" if len(sellers) == 1 else f"vendeurs {names}"

"""What audits and rebuilds of history say, in French: what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.markup import escape

from shopnow.cli.french import DIMENSIONS, number, paper, plural, prose, seconds, sheet
from shopnow.cli.opening import how_to_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from shopnow.dimensions import Check, Finding
    from shopnow.pipeline import AuditReport, RebuildPlan, RebuildReport


@dataclass(frozen=True, slots=True)
class _Words:
    """A check: what it says when it finds something, and what then to do."""

    wrong: str
    remedy: str


_REBUILD: Final = "Reconstruire la dimension : docs/exploitation/reconstruire-une-dimension.md."
_DEFECT: Final = "Défaut du programme ou main étrangère : prévenir l'ingénierie des données."
_CHECKS: Final = {
    "surrogate_shared": _Words("une clé technique donnée à deux membres", _DEFECT),
    "surrogate_above_mark": _Words("une clé technique que la séquence n'a pas donnée", _DEFECT),
    "sequence_below_mark": _Words("la séquence redonnerait des clés déjà données", _DEFECT),
    "chain": _Words("des versions qui ne se suivent pas", _REBUILD),
    "current": _Words("pas exactement une version en vigueur", _REBUILD),
    "period": _Words("une version sans durée, ou mal dite en vigueur", _REBUILD),
    "version_number": _Words("des versions mal numérotées", _REBUILD),
    "rewritten": _Words("un attribut de type 0, 1 ou 3 diffère d'une version à l'autre", _REBUILD),
    "belief": _Words("deux versions crues en même temps pour la même date", _DEFECT),
    "delivery": _Words("une version ne vient d'aucune livraison prise en compte", _REBUILD),
    "fold_missing": _Words("une version que le journal explique manque", _REBUILD),
    "fold_changed": _Words("une version dit autre chose que le journal", _REBUILD),
    "fold_unexplained": _Words("une version que le journal n'explique pas", _REBUILD),
    "fact_member": _Words("un fait sans sa ligne de dimension", _REBUILD),
    "fact_time": _Words("un fait hors de la durée de sa version", _REBUILD),
    "fact_twice": _Words("la même ligne dans deux partitions", _DEFECT),
    "delivery_outcomes": _Words("les comptes d'une livraison ne tombent pas juste", _DEFECT),
    "delivery_statements": _Words("le journal en dit plus que la livraison n'en a livré", _DEFECT),
}
_VERDICTS: Final = {
    "changed": "à réécrire",
    "missing": "à ajouter",
    "unexplained": "à retirer",
}


def tell_audit(report: AuditReport) -> None:
    """Print what an audit found, the findings first told in full, then what was checked."""
    page = paper()
    wrong = [check for check in report.checks if check.findings]
    for check in wrong:
        _tell_check(page, check)
    spent = seconds(sum(check.seconds for check in report.checks))
    done = f"{plural(len(report.checks), 'contrôle')} en {spent}"
    if wrong:
        page.print(f"\n[bold]{plural(report.findings, 'constat')}[/bold], {done}")
    else:
        page.print(f"[bold]L'histoire est saine[/bold] : {done}, aucun constat")
    if report.waiting:
        members = plural(report.waiting, "membre")
        page.print(f"{members} dont les faits seront rattachés par la prochaine exécution")


def tell_plan(report: RebuildReport, names: Sequence[str]) -> None:
    """Print what a rebuild would do."""
    page = paper()
    page.print(_counts(report.plans))
    for plan in report.plans:
        for verdict, examples in plan.examples.items():
            what = f"{DIMENSIONS[plan.dimension]}, {_VERDICTS[verdict]}"
            _tell_examples(page, what, getattr(plan.versions, verdict), examples)
    if report.differs:
        words = " ".join([how_to_call(), "dimension rebuild", *names, "--apply"])
        page.print(f"\nRien n'est encore fait. Pour le faire : {words}", soft_wrap=True)
    else:
        page.print("\nRien à reconstruire : chaque dimension est ce que dit son journal.")


def tell_rebuild(report: RebuildReport, names: Sequence[str]) -> None:  # noqa: ARG001 — as the plan
    """Print what a rebuild did."""
    page = paper()
    page.print(_counts(report.plans))
    if report.differs:
        moved = plural(report.facts_moved, "fait rattaché", "faits rattachés")
        page.print(f"\n[bold]Reconstruit[/bold] (exécution {report.run_id}), {moved} aussitôt.")
        page.print(f"Vérifier : {how_to_call()} dimension audit", soft_wrap=True)
    else:
        page.print("\nRien n'a changé : chaque dimension est ce que dit son journal.")


def _counts(plans: Sequence[RebuildPlan]) -> object:
    rows = [
        (
            DIMENSIONS[plan.dimension],
            number(plan.versions.kept),
            number(plan.versions.changed),
            number(plan.versions.missing),
            number(plan.versions.unexplained),
        )
        for plan in plans
    ]
    columns = ["=dimension", ">retrouvées", ">à réécrire", ">à ajouter", ">à retirer"]
    return sheet("Versions", columns, rows)


def _tell_check(page: Console, check: Check) -> None:
    words = _CHECKS[check.name]
    _tell_examples(page, f"{check.about} : {words.wrong}", check.findings, check.examples)
    prose(page, f"[dim]{words.remedy}[/dim]", "    ")


def _tell_examples(page: Console, what: str, count: int, examples: Sequence[Finding]) -> None:
    page.print()
    prose(page, f"[bold]{escape(what)}[/bold] ({number(count)})")
    for one in examples:
        prose(page, f"{escape(one.subject)}  [dim]{escape(one.detail)}[/dim]", "    ")
    if count > len(examples):
        page.print(f"    … et {number(count - len(examples))} de plus")

"""The register of processing activities (GDPR article 30, CNIL's model) as page and workbook.

Both are made from the one declaration and from the proofs of the purges: nothing is typed twice.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from shopnow.deliverables.sheets import Cell, Page
from shopnow.privacy import BASES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from shopnow.privacy import Proof, Register, Treatment

_HEADS: Final = (
    "Traitement", "Finalité", "Base légale", "Personnes concernées", "Catégories de données",
    "Destinataires", "Transferts", "Durées de conservation", "Mesures de sécurité",
)  # fmt: skip
_SCHEDULE_HEADS: Final = (
    "Traitement de conformité", "Durée", "Ce qui est fait", "Source de la durée", "Fréquence",
    "Dernière exécution", "Plus ancienne donnée", "Conforme",
)  # fmt: skip
_WIDTHS: Final = (26, 34, 22, 26, 30, 30, 28, 36, 46)
_SCHEDULE_WIDTHS: Final = (28, 22, 38, 60, 14, 18, 18, 10)
_WEEK_HOURS: Final = 168
_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem;
color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}h3{font-size:1rem;margin-bottom:.3rem}
dt{font-weight:600}dd{margin:0 0 .5rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #bbb}
"""


def register_page(
    register: Register, proofs: Sequence[Proof], made_at: datetime, zone: ZoneInfo
) -> str:
    """Return the register as one page of French HTML; times are those of `zone`."""
    who = register.controller
    opening = (
        f"<p>{escape(who['name'])}, {escape(who['role'].lower())}. {escape(who['contact'])}."
        f" Établi le {_moment(made_at, zone)} (RGPD, article 30).</p>"
    )
    parts = [
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Registre des traitements</title><style>{_STYLE}</style></head><body><main>",
        "<h1>Registre des activités de traitement</h1>",
        opening,
        "<h2>Activités</h2>",
        *(_activity(register, one) for one in register.treatments),
        "<h2>Conservation et traitements de conformité</h2>",
        _table(_SCHEDULE_HEADS, [_scheduled(register, proof, zone) for proof in proofs]),
        "<h2>Mesures de sécurité</h2><ul>",
        *(f"<li>{escape(one)}</li>" for one in who["measures"]),
        "</ul></main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def register_workbook(register: Register, proofs: Sequence[Proof], zone: ZoneInfo) -> list[Page]:
    """Return the register as two sheets: activities, and the retention schedule with its proofs."""
    activities = [_cells(_activity_row(register, one)) for one in register.treatments]
    schedule = [_cells(_scheduled(register, proof, zone)) for proof in proofs]
    return [
        _sheet("Registre", _HEADS, activities, _WIDTHS),
        _sheet("Conservation", _SCHEDULE_HEADS, schedule, _SCHEDULE_WIDTHS),
    ]


def _activity(register: Register, one: Treatment) -> str:
    pairs = zip(_HEADS[1:], _activity_row(register, one)[1:], strict=True)
    items = "".join(f"<dt>{escape(head)}</dt><dd>{escape(text)}</dd>" for head, text in pairs)
    return f"<h3>{escape(one.title)}</h3><dl>{items}</dl>"


def _activity_row(register: Register, one: Treatment) -> list[str]:
    who = register.controller
    return [
        one.title, one.purpose, BASES[one.legal_basis], one.subjects, ", ".join(one.categories),
        ", ".join(one.recipients), who["transfers"], one.retention_fr, " ".join(who["measures"]),
    ]  # fmt: skip


def _scheduled(register: Register, proof: Proof, zone: ZoneInfo) -> list[str]:
    kept = register.classes[proof.treatment]
    return [
        kept.title, kept.period, kept.action, kept.source, _frequency(kept.every_hours),
        _moment(proof.last_run_at, zone) or "jamais", _moment(proof.oldest_at, zone) or "aucune",
        "oui" if proof.good else "non",
    ]  # fmt: skip


def _frequency(hours: int) -> str:
    if hours == _WEEK_HOURS:
        return "chaque semaine"
    return "chaque jour" if hours == 24 else f"toutes les {hours} heures"  # noqa: PLR2004 — a day


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%d/%m/%Y %H:%M}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(texts: Sequence[str]) -> list[Cell]:
    return [Cell(text) for text in texts]


def _sheet(
    name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[int]
) -> Page:
    head = [Cell(text, "head") for text in heads]
    return Page(name, [head, *rows], widths, frozen=(1, 1), filtered=1, fits=True)

"""Procedures and team: what to do when an alert speaks, and whose turn it is.

Procedures are the runbooks that the tests execute; the team is the RACI that assigns tickets.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markdown_it import MarkdownIt
from markupsafe import Markup

from shopnow.kernel import data_dir
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.desk import Raci
    from shopnow.web.visit import Visit

FOLDER: Final = data_dir("docs/exploitation")
_KEPT: Final = 200


def show_procedures(visit: Visit) -> Shown:
    """All procedures by title; of an alert the one that its rule names."""
    _staff_only(visit)
    alerts = {rule.runbook: rule.title for rule in visit.declared.rules.values()}
    found = [(name, title, alerts.get(name, "")) for name, title in _titles()]
    return Shown("procedures.html", {"procedures": found})


def show_procedure(visit: Visit) -> Shown:
    """One procedure; the tests execute its commands, a person may copy them."""
    _staff_only(visit)
    name = str(visit.request.path_params["name"])
    if name not in dict(_titles()):
        raise NotFoundError
    return Shown("procedure.html", {"title": dict(_titles())[name], "text": _html(name)})


def procedure_titles() -> dict[str, str]:
    """Title of each procedure by name."""
    return dict(_titles())


def show_team(visit: Visit) -> Shown:
    """Who does, who answers for it, who is asked, who is told."""
    _staff_only(visit)
    raci = visit.declared.desk.raci
    return Shown("team.html", {"roles": list(raci.roles.values()), "activities": _duties(raci)})


def _duties(raci: Raci) -> list[dict[str, Any]]:
    def titles(*names: str) -> str:
        return ", ".join(raci.roles[name].title for name in names)

    return [
        {
            "title": one.title,
            "responsible": titles(one.responsible),
            "accountable": titles(one.accountable),
            "consulted": titles(*one.consulted),
            "informed": titles(*one.informed),
        }
        for one in raci.activities.values()
    ]


def _staff_only(visit: Visit) -> None:
    # How the house works is no seller's business.
    if not visit.person.is_staff:
        raise NotFoundError


@lru_cache(maxsize=1)
def _titles() -> tuple[tuple[str, str], ...]:
    """Name and title of each procedure, by title; none where they were not installed."""
    found = [(path.stem, _title(path)) for path in FOLDER.glob("*.md")]
    return tuple(sorted(found, key=lambda one: one[1].casefold()))


def _title(path: Path) -> str:
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("#").strip() or path.stem


@lru_cache(maxsize=_KEPT)
def _html(name: str) -> Markup:
    """A procedure as HTML; its raw HTML stays text, its links lead to its neighbours."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("\n")[2]
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = made.parse(text)
    for token in tokens:
        for part in token.children or ():
            target = str(part.attrs.get("href", ""))
            if part.type == "link_open" and target.endswith(".md") and "/" not in target:
                part.attrSet("href", f"/procedures/{target.removesuffix('.md')}")
    html = str(made.renderer.render(tokens, made.options, {}))
    # A block that scrolls is reached by keyboard.
    return Markup(html.replace("<pre>", '<pre tabindex="0">'))  # noqa: S704 — rendered, HTML off

"""The pages that a role is shown.

What a page may read is decided by the database; this only spares people pages that would be empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.security import STAFF_ROLES

if TYPE_CHECKING:
    from shopnow.security import Person

ADMIN: Final = STAFF_ROLES["admin"]
ENGINEER: Final = STAFF_ROLES["engineer"]
OPERATOR: Final = STAFF_ROLES["operator"]
DPO: Final = STAFF_ROLES["dpo"]
ANALYST: Final = STAFF_ROLES["analyst"]
ROLES_FR: Final = {
    ADMIN: "administrateur DWH",
    ENGINEER: "ingénieur données",
    OPERATOR: "exploitant",
    DPO: "délégué à la protection des données",
    ANALYST: "analyste",
}
RUNNERS: Final = frozenset({ADMIN, ENGINEER, OPERATOR})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu; `roles` empty: for sellers."""

    path: str
    title: str
    roles: frozenset[str]


MENU: Final = (
    Entry("/supervision", "Supervision", RUNNERS | {DPO}),
    Entry("/executions", "Exécutions", RUNNERS),
    Entry("/livraisons", "Livraisons", RUNNERS),
    Entry("/rejets", "Rejets", RUNNERS),
    Entry("/vendeurs", "Vendeurs", RUNNERS),
    Entry("/historique", "Historique", frozenset({ENGINEER})),
    Entry("/alertes", "Alertes", RUNNERS | {DPO}),
    Entry("/tickets", "Tickets", RUNNERS | {DPO}),
    Entry("/sauvegardes", "Sauvegardes", frozenset({ADMIN, OPERATOR})),
    Entry("/vie-privee", "Vie privée", frozenset({DPO, ADMIN})),
    Entry("/marts", "Marts", frozenset({ANALYST, ENGINEER})),
    Entry("/ma-boutique", "Ma boutique", frozenset()),
    Entry("/mes-livraisons", "Mes livraisons", frozenset()),
)


def role_of(person: Person) -> str:
    """The role of a person as people say it."""
    return ROLES_FR.get(person.role_name, "vendeur")


def menu_of(person: Person) -> list[Entry]:
    """The pages that a person is shown, the first one being where they land."""
    if not person.is_staff:
        return [entry for entry in MENU if not entry.roles]
    return [entry for entry in MENU if person.role_name in entry.roles]


def may_see(person: Person, path: str) -> bool:
    """Say whether a page is of a person's menu; what has no entry is open to everybody inside."""
    top = "/" + path.strip("/").split("/", 1)[0]
    known = [entry for entry in MENU if entry.path == top]
    return not known or known[0] in menu_of(person)

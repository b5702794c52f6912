"""A person at the doors of the pages, and the roles that the staff has there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Roles of the staff by the word that commands use.
STAFF_ROLES: Final = {
    "admin": "shopnow_admin", "engineer": "shopnow_engineer", "operator": "shopnow_operator",
    "dpo": "shopnow_dpo", "analyst": "shopnow_analyst",
}  # fmt: skip
STAFF: Final = frozenset(STAFF_ROLES.values())
STAFF_POOL: Final = "shopnow_web_staff"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: account, database role, the login that takes it, the token of forms."""

    login: str
    role_name: str
    pool_login: str
    form_token: str

    @property
    def is_staff(self) -> bool:
        """False for a seller, whose role is none of the staff's."""
        return self.role_name in STAFF

"""The roles of the warehouse that exist before any table: who they are, what they may be.

Rights on tables are given by migrations and by the security room; here stand only the traits
that a superuser must set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

OWNER: Final = "shopnow_owner"
ETL: Final = "shopnow_etl"
BACKUP: Final = "shopnow_backup"


@dataclass(frozen=True)
class Role:
    """One role, its traits and the sentence that explains it in the catalogue."""

    name: str
    about: str
    login: bool = True
    bypass_row_security: bool = False
    replication: bool = False
    # Groups of PostgreSQL itself, e.g. pg_read_all_data.
    member_of: tuple[str, ...] = ()
    temporary_tables: bool = False


ROLES: Final = (
    Role(OWNER, "Owns the schemas; runs migrations, nothing else.", temporary_tables=True),
    Role(ETL, "Loads the warehouse.", bypass_row_security=True, temporary_tables=True),
    Role("shopnow_admin", "Administrator: accesses, backups, capacity, upgrades."),
    Role("shopnow_engineer", "Data engineer: sources, contracts, runs; no personal columns."),
    Role("shopnow_operator", "Operator: is it healthy, what broke."),
    Role("shopnow_analyst", "Internal analyst: the marts, without personal data."),
    Role("shopnow_analyst_detail", "Analyst with the star, by name, for a limited time."),
    Role("shopnow_dpo", "Privacy officer: register, retention, erasure, proof."),
    Role(
        BACKUP,
        "Backs up: reads everything, writes nothing.",
        bypass_row_security=True,
        replication=True,
        member_of=("pg_read_all_data",),
    ),
    Role("shopnow_seller", "Group of all sellers; row policies are written for it.", login=False),
    Role("shopnow_web_seller", "Group of the logins of the pages of sellers.", login=False),
    Role(
        "shopnow_web_staff", "Pages of the staff: takes the role of who asks, a transaction long."
    ),
)

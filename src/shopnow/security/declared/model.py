"""What a declaration says: rights, rules of rows, traits and memberships of roles; no I/O.

Protects the rule that a right exists because it is written in db/access.yaml, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psycopg import sql

OWNER: Final = "shopnow_owner"
SELLERS: Final = "shopnow_seller"
EVERYBODY: Final = "PUBLIC"
# Roles that no policy is written for: they pass them all.
BYPASSING: Final = ("shopnow_etl", "shopnow_backup")
# Which column of a table says whose a row is; the text of a rule is sql/rule_<name>.sql.
RULES: Final = ("seller", "sender", "access", "shared")
ACTIONS: Final = ("select", "insert", "update", "delete", "truncate", "references", "trigger",
                  "maintain")  # fmt: skip
# Actions that row policies know; the others never touch rows one by one.
ROW_ACTIONS: Final = ("select", "insert", "update", "delete")


@dataclass(frozen=True, order=True, slots=True)
class Right:
    """One right: who may do what with what; `column` is empty for the whole object."""

    # database | schema | relation | partition | function | sequence
    kind: str
    # "schema.name"; for a schema or the database its name.
    target: str
    role: str
    action: str
    column: str = ""

    def __str__(self) -> str:
        """Return the right as a sentence of few words."""
        where = f"{self.target}.{self.column}" if self.column else self.target
        return f"{self.role} {self.action} {self.kind} {where}"


@dataclass(frozen=True, order=True, slots=True)
class Policy:
    """One row policy: whom it lets do what, with which rows."""

    relation: str
    name: str
    # all | select | insert | update | delete
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    permissive: bool = True


@dataclass(frozen=True, order=True, slots=True)
class Traits:
    """What a role may be, apart from its rights."""

    login: bool = True
    bypass: bool = False
    replication: bool = False
    superuser: bool = False
    create_role: bool = False
    create_database: bool = False


@dataclass(frozen=True, order=True, slots=True)
class Membership:
    """One role in another: whether it has its rights at once, and whether it may become it."""

    group: str
    member: str
    inherit: bool
    become: bool
    admin: bool = False


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What the roles of one kind of access get: sessions at once, longest time, settings."""

    connections: int
    days: int | None
    settings: tuple[tuple[str, str], ...]
    # Whether each seller is due one by the pages, without being asked for.
    is_for_every_seller: bool = False


@dataclass(frozen=True)
class Relation:
    """What is declared of one table or view."""

    name: str
    rule: str | None
    rights: frozenset[Right]


@dataclass(frozen=True)
class Declaration:
    """The whole declaration; the rights of `relations` are in `rights` too."""

    roles: dict[str, Traits]
    memberships: frozenset[Membership]
    relations: dict[str, Relation]
    partition_rights: frozenset[tuple[str, str]]
    rights: frozenset[Right]
    # Functions that may run with the rights of their owner, and why each does.
    definers: dict[str, str]
    functions: frozenset[str]
    sequences: frozenset[str]
    # By kind: seller, staff, or the short name of a role with rules of its own.
    accesses: dict[str, AccessRules]


@dataclass(frozen=True)
class Finding:
    """One difference between declaration and catalogue.

    `code` is stable: right_missing, right_extra, policy_missing, policy_extra, policy_differs,
    row_security_off, row_security_not_forced, view_not_invoker, undeclared, absent, role_missing,
    role_differs, role_unknown, membership_missing, membership_extra, definer_function,
    foreign_owner, not_a_relation_of_ours, access_differs, access_missing.
    """

    code: str
    target: str
    detail: str
    # What ends it, in the order to run; none where a person must decide.
    statements: tuple[sql.Composed, ...] = ()
    # Roles and memberships are the bootstrap superuser's, all else the owner's.
    by_superuser: bool = False

    @property
    def is_mendable(self) -> bool:
        """Return whether `access apply` ends it: by statements, or from the access ledger."""
        return bool(self.statements) or self.code in {"access_differs", "access_missing"}


def policies_of(relation: Relation, rule_text: str | None) -> frozenset[Policy]:
    """Return the policies that a declared table has.

    The owner passes, so that migrations see rows; each role with a right passes for what it may
    do; sellers pass by the rule alone, and only to read.
    """
    wanted = {Policy(relation.name, "owner_all", "all", (OWNER,), "true", "true")}
    for action in ROW_ACTIONS:
        staff = sorted(
            {
                right.role
                for right in relation.rights
                if right.action == action and right.role not in {SELLERS, OWNER, *BYPASSING}
            }
        )
        if staff:
            using = None if action == "insert" else "true"
            check = "true" if action in {"insert", "update"} else None
            wanted.add(Policy(relation.name, f"staff_{action}", action, tuple(staff), using, check))
    if rule_text is not None:
        wanted.add(
            Policy(relation.name, "seller_select", "select", (SELLERS,), rule_text, None)
        )  # fmt: skip
    return frozenset(wanted)

"""What the catalogue holds: the other side of the comparison, read and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.kernel import Sql
from shopnow.security.declared.model import Membership, Policy, Right, Traits

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class FoundRelation:
    """A table, view or partition and how its rows are guarded."""

    name: str
    # table | view | partition | other
    kind: str
    row_security: bool
    is_forced: bool
    asks_as_invoker: bool
    owner: str


@dataclass(frozen=True)
class Found:
    """Everything that the declaration speaks of, as it is."""

    database: str
    relations: dict[str, FoundRelation]
    # Each with whether the role may give it on, which nobody may.
    rights: dict[Right, bool]
    policies: dict[tuple[str, str], Policy]
    roles: dict[str, Traits]
    memberships: dict[tuple[str, str], Membership]
    functions: dict[str, tuple[str, ...]]
    sequences: frozenset[str]
    definers: tuple[str, ...]
    is_distributed: bool


def read_found(conn: psycopg.Connection[TupleRow]) -> Found:
    """Return what the connected database and its server hold; any role may ask."""
    relations = [FoundRelation(*row) for row in conn.execute(SQL["found_relations"])]
    rights = {
        Right(kind, target, role, action, column): grantable
        for kind, target, role, action, column, grantable in conn.execute(SQL["found_rights"])
    }
    policies = [
        Policy(
            relation, name, command, tuple(sorted(roles)), _flat(using), _flat(check), permissive
        )
        for relation, name, command, roles, using, check, permissive in conn.execute(
            SQL["found_policies"]
        )
    ]
    memberships = [Membership(*row) for row in conn.execute(SQL["found_memberships"])]
    functions: dict[str, tuple[str, ...]] = {}
    for name, arguments in conn.execute(SQL["found_functions"]):
        functions[name] = (*functions.get(name, ()), arguments)
    distributed = conn.execute(SQL["distributed_tables"]).fetchone()
    return Found(
        database=conn.info.dbname,
        relations={relation.name: relation for relation in relations},
        rights=rights,
        policies={(policy.relation, policy.name): policy for policy in policies},
        roles={name: Traits(*traits) for name, *traits in conn.execute(SQL["found_roles"])},
        memberships={(item.group, item.member): item for item in memberships},
        functions=functions,
        sequences=frozenset(name for (name,) in conn.execute(SQL["found_sequences"])),
        definers=tuple(name for (name,) in conn.execute(SQL["found_definers"])),
        is_distributed=bool(distributed and distributed[0]),
    )


def _flat(text: str | None) -> str | None:
    """Return a condition on one line, as the rules are written."""
    return None if text is None else " ".join(text.split())

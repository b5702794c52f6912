"""Declaration against catalogue: every difference, and the statements that end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from shopnow.kernel import Sql
from shopnow.security.declared.model import (
    EVERYBODY,
    OWNER,
    Declaration,
    Finding,
    Policy,
    Relation,
    Right,
    policies_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from shopnow.security.declared.catalogue import Found, FoundRelation

SQL = Sql(__package__)
_WORDS: dict[str, LiteralString] = {
    "all": "ALL",
    "select": "SELECT",
    "insert": "INSERT",
    "update": "UPDATE",
    "delete": "DELETE",
    "truncate": "TRUNCATE",
    "references": "REFERENCES",
    "trigger": "TRIGGER",
    "maintain": "MAINTAIN",
    "usage": "USAGE",
    "create": "CREATE",
    "execute": "EXECUTE",
    "temporary": "TEMPORARY",
    "connect": "CONNECT",
}


def compare(declared: Declaration, found: Found) -> tuple[Finding, ...]:
    """Return the differences; those about roles are in `compare_roles`."""
    return (
        *_relations(declared, found),
        *_extra_rights(declared, found),
        *_missing_rights(declared, found),
        *_row_security(declared, found),
        *_definers(declared, found),
    )


def _relations(declared: Declaration, found: Found) -> Iterator[Finding]:
    for name, relation in sorted(found.relations.items()):
        if relation.kind == "partition":
            continue
        if relation.kind == "other":
            yield Finding(
                "not_a_relation_of_ours",
                name,
                "vue matérialisée ou table étrangère : aucune politique ne la garde",
            )
        elif name not in declared.relations:
            yield Finding("undeclared", name, "db/access.yaml ne la nomme pas")
        if relation.owner != OWNER:
            yield Finding("foreign_owner", name, f"appartient à {relation.owner}")
        if relation.kind == "view" and not relation.asks_as_invoker:
            statement = SQL.compose("view_invoker", target=_named(name))
            detail = "elle s'exécute avec les droits de son propriétaire"
            yield Finding("view_not_invoker", name, detail, (statement,))
    named = set(declared.relations) | declared.functions | declared.sequences
    present = set(found.relations) | set(found.functions) | found.sequences
    for name in sorted(named - present):
        yield Finding("absent", name, "déclaré, mais absent du catalogue")
    for name in sorted(set(found.functions) - declared.functions):
        yield Finding("undeclared", name, "db/access.yaml ne nomme pas cette fonction")


def _extra_rights(declared: Declaration, found: Found) -> Iterator[Finding]:
    for right, grantable in sorted(found.rights.items()):
        is_declared = right in declared.rights
        if right.kind == "partition":
            is_declared = not right.column and (
                (right.role, right.action) in declared.partition_rights
            )
        elif _is_undeclared(right, declared):
            # Told once, as undeclared; what its migration gave stays meanwhile.
            is_declared = right.role != EVERYBODY
        if not is_declared or grantable:
            detail = f"{right.role} : {right.action}, et peut le transmettre" if grantable else ""
            detail = detail or f"{right.role} : {right.action}, que personne n'a déclaré"
            statements = [_change("revoke", right, found)]
            statements += [_change("grant", right, found)] if is_declared else []
            yield Finding("right_extra", _target(right), detail, tuple(statements))


def _is_undeclared(right: Right, declared: Declaration) -> bool:
    known: dict[str, Collection[str]] = {
        "relation": declared.relations,
        "function": declared.functions,
        "sequence": declared.sequences,
    }
    return right.kind in known and right.target not in known[right.kind]


def _missing_rights(declared: Declaration, found: Found) -> Iterator[Finding]:
    for right in sorted(declared.rights - set(found.rights)):
        if right.role == OWNER or not _exists(right, found):
            continue
        detail = f"{right.role} : {right.action}, déclaré mais non accordé"
        yield Finding("right_missing", _target(right), detail, (_change("grant", right, found),))


def _exists(right: Right, found: Found) -> bool:
    """Return whether what a right is about is there; what is not is told by itself."""
    if right.role not in found.roles:
        return False
    return {
        "relation": right.target in found.relations,
        "function": right.target in found.functions,
        "sequence": right.target in found.sequences,
    }.get(right.kind, True)


def _row_security(declared: Declaration, found: Found) -> Iterator[Finding]:
    for name, relation in sorted(found.relations.items()):
        if relation.kind != "table":
            continue
        if not relation.row_security:
            statement = SQL.compose("table_enable", target=_named(name))
            detail = "coupée : tout droit sur la table donne toutes ses lignes"
            yield Finding("row_security_off", name, detail, (statement,))
        if not relation.is_forced:
            statement = SQL.compose("table_force", target=_named(name))
            detail = "son propriétaire passe outre ses politiques"
            yield Finding("row_security_not_forced", name, detail, (statement,))
        # A table that nobody declared yet shows its rows to nobody.
        wanted = declared.relations.get(name) or Relation(name, None, frozenset())
        yield from _policies(wanted, found)


def _policies(relation: Relation, found: Found) -> Iterator[Finding]:
    wanted = {policy.name: policy for policy in policies_of(relation, _rule_text(relation, found))}
    present = {
        name: policy for (table, name), policy in found.policies.items() if table == relation.name
    }
    for name in sorted(set(present) - set(wanted)):
        detail = f"la politique {name} n'est pas déclarée"
        yield Finding("policy_extra", relation.name, detail, (_drop(present[name]),))
    for name, policy in sorted(wanted.items()):
        if name not in present:
            detail = f"la politique {name} manque"
            yield Finding("policy_missing", relation.name, detail, (_create(policy),))
        elif present[name] != policy:
            detail = f"la politique {name} dit autre chose que la déclaration"
            statements = (_drop(present[name]), _create(policy))
            yield Finding("policy_differs", relation.name, detail, statements)


def _rule_text(relation: Relation, found: Found) -> str | None:
    if relation.rule is None:
        return None
    suffix = "_distributed" if found.is_distributed else ""
    # The linter of SQL takes no bare condition: what is said to it stands behind.
    return SQL[f"rule_{relation.rule}{suffix}"].partition(" -- ")[0]


def _definers(declared: Declaration, found: Found) -> Iterator[Finding]:
    for name in found.definers:
        if name not in declared.definers:
            detail = "elle s'exécute avec les droits de son propriétaire, sans motif déclaré"
            yield Finding("definer_function", name, detail)


def _change(verb: str, right: Right, found: Found) -> sql.Composed:
    kind = right.kind
    if right.column:
        return SQL.compose(
            f"{verb}_column",
            action=sql.SQL(_WORDS[right.action]),
            column=sql.Identifier(right.column),
            target=_named(right.target),
            role=_role(right.role),
        )
    if kind == "function":
        signatures = [
            sql.SQL("{}({})").format(_named(right.target), _argument_types(arguments))
            for arguments in found.functions[right.target]
        ]
        return SQL.compose(
            f"{verb}_function", target=sql.SQL(", ").join(signatures), role=_role(right.role)
        )
    target: sql.Composable = _named(right.target)
    if kind == "database":
        target = sql.Identifier(found.database)
    return SQL.compose(
        f"{verb}_{'relation' if kind == 'partition' else kind}",
        action=sql.SQL(_WORDS[right.action]),
        target=target,
        role=_role(right.role),
    )


def _create(policy: Policy) -> sql.Composed:
    conditions = []
    if policy.using is not None:
        conditions.append(sql.SQL("USING ({})").format(_text(policy.using)))
    if policy.check is not None:
        conditions.append(sql.SQL("WITH CHECK ({})").format(_text(policy.check)))
    return SQL.compose(
        "policy_create",
        policy=sql.Identifier(policy.name),
        target=_named(policy.relation),
        command=sql.SQL(_WORDS[policy.command]),
        roles=sql.SQL(", ").join(map(sql.Identifier, policy.roles)),
        rows=sql.SQL(" ").join(conditions),
    )


def _drop(policy: Policy) -> sql.Composed:
    return SQL.compose(
        "policy_drop", policy=sql.Identifier(policy.name), target=_named(policy.relation)
    )


def _text(condition: str) -> sql.Composed:
    # Only "true" and the rules of sql/rule_*.sql come here, never a text from outside.
    return sql.Composed([sql.SQL(condition)])


def _argument_types(arguments: str) -> sql.Composed:
    # As the catalogue itself writes them.
    return sql.Composed([sql.SQL(arguments)])


def _named(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split(".", 1))


def _role(name: str) -> sql.Composable:
    return sql.SQL("PUBLIC") if name == EVERYBODY else sql.Identifier(name)


def _target(right: Right) -> str:
    name = right.target or "the database"
    return f"{name}.{right.column}" if right.column else name


def guarded_tables(found: Found) -> tuple[FoundRelation, ...]:
    """Return the tables whose rows policies guard, partitions and views left out."""
    return tuple(
        relation for _, relation in sorted(found.relations.items()) if relation.kind == "table"
    )

"""Traits and memberships of roles: declared against found."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from shopnow.kernel import Sql
from shopnow.security.declared.model import Declaration, Finding, Membership, Traits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from shopnow.security.declared.catalogue import Found

SQL = Sql(__package__)


def compare_roles(
    declared: Declaration, found: Found, known: Collection[str]
) -> tuple[Finding, ...]:
    """Return the differences about roles.

    `known` are the roles of accesses: their traits and memberships are compared elsewhere.
    """
    return (*_traits(declared, found), *_memberships(declared, found, known))


def _traits(declared: Declaration, found: Found) -> Iterator[Finding]:
    for name, wanted in sorted(declared.roles.items()):
        present = found.roles.get(name)
        if present is None:
            detail = "déclaré, mais le serveur ne l'a pas ; `shopnow up` le crée"
            yield Finding("role_missing", name, detail, by_superuser=True)
        elif present != wanted:
            statement = SQL.compose("role_traits", role=sql.Identifier(name), traits=_words(wanted))
            detail = f"il peut : {_told(present)} ; déclaré : {_told(wanted)}"
            yield Finding("role_differs", name, detail, (statement,), by_superuser=True)


def _memberships(declared: Declaration, found: Found, known: Collection[str]) -> Iterator[Finding]:
    wanted = {(item.group, item.member): item for item in declared.memberships}
    for pair, item in sorted(wanted.items()):
        if not set(pair) <= {*found.roles, *_groups_of_postgres(declared)}:
            continue
        present = found.memberships.get(pair)
        if present == item:
            continue
        code = "membership_missing" if present is None else "membership_extra"
        detail = (
            "déclarée, mais il n'en est pas membre"
            if present is None
            else "membre autrement que déclaré"
        )
        revoke = [] if present is None else [_revoke(item)]
        yield Finding(
            code, f"{item.member} in {item.group}", detail, (*revoke, _grant(item)),
            by_superuser=True,
        )  # fmt: skip
    for pair, item in sorted(found.memberships.items()):
        if pair in wanted or item.member in known or item.group in known:
            continue
        if item.group in declared.roles or item.member in declared.roles:
            detail = "membre, ce que personne n'a déclaré"
            target = f"{item.member} in {item.group}"
            yield Finding(
                "membership_extra", target, detail, (_revoke(item),), by_superuser=True
            )  # fmt: skip


def _groups_of_postgres(declared: Declaration) -> set[str]:
    return {item.group for item in declared.memberships if item.group not in declared.roles}


def _grant(item: Membership) -> sql.Composed:
    return SQL.compose(
        "membership_grant",
        group=sql.Identifier(item.group),
        member=sql.Identifier(item.member),
        inherit=sql.SQL("TRUE" if item.inherit else "FALSE"),
        become=sql.SQL("TRUE" if item.become else "FALSE"),
    )


def _revoke(item: Membership) -> sql.Composed:
    return SQL.compose(
        "membership_revoke",
        group=sql.Identifier(item.group),
        member=sql.Identifier(item.member),
    )


def _words(traits: Traits) -> sql.Composed:
    words: dict[LiteralString, bool] = {
        "LOGIN": traits.login,
        "BYPASSRLS": traits.bypass,
        "REPLICATION": traits.replication,
        "SUPERUSER": traits.superuser,
        "CREATEROLE": traits.create_role,
        "CREATEDB": traits.create_database,
    }
    # Without the trait PostgreSQL says the same word with NO before it.
    parts = [sql.SQL(word) if has else sql.SQL("NO") + sql.SQL(word) for word, has in words.items()]
    return sql.SQL(" ").join(parts)


def _told(traits: Traits) -> str:
    names = {
        "login": traits.login,
        "bypass": traits.bypass,
        "replication": traits.replication,
        "superuser": traits.superuser,
        "create_role": traits.create_role,
        "create_database": traits.create_database,
    }
    return ", ".join(name for name, has in names.items() if has) or "rien de particulier"

"""The roles of the server that stand for accesses: what they are to be, what they are, the change.

Protects two rules: a role made for a seller has no right but those of the group of sellers, and an
access that is over leaves no role behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import sql

from shopnow.kernel import Sql
from shopnow.security.declared import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import psycopg
    from psycopg.rows import TupleRow

    from shopnow.security.accesses.model import Access
    from shopnow.security.declared import AccessRules

SQL = Sql(__package__)
# Roles are of the whole server: the comment says which database an access is of.
MARKER: Final = "ShopNow access of "
# Roles made in one transaction: each holds a lock until its end.
TOGETHER: Final = 500
_WEB_LOGIN: Final = re.compile(r"shopnow_web_seller_\d{2,}")
_WEB_GROUP: Final = "shopnow_web_seller"


@dataclass(frozen=True, slots=True)
class Served:
    """One role of the server that was made for an access, as it is or is to be."""

    name: str
    can_login: bool
    is_mighty: bool
    inherits: bool
    connections: int
    valid_until: datetime | None
    settings: tuple[str, ...]
    remark: str
    # "group inherit set admin" of each membership, and the same of who may take it.
    groups: tuple[str, ...]
    taken_by: tuple[str, ...]


def read_served(conn: psycopg.Connection[TupleRow]) -> dict[str, Served]:
    """Return every role of the server that is an access, of whichever database."""
    rows = conn.execute(SQL["roles_found"], {"marker": MARKER})
    served = [
        Served(
            name, login, mighty, inherits, connections, until, tuple(sorted(settings)), remark,
            tuple(groups), tuple(taken_by),
        )
        for name, login, mighty, inherits, connections, until, settings, remark, groups, taken_by
        in rows
    ]  # fmt: skip
    return {role.name: role for role in served}


def wanted_role(access: Access, rules: Mapping[str, AccessRules], database: str) -> Served:
    """Return the role that an open access is to have."""
    rule = rules_of(access.member_of, rules)
    return Served(
        name=access.role_name,
        can_login=access.can_login,
        is_mighty=False,
        inherits=True,
        connections=rule.connections,
        valid_until=access.expires_at,
        settings=tuple(f"{name}={value}" for name, value in rule.settings),
        remark=MARKER + database,
        groups=(f"{access.member_of} true false false",),
        taken_by=(f"{access.web_login} false true false",) if access.web_login else (),
    )


def rules_of(member_of: str, rules: Mapping[str, AccessRules]) -> AccessRules:
    """Return the rules for accesses to a role: its own, else those of its kind."""
    short = member_of.removeprefix("shopnow_")
    return rules.get(short) or rules["staff"]


def is_web_login(role: str) -> bool:
    """Return whether a role is one of the logins of the pages of sellers."""
    return _WEB_LOGIN.fullmatch(role) is not None


def compare_served(
    wanted: Mapping[str, Served], served: Mapping[str, Served], database: str
) -> Iterator[Finding]:
    """Yield the differences between the accesses of a database and the roles of the server."""
    mine = {name: role for name, role in served.items() if role.remark == MARKER + database}
    missing = [role for name, role in wanted.items() if name not in mine]
    for start in range(0, len(missing), TOGETHER):
        yield from _missing(missing[start : start + TOGETHER])
    for name in sorted(set(mine) - set(wanted)):
        detail = "ne répond à aucun accès ouvert"
        yield Finding("role_unknown", name, detail, tuple(gone(name)), by_superuser=True)
    for name, role in wanted.items():
        if name in mine and mine[name] != role:
            detail = _difference(mine[name], role)
            yield Finding(
                "role_differs", name, detail, tuple(_altered(mine[name], role)), by_superuser=True
            )  # fmt: skip


def gone(name: str) -> list[sql.Composed]:
    """Return the statements that remove a role and whatever it was given meanwhile."""
    role = sql.Identifier(name)
    return [SQL.compose("role_strip", role=role), SQL.compose("role_drop", role=role)]


def password(name: str, verifier: str | None) -> sql.Composed:
    """Return the statement that sets the password of a role."""
    return SQL.compose(
        "role_password",
        role=sql.Identifier(name),
        verifier=sql.Literal(verifier) if verifier else sql.NULL,
    )


def _missing(roles: Sequence[Served]) -> Iterator[Finding]:
    """Yield one finding a role, and one that gives the memberships of all of them."""
    for role in roles:
        statements = [_made("role_create", role), *_settings(role), _remark(role)]
        detail = "un accès ouvert n'a pas de rôle sur le serveur"
        yield Finding("role_missing", role.name, detail, tuple(statements), by_superuser=True)
    joined = _grouped((group, role.name) for role in roles for group in role.groups)
    taken = _grouped((member, role.name) for role in roles for member in role.taken_by)
    statements = [_joined(group, names) for group, names in joined.items()]
    statements += [_taken(member, names) for member, names in taken.items()]
    # Not a difference of its own: the second half of the creation of all of them.
    target = roles[0].name if len(roles) == 1 else f"{len(roles)} rôles"
    yield Finding(
        "membership_missing",
        target,
        "avec les rôles ci-dessus",
        tuple(statements),
        by_superuser=True,
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for spec, name in pairs:
        grouped.setdefault(spec.partition(" ")[0], []).append(name)
    return grouped


def _altered(found: Served, role: Served) -> Iterator[sql.Composed]:
    yield _made("role_alter", role)
    yield SQL.compose("role_reset", role=sql.Identifier(role.name))
    yield from _settings(role)
    yield _remark(role)
    for spec in set(found.groups) - set(role.groups):
        yield _left(spec.partition(" ")[0], role.name)
    for spec in set(found.taken_by) - set(role.taken_by):
        yield _left(role.name, spec.partition(" ")[0])
    for spec in set(role.groups) - set(found.groups):
        yield _joined(spec.partition(" ")[0], [role.name])
    for spec in set(role.taken_by) - set(found.taken_by):
        yield _taken(spec.partition(" ")[0], [role.name])


def _made(template: str, role: Served) -> sql.Composed:
    until = role.valid_until.isoformat() if role.valid_until else "infinity"
    return SQL.compose(
        template,
        role=sql.Identifier(role.name),
        login=sql.SQL("LOGIN" if role.can_login else "NOLOGIN"),
        connections=sql.Literal(role.connections),
        until=sql.Literal(until),
    )


def _settings(role: Served) -> Iterator[sql.Composed]:
    for setting in role.settings:
        name, _, value = setting.partition("=")
        yield SQL.compose(
            "role_setting",
            role=sql.Identifier(role.name),
            setting=sql.Identifier(name),
            value=sql.Literal(value),
        )


def _remark(role: Served) -> sql.Composed:
    return SQL.compose(
        "role_comment", role=sql.Identifier(role.name), about=sql.Literal(role.remark)
    )


def _joined(group: str, members: Collection[str]) -> sql.Composed:
    return SQL.compose("role_join", group=sql.Identifier(group), members=_list(members))


def _taken(member: str, roles: Collection[str]) -> sql.Composed:
    return SQL.compose("role_taken", roles=_list(roles), member=sql.Identifier(member))


def _left(group: str, member: str) -> sql.Composed:
    return SQL.compose("role_leave", group=sql.Identifier(group), member=sql.Identifier(member))


def web_created(name: str, verifier: str) -> list[sql.Composed]:
    """Return the statements that make a login of the pages."""
    role = sql.Identifier(name)
    return [
        SQL.compose("web_create", role=role, verifier=sql.Literal(verifier)),
        _joined(_WEB_GROUP, [name]),
    ]


def _list(names: Collection[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _difference(found: Served, wanted: Served) -> str:
    names = [
        name
        for name in Served.__slots__
        if getattr(found, name) != getattr(wanted, name)
    ]  # fmt: skip
    return f"diffère par {', '.join(names)}"

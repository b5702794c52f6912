"""Row policies of a restored warehouse, tried as a seller and as nobody.

On the throw-away server a role is made and mapped to one seller: it must see its own rows and no
other's; a second role, mapped to nobody, must see none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

from shopnow.backup.store import SQL
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from shopnow.kernel import Settings

_GROUP: Final = "shopnow_seller"
_MAPPED: Final = "shopnow_drill_seller"
_STRANGER: Final = "shopnow_drill_stranger"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a probe saw: rows of its own seller, rows of others (must be 0), relations read."""

    own: int
    foreign: int
    relations: int


def leaks_of(settings: Settings, at: datetime) -> list[str]:
    """Return what row policies let through on a throw-away server, in French; empty: nothing.

    Roles and map of that server are changed: never call this on a live one.
    """
    with connect(settings, None, application_name="shopnow drill") as conn:
        seller = conn.execute(SQL["probe_seller"]).fetchone()
        for name in (_MAPPED, _STRANGER):
            conn.execute(
                SQL.compose("probe_role", role=sql.Identifier(name), group=sql.Identifier(_GROUP))
            )
        if seller is None:
            return list(_findings(Seen(0, 0, 0), _seen(conn, _STRANGER, None), has_rows=False))
        values = {"role_name": _MAPPED, "seller_no": seller[0], "granted_at": at}
        conn.execute(SQL["probe_map"], values)
        mapped = _seen(conn, _MAPPED, seller[0])
        return list(_findings(mapped, _seen(conn, _STRANGER, None), has_rows=True))


def _findings(mapped: Seen, stranger: Seen, *, has_rows: bool) -> Iterator[str]:
    if mapped.foreign:
        yield f"un vendeur voit {mapped.foreign} lignes d'autres vendeurs"
    if has_rows and not mapped.own:
        yield "un vendeur ne voit plus ses propres lignes"
    if stranger.own or stranger.foreign:
        yield f"un rôle sans accès voit {stranger.own + stranger.foreign} lignes"


def _seen(conn: psycopg.Connection, role: str, seller_no: int | None) -> Seen:
    """Count, as a role, the rows of each relation that it may read and that has a seller."""
    own = foreign = relations = 0
    with conn.transaction(force_rollback=True):
        conn.execute(SQL.compose("probe_as", role=sql.Identifier(role)))
        for (name,) in conn.execute(SQL["probe_relations"]).fetchall():
            statement = SQL.compose("probe_rows", relation=sql.Identifier(*name.split(".")))
            row = conn.execute(statement, {"seller_no": seller_no}).fetchone() or (0, 0)
            own, foreign, relations = own + row[0], foreign + row[1], relations + 1
    return Seen(own, foreign, relations)

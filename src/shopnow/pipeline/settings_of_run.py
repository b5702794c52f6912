"""What the judge of a delivery needs from the warehouse: the category tree, the sender's names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql
from shopnow.quality import Bench
from shopnow.security import Registry

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)


def bench_for(
    context: Context, conn: psycopg.Connection, source: Source, delivery: Delivery
) -> Bench:
    """The bench on which a delivery is judged."""
    own = frozenset[str]()
    if not source.is_platform:
        own = Registry(conn, source.system).identifiers(delivery.sender_no) | {source.sender}
    return Bench(source, context.clock.now(), categories_of(conn), own)


def categories_of(conn: psycopg.Connection) -> dict[str, str]:
    """The house's categories by what senders may call them: path or identifier, lower case."""
    categories: dict[str, str] = {}
    for category_id, path_fr, path_en in conn.execute(SQL["categories_read"]).fetchall():
        categories |= {path_en.lower(): category_id, path_fr.lower(): category_id}
        categories[category_id.lower()] = category_id
    return categories

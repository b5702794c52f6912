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


# Words that hold for whoever sends.
EVERYBODY = -2


def bench_for(
    context: Context, conn: psycopg.Connection, source: Source, delivery: Delivery
) -> Bench:
    """The bench on which a delivery is judged."""
    return bench_of(context, conn, source, delivery.sender_no)


def bench_of(context: Context, conn: psycopg.Connection, source: Source, sender_no: int) -> Bench:
    """The bench on which what a sender says through a source is judged now."""
    own = frozenset[str]()
    if not source.is_platform:
        own = Registry(conn, source.system).identifiers(sender_no) | {source.sender}
    return Bench(
        source, context.clock.now(), categories_of(conn, source), own,
        aliases_of(conn, source, sender_no),
    )  # fmt: skip


def taxonomy_of(source: Source) -> str:
    """The tree that a source's categories are judged against."""
    return "house" if source.categories == "none" else source.categories


def categories_of(conn: psycopg.Connection, source: Source) -> dict[str, str]:
    """The categories of a source's tree by what senders may call them, lower case.

    That is their path in French or English, or their identifier.
    """
    categories: dict[str, str] = {}
    values = {"taxonomy": taxonomy_of(source)}
    rows = conn.execute(SQL["categories_read"], values).fetchall()
    for category_id, path_fr, path_en in rows:
        categories |= {path_en.lower(): category_id, path_fr.lower(): category_id}
    for category_id, _, _ in rows:
        categories[category_id.lower()] = category_id
        # Google's own numbers, as its feeds carry them.
        _, mark, bare = category_id.partition(":")
        if mark:
            categories.setdefault(bare.lower(), category_id)
    return categories


def aliases_of(conn: psycopg.Connection, source: Source, sender_no: int) -> dict[str, str]:
    """The sender's own words for categories of its tree; they go before everybody's."""
    values = {
        "sellers": [EVERYBODY, sender_no], "sender_no": sender_no, "taxonomy": taxonomy_of(source),
    }  # fmt: skip
    return dict(conn.execute(SQL["aliases_read"], values).fetchall())

"""The check after going live: a source that was fine on its sample may not be on its deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from psycopg.rows import dict_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What a source did in its first days; `troubles`: French sentences, empty when all is well."""

    source: str
    days: int
    deliveries: int
    published: int
    records: int
    rejected: int
    unreadable: int
    last_received_at: datetime | None
    troubles: tuple[str, ...]


def verify_source(context: Context, conn: psycopg.Connection, name: str, *, days: int) -> Aftercare:
    """How the deliveries of the last `days` went; raises ShopnowError for no such source."""
    source = context.source(name)
    since = context.clock.now() - timedelta(days=days)
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(SQL["source_days"], {"source": name, "since": since}).fetchone() or {}
    limit = context.contracts.feeds[source.feed].reject_rate_threshold_pct
    troubles = []
    if not row["deliveries"]:
        troubles.append(f"aucune livraison depuis {days} jours")
    for state, words in (
        ("refused", "refusée"),
        ("held", "retenue"),
        ("failed", "en échec"),
    ):
        if row[state]:
            troubles.append(f"{row[state]} livraison(s) {words}(s)")
    if row["rejected"] * 100 > row["records"] * limit:
        troubles.append(f"plus de {limit:g} % des enregistrements rejetés")
    return Aftercare(
        source=name,
        days=days,
        deliveries=row["deliveries"],
        published=row["published"],
        records=row["records"],
        rejected=row["rejected"],
        unreadable=row["unreadable"],
        last_received_at=row["last_received_at"],
        troubles=tuple(troubles),
    )


def systems_of(conn: psycopg.Connection, sender: str) -> list[str]:
    """The systems in which a seller's identifier is registered."""
    return [row[0] for row in conn.execute(SQL["systems_of"], {"sender": sender}).fetchall()]

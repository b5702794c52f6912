"""Names, e-mails and addresses beside the former customer table: for the privacy officer alone.

Protects DESIGN 7: values of persons leave the vault only by a command that is journaled first, into
a file that its owner alone can read.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, connect
from shopnow.privacy import open_values

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shopnow.pipeline.context import Context

SQL = Sql(__package__)
OFFICER: Final = "shopnow_dpo"
_HEADER: Final = ("customer_id", "name", "email", "address", "city", "country")
_AT_ONCE: Final = 50_000


def disclose_customers(
    context: Context, path: Path, *, customers: Sequence[str] | None, reason: str
) -> int:
    """Write legacy.dim_customer with its personal columns to `path`; return the number of rows.

    `customers`: pseudonyms, or None for all; read with the rights of the privacy officer.
    """
    with connect(context.settings, OFFICER) as officer:
        wanted = {"customers": None if customers is None else list(customers)}
        rows = officer.execute(SQL["customers"], wanted).fetchall()
        _journal(context, len(rows), reason)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            # A file that was there keeps its mode unless told otherwise.
            path.chmod(0o600)
            writer = csv.writer(stream)
            writer.writerow(_HEADER)
            for first in range(0, len(rows), _AT_ONCE):
                part = rows[first : first + _AT_ONCE]
                opened = open_values(officer, context.keystore, [row[0] for row in part])
                for number, pseudonym, city, country in part:
                    said = opened.get(number, {})
                    person = (said.get("name"), said.get("email"), said.get("street"))
                    writer.writerow((pseudonym, *person, city, country))
    return len(rows)


def _journal(context: Context, rows: int, reason: str) -> None:
    """Told before anything is read in the clear: what cannot be journaled is not done."""
    with connect(context.settings) as conn:
        event = Event(
            ts=context.clock.now(),
            source="privacy",
            type="securite",
            level="WARNING",
            message=f"export nominatif de {rows} clients pour la déléguée ou le délégué (DPO)",
            error_code="customers_disclosed",
            payload={"rows": rows, "reason": reason, "role": OFFICER},
        )
        record_event(conn, event)

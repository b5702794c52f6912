"""The treatment that thins out old versions: facts follow, audits still pass (scd.md S76)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.dimensions import archive_found, dimensions_of, find_archived, mark_keys
from shopnow.facts import retie_vanished
from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, connect
from shopnow.marts import create_touched, load_marts, next_batch_no, refresh_all

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.kernel import Clock, Settings
    from shopnow.sources import Contracts

SQL = Sql(__package__)


def archive_versions(
    settings: Settings, contracts: Contracts, clock: Clock, before: datetime, *, applied: bool
) -> dict[str, int]:
    """Let each member have one version for all that ended before a time; members by dimension.

    With `applied` off nothing is changed.  One transaction under the loader lock; facts bound to a
    version that goes are bound in it to the one that stands for it, and the marts follow.
    """
    now, members = clock.now(), {}
    with (
        connect(settings, application_name="shopnow archive") as conn,
        conn.transaction(force_rollback=not applied),
    ):
        conn.execute(SQL["loader_lock"])
        create_touched(conn)
        dimensions = dimensions_of(contracts)
        for one in dimensions:
            members[one.name] = find_archived(conn, one, before)
            if members[one.name]:
                archive_found(conn, one, now)
                retie_vanished(conn, one.name, run_at=now, zone=settings.zone)
        mark_keys(conn, dimensions, now)
        if any(members.values()):
            refresh_all(
                conn, load_marts(settings), run_at=now, batch_no=next_batch_no(conn),
                zone=settings.zone,
            )  # fmt: skip
        event = Event(
            now, "archive", "technique", "INFO", "anciennes versions réunies",
            "versions_archived", payload={"members": members, "before": before.isoformat()},
        )  # fmt: skip
        record_event(conn, event)
    return members

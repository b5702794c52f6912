"""Privacy: the register of processing activities, and when each treatment last ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql
from shopnow.privacy import BASES
from shopnow.web.visit import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.web.visit import Visit

SQL = Sql(__package__)


def show_register(visit: Visit) -> Shown:
    """Article 30: purposes, bases, people, recipients, periods; and the proof of execution."""
    register = visit.declared.register
    last: dict[str, datetime] = dict(visit.conn.execute(SQL["treatments_last"]).fetchall())
    classes = [
        {
            "title": one.title,
            "period": one.period,
            "source": one.source,
            "every_hours": one.every_hours,
            "last_at": last.get(one.code),
            "is_late": one.code not in last or visit.now - last[one.code] > one.every,
        }
        for one in register.classes.values()
    ]
    return Shown(
        "privacy.html", {"treatments": register.treatments, "classes": classes, "bases": BASES}
    )

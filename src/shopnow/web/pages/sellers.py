"""Sellers: all of them, and one with its statuses, categories, volume and quality over time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.kernel import Sql, UsageError
from shopnow.pipeline import STATUSES, explain, standing_of, tell_seller
from shopnow.quality import RULE_CODES
from shopnow.web.charts import bars
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from shopnow.pipeline import Pillar
    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_DAYS: Final = 30
_LATELY: Final = timedelta(days=28)
_A_PAGE: Final = 100
_MOST_PAGES: Final = 10_000
PILLARS: Final = {
    "freshness": ("fraîcheur", "h"), "volume": ("volume", "enreg."), "schema": ("schéma", "col."),
    "completeness": ("complétude", "%"), "distribution": ("distribution", ""),
}  # fmt: skip
PILLAR_STATES: Final = {
    "good": ("dans les bornes", "good"), "odd": ("hors bornes", "warn"),
    "learning": ("apprentissage", "info"), "no_data": ("sans donnée", "none"),
}  # fmt: skip


def several_sellers(visit: Visit) -> Shown:
    """Sellers whose name holds a word, the one that sent last first, a hundred a page."""
    page = min(max(visit.number("page") or 1, 1), _MOST_PAGES)
    values = {
        "word": visit.word("nom"),
        "since": visit.now.astimezone(visit.settings.tz).date() - _LATELY,
        "most": _A_PAGE,
        "skipped": (page - 1) * _A_PAGE,
    }
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(SQL["sellers"], values).fetchall()
    total = found[0]["found"] if found else 0
    shown = {"sellers": found, "found": total, "word": values["word"], "statuses": STATUSES}
    more = page + 1 if total > page * _A_PAGE else None
    return Shown("sellers.html", shown | {"page": page, "more": more})


def one_seller(visit: Visit) -> Shown:
    """One seller over time: what it sent, how good that was, what was true of it."""
    number = visit.needed("number")
    try:
        story = tell_seller(visit.conn, str(number))
    except UsageError:
        raise NotFoundError from None
    standing = standing_of(visit.conn, str(number), visit.now, visit.settings.zone)
    values: dict[str, Any] = {
        "story": story,
        "statuses": STATUSES,
        "quality": _quality(visit, number),
        "standing": standing,
        "words": {one.rule_code: _words(one.rule_code) for one in standing.rules},
        "pillars": [_pillar(one) for one in standing.pillars],
    }
    return Shown("seller.html", values)


def _words(rule_code: str) -> str:
    return explain(rule_code).what_fr if rule_code in RULE_CODES else ""


def _pillar(one: Pillar) -> dict[str, Any]:
    title, unit = PILLARS[one.pillar]
    state, tone = PILLAR_STATES[one.state]
    return {
        "feed": one.feed, "title": title, "unit": unit, "subject": one.subject, "value": one.value,
        "expected": one.expected, "lowest": one.lowest, "highest": one.highest, "state": state,
        "tone": tone,
    }  # fmt: skip


def _quality(visit: Visit, seller_no: int) -> Markup:
    """What the seller sent over the last weeks, accepted and rejected, as bars a day."""
    values = {"seller_no": seller_no, "days": _DAYS, "now": visit.now, "zone": visit.settings.zone}
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SQL["seller_days"], values).fetchall()
    return bars(
        "Enregistrements reçus par jour",
        [(f"{row['day']:%d/%m}", row["outcome"], float(row["records"])) for row in rows],
        across="jour",
        up="enregistrements",
    )

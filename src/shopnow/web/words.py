"""How values read on a page: the filters of the templates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shopnow.pipeline import DIMENSIONS, FEEDS, KINDS, STATES, STEPS, number, plural, seconds

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from zoneinfo import ZoneInfo

_MONTHS: Final = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
)  # fmt: skip
_THIN: Final = "\u202f"
_BOUND: Final = (
    ("« ", "«\xa0"),
    (" »", "\xa0»"),
    (" :", "\xa0:"),
    (" ;", "\xa0;"),
    (" ?", "\xa0?"),
)
_OPEN_YEAR: Final = 9999
RUN_STATES: Final = {
    "running": "en cours", "done": "terminée", "failed": "en échec", "abandoned": "abandonnée",
    "START": "en cours", "END": "terminée", "FAIL": "en échec", "ABANDONED": "abandonnée",
}  # fmt: skip
LEVELS: Final = {"INFO": "information", "WARNING": "alerte", "ERROR": "erreur"}
MODES: Final = {"full": "complète", "delta": "différentielle"}
REJECT_STATES: Final = {"open": "ouvert", "closed": "clos"}
# The tone of a state: what is wrong must be seen first, and never by its colour alone.
TONES: Final = {
    "published": "good", "done": "good", "END": "good", "active": "good", "good": "good",
    "held": "warn", "running": "info", "START": "info", "warn": "warn", "warning": "warn",
    "received": "info", "suspended": "warn", "refused": "bad", "failed": "bad", "FAIL": "bad",
    "abandoned": "bad", "ABANDONED": "bad", "breach": "bad", "no_data": "none",
}  # fmt: skip


def filters(zone: ZoneInfo) -> dict[str, Callable[..., Any]]:
    """The filters of the templates, for one house zone."""

    def moment(at: datetime | None) -> str:
        if at is None:
            return "—"
        if at.year >= _OPEN_YEAR:
            return "toujours"
        local = at.astimezone(zone)
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"

    return {
        "moment": moment,
        "iso": lambda at: "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds"),
        "ago": ago,
        "figure": figure,
        "seconds": lambda value: seconds(None if value is None else float(value)) or "—",
        "plural": plural,
        "feed": lambda word: FEEDS.get(word, word),
        "state": lambda word: STATES.get(word) or RUN_STATES.get(word, word),
        "kind": lambda word: KINDS.get(word, word),
        "step": lambda place: STEPS.get(place, str(place)),
        "dimension": lambda word: DIMENSIONS.get(word, word),
        "level": lambda word: LEVELS.get(word, word),
        "mode": lambda word: MODES.get(word, word),
        "tone": lambda word: TONES.get(word, "none"),
        "percent": percent,
        "short": short,
        "typo": typo,
        "sender": lambda word: "la plateforme" if word == "platform" else word,
    }


def figure(value: float | Decimal | None, digits: int = 0) -> str:
    """Write a number as the French do; a dash for none.

    >>> figure(1234.5, 1)
    '1\u202f234,5'
    """
    if value is None:
        return "—"
    if digits == 0:
        return number(round(value))
    return f"{value:,.{digits}f}".replace(",", _THIN).replace(".", ",")


def typo(text: str) -> str:
    r"""Keep French signs beside their word when a line breaks.

    >>> typo("état « bon » : oui")
    'état «\xa0bon\xa0»\xa0: oui'
    """
    for before, after in _BOUND:
        text = text.replace(before, after)
    return text


def short(value: float | Decimal | None) -> str:
    """Write a measure as briefly as it is read: three digits, more only before the comma.

    >>> short(1234.56), short(73.94), short(0.0151), short(100.0)
    ('1\u202f235', '73,9', '0,02', '100')
    """
    if value is None:
        return "—"
    size = abs(float(value))
    digits = 0 if size >= 100 else 1 if size >= 10 else 2  # noqa: PLR2004 — said above
    text = figure(value, digits)
    return text.rstrip("0").rstrip(",") if "," in text else text


def percent(part: float, whole: float) -> str:
    """Write a share with one digit; a dash of nothing.

    >>> percent(1, 8), percent(0, 0)
    ('12,5\u202f%', '—')
    """
    return f"{figure(100 * part / whole, 1)}{_THIN}%" if whole else "—"


def ago(at: datetime | None, now: datetime) -> str:
    """Say how long ago something was, roughly.

    >>> ago(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
    'il y a 2 jours'
    """
    if at is None:
        return "jamais"
    passed = now - at
    if passed < timedelta(minutes=1):
        return "à l'instant"
    for unit, length in (("jour", 86_400), ("heure", 3_600), ("minute", 60)):
        count = int(passed.total_seconds() // length)
        if count:
            return f"il y a {plural(count, unit)}"
    return "à l'instant"

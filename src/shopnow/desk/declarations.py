"""What the desk promises and who does what: the two declared files, checked when read.

`sla.yaml` holds the matrix, the targets and the calendars; `raci.yaml` the roles, their members and
the activities.  A home may bring its own `raci.yaml` with the names of its team.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from shopnow.desk.calendars import WorkCalendar, is_french_holiday
from shopnow.desk.clock import Priority, Promise
from shopnow.kernel import TerminalError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

Level = Literal["haut", "moyen", "bas"]
LEVELS: Final[tuple[Level, ...]] = ("haut", "moyen", "bas")
PRIORITIES: Final[tuple[Priority, ...]] = ("P1", "P2", "P3")
_OWN_FILE: Final = "raci.yaml"


@dataclass(frozen=True)
class Agreement:
    """The service agreement: matrix, promises by priority, wait before a ticket closes itself.

    `told_within`: how long after a fault can be seen people are told of it at the latest.
    """

    matrix: Mapping[tuple[Level, Level], Priority]
    promises: Mapping[Priority, Promise]
    confirmation: timedelta
    told_within: Mapping[Priority, timedelta]

    def priority(self, impact: Level, urgency: Level) -> Priority:
        """Return the priority of an impact and an urgency."""
        return self.matrix[impact, urgency]


@dataclass(frozen=True, slots=True)
class TeamRole:
    """A role of the team: its French title and the people (or shared seats) who hold it."""

    name: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """A kind of work and who is responsible, accountable, consulted, informed for it."""

    name: str
    title: str
    responsible: str
    accountable: str
    consulted: tuple[str, ...]
    informed: tuple[str, ...]


@dataclass(frozen=True)
class Raci:
    """Roles and activities of one file."""

    roles: Mapping[str, TeamRole]
    activities: Mapping[str, Activity]

    def activity(self, name: str) -> Activity:
        """Return an activity; raises UsageError with the nearest name."""
        if name not in self.activities:
            close = nearest(name, self.activities)
            names = ", ".join(sorted(self.activities))
            hint = f"Did you mean {close!r}?" if close else f"Activities: {names}."
            raise UsageError(f"no activity {name!r} in the RACI", hint)
        return self.activities[name]


def load_agreement(zone: ZoneInfo) -> Agreement:
    """Return the declared service agreement, its calendars in `zone`; raises TerminalError."""
    text = _packaged("sla.yaml")
    try:
        matrix = {
            (impact, urgency): text["matrix"][impact][urgency]
            for impact in LEVELS
            for urgency in LEVELS
        }
        calendars = {name: _calendar(one, zone) for name, one in text["calendars"].items()}
        promises = {
            priority: Promise(
                timedelta(hours=text["targets"][priority]["hours"]),
                calendars[text["targets"][priority]["calendar"]],
            )
            for priority in PRIORITIES
        }
        confirmation = timedelta(minutes=text["confirmation_minutes"])
        told_within = {
            priority: timedelta(seconds=text["told_within_seconds"][priority])
            for priority in PRIORITIES
        }
    except (KeyError, TypeError, ValueError) as error:
        message = f"sla.yaml does not declare {error}"
        raise TerminalError(message, "Compare it with the file of the package.") from error
    return Agreement(matrix, promises, confirmation, told_within)


def load_raci(home: Path | None = None) -> Raci:
    """Return the RACI: that of the home when it brings one, else the declared one.

    Raises TerminalError naming a role that no activity may name.
    """
    own = home / _OWN_FILE if home else None
    text = (
        yaml.safe_load(own.read_text(encoding="utf-8"))
        if own and own.is_file()
        else _packaged(_OWN_FILE)
    )
    try:
        roles = {
            name: TeamRole(name, one["title"], tuple(str(who) for who in one["members"]))
            for name, one in text["roles"].items()
        }
        activities = {name: _activity(name, one) for name, one in text["activities"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        message = f"raci.yaml does not declare {error}"
        raise TerminalError(message, "Compare it with the file of the package.") from error
    for one in activities.values():
        for role in (one.responsible, one.accountable, *one.consulted, *one.informed):
            if role not in roles or not roles[role].members:
                message = f"raci.yaml: activity {one.name} names {role}, which has no member"
                raise TerminalError(message, f"Roles: {', '.join(sorted(roles))}.")
    return Raci(roles, activities)


def _activity(name: str, text: Mapping[str, Any]) -> Activity:
    raci = text["raci"]
    return Activity(name, text["title"], raci["R"], raci["A"], tuple(raci["C"]), tuple(raci["I"]))


def _calendar(text: Mapping[str, Any], zone: ZoneInfo) -> WorkCalendar:
    return WorkCalendar(
        zone,
        frozenset(text["days"]),
        _minutes(text["from"]),
        _minutes(text["to"]),
        is_french_holiday if text["holidays"] else None,
    )


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


@cache
def _packaged(name: str) -> Any:  # noqa: ANN401 — whatever stands in the file
    folder = resources.files(__package__ or "").joinpath("declared")
    return yaml.safe_load(folder.joinpath(name).read_text(encoding="utf-8"))

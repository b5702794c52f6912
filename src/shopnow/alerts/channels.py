"""Channels: where messages go, by criticality, through Apprise.

`<home>/secrets/channels.yaml` (0600) holds them, because their URLs carry passwords:

    channels:
      sms:     {url: "jsons://…", short: true}
      teams:   {url: "workflow://…?image=no"}
      courriel: {url: "mailtos://…?mode=starttls"}
    routes: {P1: [sms, teams, courriel], P2: [teams, courriel], P3: [courriel]}
    escalation: [sms, courriel]
    fallback: {sms: courriel, teams: courriel, courriel: teams}
    digest: [courriel]
"""

from __future__ import annotations

import logging
import stat
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import apprise
import yaml

from shopnow.alerts.wording import short_of
from shopnow.desk import PRIORITIES
from shopnow.kernel import Home, TerminalError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shopnow.kernel import Settings

FILE: Final = "channels.yaml"
# Apprise logs the URLs it cannot read, and these carry passwords.
logging.getLogger("apprise").setLevel(logging.CRITICAL)
# Seconds to connect and to answer: a receiver that hangs must not hold the others up.
_PATIENCE: Final = "cto=5&rto=15"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people; `short` cuts what is sent to one SMS."""

    name: str
    url: str = field(repr=False)
    short: bool = False


@dataclass(frozen=True)
class Channels:
    """All channels and which of them a priority uses; none at all is allowed, and shown."""

    by_name: Mapping[str, Channel]
    routes: Mapping[str, tuple[str, ...]]
    escalation: tuple[str, ...]
    fallback: Mapping[str, str]
    # Who gets the summary of each morning; nobody where none is named.
    digest: tuple[str, ...] = ()

    def route(self, priority: str, kind: str) -> tuple[str, ...]:
        """Return the channels of a message."""
        own = self.routes.get(priority, ())
        return self.escalation or own if kind == "escalated" else own


def channels_file(settings: Settings) -> Path:
    """Return where the channels of a home are declared."""
    return Home(settings.home).secrets / FILE


def load_channels(settings: Settings) -> Channels:
    """Return the channels of a home, none when it declares none.

    Raises TerminalError for a file that others can read or that names what it does not declare.
    """
    path = channels_file(settings)
    if not path.is_file():
        return Channels({}, {}, (), {})
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        message = f"{path} can be read by others"
        raise TerminalError(message, f"Its URLs hold passwords: run `chmod 600 {path}`.")
    try:
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _channels(text)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} does not declare channels ({type(error).__name__})"
        raise TerminalError(message, "`shopnow alert channels --example` shows one.") from None


def _channels(text: Mapping[str, Any]) -> Channels:
    found = Channels(
        {name: Channel(name, str(one["url"]), bool(one.get("short", False)))
         for name, one in text["channels"].items()},
        {priority: tuple(names) for priority, names in text["routes"].items()},
        tuple(text.get("escalation", ())),
        dict(text.get("fallback", {})),
        tuple(text.get("digest", ())),
    )  # fmt: skip
    named = [name for names in found.routes.values() for name in names]
    named += [*found.digest, *found.escalation, *found.fallback, *found.fallback.values()]
    strange = sorted(set(named) - found.by_name.keys())
    strange += sorted(set(PRIORITIES) - found.routes.keys())
    if strange:
        message = f"{FILE} names or lacks {', '.join(strange)}"
        raise TerminalError(message, "Declare each channel once and a route for P1, P2 and P3.")
    return found


def send(channel: Channel, title: str, body: str) -> bool:
    """Send one message and say whether the receiver took it; never raises for a bad receiver."""
    _ready()
    joint = "&" if "?" in channel.url else "?"
    sender = apprise.Apprise()
    if not sender.add(f"{channel.url}{joint}{_PATIENCE}"):
        return False
    if channel.short:
        return bool(sender.notify(body=short_of(title, body)))
    return bool(sender.notify(title=title, body=body))


@cache
def _ready() -> None:
    """Let Apprise load what it knows; parts of it that we do not use come with deprecations."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        "mailtos" in apprise.plugins.N_MGR  # noqa: B015 — asking is what loads them


EXAMPLE: Final = """\
# Les canaux d'alerte. Ce fichier contient des mots de passe : chmod 600.
# Adresses : https://appriseit.com/services/ (SMS, Teams, courriel et une centaine d'autres).
channels:
  sms: {url: "jsons://UTILISATEUR:MOT_DE_PASSE@passerelle.exemple/sms", short: true}
  teams: {url: "workflow://HÔTE/IDENTIFIANT/SIGNATURE?image=no"}
  courriel: {url: "mailtos://UTILISATEUR:MOT_DE_PASSE@smtp.exemple:587?mode=starttls&to=ADRESSE"}
routes:
  P1: [sms, teams, courriel]
  P2: [teams, courriel]
  P3: [courriel]
escalation: [sms, courriel]
fallback: {sms: courriel, teams: courriel, courriel: teams}
# Le bilan de chaque matin (07:30) : tout ce qui est ouvert. Sans cette ligne, pas de bilan.
digest: [courriel]
"""

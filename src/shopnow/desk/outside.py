"""Which outside ticket system a home has: none, Jira or GLPI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.desk.glpi import load_glpi
from shopnow.desk.jira import load_jira
from shopnow.kernel import TerminalError

if TYPE_CHECKING:
    from shopnow.desk.connecting import Connector
    from shopnow.kernel import Settings


def load_connector(settings: Settings) -> Connector | None:
    """Return the connector that is turned on, None when none is; raises TerminalError for two."""
    found = [one for one in (load_jira(settings), load_glpi(settings)) if one is not None]
    if len(found) > 1:
        message = "two ticket systems are turned on"
        hint = "Keep one of jira.yaml and glpi.yaml: a ticket has one reference outside."
        raise TerminalError(message, hint)
    return found[0] if found else None

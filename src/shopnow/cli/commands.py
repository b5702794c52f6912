"""Which file holds which command: adding a room's command is one line here."""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "doctor": "shopnow.cli.doctor:doctor",
    "docs": "shopnow.cli.docs:docs",
    "down": "shopnow.cli.server:down",
    "dsn": "shopnow.cli.server:dsn",
    "mart": "shopnow.cli.marts:mart",
    "migrate": "shopnow.cli.server:migrate_schema",
    "sql": "shopnow.cli.server:sql",
    "status": "shopnow.cli.server:status",
    "up": "shopnow.cli.server:up",
}

"""Which file holds which command: adding a room's command is one line here."""

from __future__ import annotations

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "alert": "shopnow.cli.alerts:alert",
    "access": "shopnow.cli.access:access",
    "backup": "shopnow.cli.backups:backup",
    "category": "shopnow.cli.categories:category",
    "delivery": "shopnow.cli.deliveries:delivery",
    "demo": "shopnow.cli.demo:demo",
    "dimension": "shopnow.cli.dimensions:dimension",
    "docs": "shopnow.cli.docs:docs",
    "doctor": "shopnow.cli.doctor:doctor",
    "down": "shopnow.cli.server:down",
    "drill": "shopnow.cli.drills:drill",
    "dsn": "shopnow.cli.server:dsn",
    "import-legacy": "shopnow.cli.legacy:import_legacy_tables",
    "ingest": "shopnow.cli.ingest:ingest",
    "job": "shopnow.cli.jobs:job",
    "journal": "shopnow.cli.journal:journal",
    "legacy": "shopnow.cli.legacy:legacy",
    "mart": "shopnow.cli.marts:mart",
    "metrics": "shopnow.cli.metrics:metrics",
    "migrate": "shopnow.cli.server:migrate_schema",
    "privacy": "shopnow.cli.privacy:privacy",
    "reject": "shopnow.cli.deliveries:reject",
    "restore": "shopnow.cli.restores:restore",
    "run": "shopnow.cli.ingest:run",
    "seller": "shopnow.cli.sellers:seller",
    "source": "shopnow.cli.sources:source",
    "sql": "shopnow.cli.server:sql",
    "status": "shopnow.cli.server:status",
    "ticket": "shopnow.cli.tickets:ticket",
    "trace": "shopnow.cli.trace:trace",
    "up": "shopnow.cli.server:up",
    "web": "shopnow.cli.web:web",
}

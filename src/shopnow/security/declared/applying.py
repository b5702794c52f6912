"""Bring the catalogue to the declaration: one transaction for rights, one for roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import connect
from shopnow.security.declared.model import OWNER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import sql

    from shopnow.kernel import Settings
    from shopnow.security.declared.model import Finding

_APPLICATION = "shopnow access"


def apply_findings(settings: Settings, findings: Sequence[Finding]) -> int:
    """End every difference that statements can end; return how many those are.

    What is about roles runs as the bootstrap superuser and first, the rest as the owner of the
    schemas; each part whole or not at all.
    """
    mendable = [finding for finding in findings if finding.statements]
    for role, by_superuser in ((None, True), (OWNER, False)):
        statements = [
            statement
            for finding in mendable
            if finding.by_superuser is by_superuser
            for statement in finding.statements
        ]
        if statements:
            _run(settings, role, statements)
    return len(mendable)


def _run(settings: Settings, role: str | None, statements: Sequence[sql.Composed]) -> None:
    with (
        connect(settings, role, application_name=_APPLICATION) as connection,
        connection.transaction(),
        connection.pipeline(),
    ):
        for statement in statements:
            connection.execute(statement)

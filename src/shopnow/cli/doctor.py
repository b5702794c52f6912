"""`shopnow doctor`: each condition one line, each failure with the sentence that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel.server import examine

if TYPE_CHECKING:
    from shopnow.kernel import Settings


@click.command()
@json_option
@with_settings
def doctor(settings: Settings, as_json: bool) -> int:
    """Check machine, home, server, roles and schema; exit 1 when something is wrong."""
    checks = examine(settings)

    def present() -> None:
        for check in checks:
            word = "OK" if check.good else "FAILED"
            click.echo(f"{word:<6}  {check.name}: {check.found}")
            if not check.good:
                click.echo(f"        HINT: {check.hint}")

    show(checks, as_json, present)
    return 0 if all(check.good for check in checks) else 1

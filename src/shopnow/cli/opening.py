"""What a reading command does first: a warehouse that is there is started, none is made."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import click

from shopnow.kernel import Settings, UsageError
from shopnow.kernel.server import Server, open_warehouse


def open_existing(settings: Settings) -> None:
    """Start the warehouse of these settings and bring its schema up to date.

    Raises UsageError when there is none: a question must not leave an empty warehouse behind.
    """
    if settings.embedded and Server(settings).status().state == "absent":
        raise UsageError(
            f"no warehouse in {settings.home}",
            "`shopnow up` makes an empty one, `shopnow demo` a filled one; --home names another.",
        )
    open_warehouse(settings)


def how_to_call() -> str:
    """How this command was called, for lines that people copy: program and global options."""
    program = Path(sys.argv[0]).name
    if shutil.which(program) is None:
        path = Path(sys.argv[0]).absolute()
        program = (
            str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
        )
    context = click.get_current_context(silent=True)
    home = context.find_root().params.get("home") if context else None
    return shlex.join([program, "--home", home] if home else [program])

"""The group `journal`: what happened, who did what, and the proof that nobody rewrote it."""

from __future__ import annotations

import click

from shopnow.cli.journal_list import list_codes, list_events
from shopnow.cli.journal_verify import resume, seal, verify
from shopnow.cli.journal_watch import watch


@click.group()
def journal() -> None:
    """Read, watch, seal and verify the journal."""


for _command in (list_codes, list_events, resume, seal, verify, watch):
    journal.add_command(_command)

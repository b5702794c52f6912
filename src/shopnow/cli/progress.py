"""How long commands tell where they are: to people on stderr; a program gets its JSON alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable


def teller(*, as_json: bool) -> Callable[[str], None]:
    """Return what prints a line of progress, or nothing with `--json`."""

    def tell(text: str) -> None:
        if text and not as_json:
            click.echo(text, err=True)

    return tell

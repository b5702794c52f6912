"""How commands report: a text for people, or the same facts as JSON for programs.

What draws tables is imported where one is drawn: a command that reports JSON starts sooner.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console
    from rich.table import Table

    from shopnow.kernel import Settings

P = ParamSpec("P")
R = TypeVar("R")

# Nothing is cut there: programs and files have no edge.
PIPED_WIDTH = 160

json_option = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


def with_settings(command: Callable[Concatenate[Settings, P], R]) -> Callable[P, R]:
    """Give a command the settings of this call as its first argument."""

    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(click.get_current_context().obj.settings, *args, **kwargs)

    return update_wrapper(called, command)


def show(facts: object, as_json: bool, present: Callable[[], None]) -> None:
    """Print `facts` as JSON when that was asked for, else call `present`."""
    if as_json:
        click.echo(json.dumps(facts, default=plain, ensure_ascii=False, indent=2))
    else:
        present()


def console() -> Console:
    """Return where people read: coloured on a terminal, plain and wide in a pipe."""
    from rich.console import Console  # noqa: PLC0415

    return Console(
        highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH
    )


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Return a table of texts; numbers are set to the right."""
    from rich.table import Table  # noqa: PLC0415

    made = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for index, column in enumerate(columns):
        numeric = all(isinstance(row[index], int | float | Decimal) for row in rows)
        made.add_column(column, justify="right" if rows and numeric else "left")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def print_pairs(pairs: Mapping[str, object]) -> None:
    """Print names and values, one a line, aligned."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        click.echo(f"{name:<{width}}  {'-' if value is None else value}")


def plain(value: object) -> Any:  # noqa: ANN401  # what json takes
    """Return a value as JSON knows it; raises TypeError for what it has no words for."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | Path):
        return str(value)
    raise TypeError(type(value).__name__)

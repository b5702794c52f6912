"""The command group, its global options, and the one place where errors become exit codes.

0 good · 1 a finding or drift · 2 wrong usage · 3 technical failure.  Commands raise, they do
not print errors; they report through `show`, so that `--json` means the same everywhere.
"""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psycopg

from shopnow import __version__
from shopnow.cli.commands import COMMANDS
from shopnow.kernel import ShopnowError, UsageError, from_database, load_settings, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings


class ExitCode(IntEnum):
    """What the exit code of every command means."""

    GOOD = 0
    FINDING = 1
    USAGE = 2
    FAILURE = 3
    INTERRUPTED = 130


@dataclass
class Door:
    """What the global options said; the settings are built when a command asks for them."""

    overrides: dict[str, str | None] = field(default_factory=dict)
    config: Path | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings of this call; raises UsageError."""
        return load_settings(self.overrides, config=self.config)


class Rooms(click.Group):
    """A group that imports the file of a command only when that command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # of click
        """Return the names of all commands, sorted."""
        return sorted(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # of click
        cmd_name: str,
    ) -> click.Command | None:
        """Return a command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named, and suggest the nearest one for a misspelt name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = nearest(args[0], COMMANDS)
            hint = f"Did you mean `shopnow {close}`?" if close else "`shopnow --help` lists them."
            raise UsageError(f"no command {args[0]!r}", hint)
        return super().resolve_command(ctx, args)


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="shopnow")
@click.option("--home", metavar="DIR", help="Folder of the warehouse (default .shopnow).")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings file, TOML."
)
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Any setting; repeatable.")
@click.pass_context
def cli(ctx: click.Context, home: str | None, config: Path | None, pairs: Sequence[str]) -> None:
    """Run the data warehouse of the ShopNow marketplace."""
    overrides: dict[str, str | None] = {"home": home}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set wants KEY=VALUE, not {pair!r}")
        overrides[key] = value
    ctx.obj = Door(overrides, config)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are told on stderr, never raised."""
    words = None if arguments is None else list(arguments)
    try:
        result = cli.main(words, prog_name="shopnow", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`); that is not a failure.
        sys.stderr.close()
        return ExitCode.GOOD
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001  # the outermost door: everything ends here
        return _told(error)
    return result if isinstance(result, int) else ExitCode.GOOD


def _told(error: Exception) -> ExitCode:
    known = _as_ours(error)
    if known is None:
        # The text of an error nobody foresaw may quote data: its place is enough to find it.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        click.echo(f"error: unexpected {type(error).__name__} at {place}", err=True)
        click.echo("HINT: This is a defect; report this line with what you did.", err=True)
        return ExitCode.FAILURE
    click.echo(f"error: {known.message}", err=True)
    if known.hint:
        click.echo(f"HINT: {known.hint}", err=True)
    return ExitCode.USAGE if isinstance(known, UsageError) else ExitCode.FAILURE


def _as_ours(error: Exception) -> ShopnowError | None:
    if isinstance(error, ShopnowError):
        return error
    if isinstance(error, psycopg.Error):
        return from_database(error, "the command")
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return ShopnowError(f"{error.strerror.lower()}{where}", "`shopnow doctor` checks the disk.")
    return None

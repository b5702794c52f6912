"""`shopnow delivery report`: the answer to a delivery, as its sender reads it."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import with_settings
from shopnow.kernel import UsageError, connect
from shopnow.pipeline import ANSWER_FORMATS, LANGUAGES, Context, answer_delivery, write_answer

if TYPE_CHECKING:
    from shopnow.kernel import Settings
    from shopnow.pipeline import Answer, Language


@click.command()
@click.argument("key", type=int)
@click.option(
    "--format", "form", type=click.Choice(ANSWER_FORMATS), help="By default what --out ends with."
)
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="fr", show_default=True,
    help="The language of its words.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where it goes; else stdout."
)
@click.option("--all", "everything", is_flag=True, help="Also lines without a remark.")
@with_settings
def report(
    settings: Settings,
    *,
    key: int,
    form: str | None,
    language: Language,
    out: Path | None,
    everything: bool,
) -> None:
    """Write the answer to delivery KEY: the sender's lines, what is wrong, how to mend it.

    Personal values are masked, formulas made harmless.  A workbook has to go into a file (--out).
    """
    chosen = form or (out.suffix.lstrip(".").lower() if out else "csv")
    if chosen not in ANSWER_FORMATS:
        raise UsageError(f"no format {chosen!r}", f"Give --format: {', '.join(ANSWER_FORMATS)}.")
    if chosen == "xlsx" and out is None:
        raise UsageError("a workbook without a file", "Say where it goes, with --out FILE.xlsx.")
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow delivery report") as connection,
    ):
        answer = answer_delivery(context, connection, key, language=language, everything=everything)
        save_answer(answer, chosen, out, settings)


def save_answer(
    answer: Answer, form: str, out: Path | None, settings: Settings, *, quiet: bool = False
) -> None:
    """Write an answer into a file, whole or not at all, or to stdout."""
    if out is None:
        buffer = io.BytesIO()
        write_answer(answer, buffer, form, settings.tz)
        # A byte order mark is for files; a pipe wants text.
        sys.stdout.write(buffer.getvalue().decode("utf-8-sig"))
        return
    if not out.parent.is_dir():
        raise UsageError(f"no folder {out.parent}", "Make it first, or choose another one.")
    fresh = out.with_name(f".{out.name}.new")
    try:
        with fresh.open("wb") as stream:
            write_answer(answer, stream, form, settings.tz)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    if not quiet:
        click.echo(f"{out} écrit")

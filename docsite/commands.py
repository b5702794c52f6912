"""The page of all commands, from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from shopnow.cli.base import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTRO: Final = """# Les commandes

Produit à partir des commandes mêmes, dont l'aide est en anglais (`shopnow COMMANDE --help`). Codes
de retour : 0 bien, 1 constat, 2 erreur d'usage, 3 panne technique.
"""


def commands_page() -> str:
    """Return the page: a section a command, its subcommands and options as tables."""
    root = click.Context(cli, info_name="shopnow")
    parts = [_INTRO]
    for name, command in _inside(cli, root):
        context = click.Context(command, info_name=name, parent=root)
        parts += [f"## `shopnow {name}`", "", *_told(command, context)]
        for inner, sub in _inside(command, context):
            below = click.Context(sub, info_name=inner, parent=context)
            parts += [f"### `shopnow {name} {inner}`", "", *_told(sub, below)]
    return "\n".join(parts)


def _inside(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None and not found.hidden:
                yield name, found


def _told(command: click.Command, context: click.Context) -> list[str]:
    """What the command's own help says, and its options."""
    lines = [_plain(line) for line in (command.help or "").split("\n\n")]
    lines = [part for line in lines for part in (line, "")]
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and "--help" not in parameter.opts:
            form, told = (_plain(word).replace("|", "\\|") for word in record)
            rows.append(f"| `{form}` | {told} |")
    if rows:
        lines += ["| option | ce qu'elle fait |", "|---|---|", *rows, ""]
    return lines


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")

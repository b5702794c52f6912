"""The command line: one group, one file a room, errors turned into exit codes in one place."""

from shopnow.cli.base import main

__all__ = ["main"]

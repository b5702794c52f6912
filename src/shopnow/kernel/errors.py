"""The one root of our errors, with the two marks that decide what happens next.

A transient error is worth another attempt, a terminal one is not.  Messages name what was
wanted, what was found and where, and never carry a value that belongs to a person.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterable

# Data exceptions and integrity violations quote the offending value in their text.
_CLASSES_THAT_QUOTE_VALUES = ("22", "23")
# Connection lost, out of resources, transaction rolled back, server shutting down.
_CLASSES_WORTH_A_RETRY = ("08", "40", "53", "57")


class ShopnowError(Exception):
    """An error that we explain: a fact, and one sentence on what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the fact as `message` and the advice as `hint`."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class TransientError(ShopnowError):
    """The same call may succeed later without anybody changing anything."""


class TerminalError(ShopnowError):
    """The same call fails again until somebody changes something."""


class UsageError(TerminalError):
    """The caller asked for something that cannot be asked: exit code 2 at the door."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word closest to `word`, or an empty string.

    >>> nearest("log_levle", ["home", "log_level"])
    'log_level'
    """
    return next(iter(get_close_matches(word, list(known), n=1)), "")


def from_database(error: psycopg.Error, doing: str) -> ShopnowError:
    """Return our error for one of the driver, without the values it may quote."""
    code = error.sqlstate or ""
    where = f"{doing}: the database refused"
    if code.startswith(_CLASSES_THAT_QUOTE_VALUES):
        name = error.diag.constraint_name or error.diag.column_name or "a value"
        return TerminalError(f"{where} (SQLSTATE {code}, {name})")
    text = error.diag.message_primary or " ".join(str(error).split())
    shown = f"{where} (SQLSTATE {code or 'none'}): {text}"
    lost = not code and isinstance(error, psycopg.OperationalError)
    if lost or code.startswith(_CLASSES_WORTH_A_RETRY):
        return TransientError(shown, "Try again; `shopnow status` says whether the server runs.")
    return TerminalError(shown)

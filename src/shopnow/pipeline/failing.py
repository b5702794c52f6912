"""What is said of an error that ends a delivery: to people the reason, to us where it arose.

Protects personal values: the text of an error may quote what it met, so it is passed on to nobody.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath

import psycopg

from shopnow.kernel import ShopnowError, TransientError, from_database


def is_transient(error: Exception) -> bool:
    """Say whether it may go better in a moment: the run ends, nothing is failed for it."""
    if isinstance(error, psycopg.Error):
        return isinstance(from_database(error, "load"), TransientError)
    return isinstance(error, TransientError)


def explained(error: Exception) -> str:
    """The reason that sender and operator read; no value of the file is in it."""
    if isinstance(error, ShopnowError):
        return error.message
    if isinstance(error, psycopg.Error):
        return f"échec technique : {from_database(error, 'load').message}"
    return f"échec technique : erreur interne {type(error).__name__}"


def whereabouts(error: Exception) -> dict[str, str]:
    """Where in our code an error arose; its text stays out, it may quote what it met."""
    frames = traceback.extract_tb(error.__traceback__)
    place = frames[-1] if frames else None
    ours = next((f for f in reversed(frames) if "shopnow" in f.filename), place)
    where = f"{PurePath(ours.filename).name}:{ours.lineno}" if ours else ""
    return {"error": type(error).__name__, "at": where}

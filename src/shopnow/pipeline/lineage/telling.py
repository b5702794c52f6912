"""Telling: runs that ended go out one by one, and are marked as told when they were taken.

A teller that dies in between tells a run twice, never not at all; its events are the same ones.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
from psycopg.rows import class_row

from shopnow.kernel import (
    Home,
    Sql,
    TerminalError,
    TransientError,
    connect,
    connection_parameters,
    database_name,
)
from shopnow.marts import load_marts
from shopnow.pipeline.lineage.events import Place, RunRow, StepRow, run_events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

SQL = Sql(__package__)
TOKEN_FILE: Final = "lineage.token"  # noqa: S105 — the name of a file
_PATH: Final = "/api/v1/lineage"
_TIMEOUT_SECONDS: Final = 10.0
_RUNS_AT_ONCE: Final = 50


def tell_lineage(settings: Settings) -> int | None:
    """Tell the runs that ended since the last call; how many, None when the option is off.

    Raises TransientError when the collector does not take them, TerminalError for an address
    without TLS.
    """
    if not settings.lineage_to:
        return None
    _refuse_plain(settings.lineage_to)
    place, told = _place(settings), 0
    with connect(settings, application_name="shopnow lineage") as conn, conn.transaction():
        row = conn.execute(SQL["cursor_lock"]).fetchone()
        assert row is not None  # noqa: S101 — the migration put it there
        values = {"after": row[0], "most": _RUNS_AT_ONCE}
        with conn.cursor(row_factory=class_row(RunRow)) as runs:
            ended = runs.execute(SQL["runs_ended"], values).fetchall()
        for run in ended:
            with conn.cursor(row_factory=class_row(StepRow)) as cursor:
                steps = cursor.execute(SQL["steps_of_run"], {"run_id": run.run_id}).fetchall()
            try:
                _send(settings, list(run_events(place, run, steps)))
            except TransientError:
                if not told:
                    raise
                # What was taken until then is marked; the rest goes out the next time.
                break
            conn.execute(SQL["cursor_move"], {"run_id": run.run_id})
            told += 1
    return told


def _place(settings: Settings) -> Place:
    known = connection_parameters(settings, "shopnow_etl")
    server = f"{known.get('host', 'localhost')}:{known.get('port', '5432')}"
    marts = [one.name for one in load_marts(settings)]
    return Place(server, database_name(settings), marts)


def _is_url(target: str) -> bool:
    return "://" in target


def _refuse_plain(target: str) -> None:
    if _is_url(target) and not target.startswith("https://"):
        raise TerminalError(
            "lineage_to names a collector without TLS", "Write https://…, or a file."
        )


def _send(settings: Settings, events: Sequence[dict[str, Any]]) -> None:
    if not _is_url(settings.lineage_to):
        text = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        path = Path(settings.lineage_to)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        return
    token = Home(settings.home).secrets / TOKEN_FILE
    headers = {}
    if token.is_file():
        headers["Authorization"] = f"Bearer {token.read_text(encoding='utf-8').strip()}"
    address = settings.lineage_to.rstrip("/") + _PATH
    try:
        with httpx.Client(headers=headers, timeout=_TIMEOUT_SECONDS) as client:
            for event in events:
                client.post(address, json=event).raise_for_status()
    except httpx.HTTPError as error:
        message = f"the lineage collector does not take events ({type(error).__name__})"
        raise TransientError(message, "The next round tries again.") from None

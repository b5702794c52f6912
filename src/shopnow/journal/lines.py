"""Journal lines: each closed minute as JSON lines in a file that collectors read.

`<home>/logs/shopnow.jsonl`, one file a day, the days before beside it.  A closed minute gets no
event any more, so nothing is left out; a writer that dies in between may write a minute twice,
and collectors know an event by its `event_no`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from psycopg.rows import class_row

from shopnow.journal.reading import SQL, EventRow
from shopnow.kernel import Home, connect, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

_KEPT_DAYS: Final = 14
# A file that was never written begins here: an older journal is read by command.
_FIRST: Final = timedelta(days=1)
_CHUNK: Final = 5_000


def write_lines(settings: Settings, upto: datetime) -> int:
    """Append the events before `upto` (closed) that are not written yet; how many there were."""
    file = Home(settings.home).log_file
    file.parent.mkdir(parents=True, exist_ok=True)
    mark = file.with_suffix(".upto")
    since = _mark(mark) or upto - _FIRST
    if since >= upto:
        return 0
    written = 0
    with (
        connect(settings, autocommit=False, application_name="shopnow lines") as conn,
        conn.cursor("events_between", row_factory=class_row(EventRow)) as events,
    ):
        # On the server's side: after a long pause there may be much.
        events.itersize = _CHUNK
        _turn_over(file, upto)
        # Connections are told with their addresses: nobody else reads along.
        file.touch(mode=0o600)
        with file.open("a", encoding="utf-8") as stream:
            for one in events.execute(SQL["events_between"], {"since": since, "upto": upto}):
                stream.write(one.as_line() + "\n")
                written += 1
    write_private(mark, upto.isoformat())
    return written


def _mark(path: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(path.read_text(encoding="utf-8").strip())
    except (FileNotFoundError, ValueError):
        return None


def _turn_over(file: Path, upto: datetime) -> None:
    """Put the file of a day before aside under its date, and forget those of long ago."""
    if not file.is_file():
        return
    day = datetime.fromtimestamp(file.stat().st_mtime, tz=upto.tzinfo).date()
    if day < upto.date():
        file.rename(file.with_name(f"{file.stem}-{day}{file.suffix}"))
        oldest = f"{file.stem}-{upto.date() - timedelta(days=_KEPT_DAYS)}{file.suffix}"
        for one in file.parent.glob(f"{file.stem}-*{file.suffix}"):
            if one.name < oldest:
                one.unlink()

"""Serving the pages: one process, on loopback unless the settings say otherwise."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import psycopg
import uvicorn

from shopnow.alerts import watch_once
from shopnow.kernel import ShopnowError, connect
from shopnow.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Clock, Settings

_ROUND_SECONDS: Final = 60.0
_KEEP_ALIVE_SECONDS: Final = 75
_LOG = logging.getLogger(__name__)


def serve(settings: Settings, clock: Clock | None = None) -> None:
    """Serve until the process is told to stop (SIGINT, SIGTERM); requests are finished first."""
    uvicorn.run(
        create_app(settings, clock),
        host=settings.web_host,
        port=settings.web_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=5,
        # Longer than people read: their next page needs no new connection.
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        proxy_headers=False,
    )


@contextmanager
def watching(settings: Settings, clock: Clock) -> Iterator[None]:
    """Measure and judge each minute of `clock` while the pages are served: for a demo."""
    ended = Event()
    rounds = Thread(target=_rounds, args=(settings, clock, ended), daemon=True)
    rounds.start()
    try:
        yield
    finally:
        ended.set()
        rounds.join(_ROUND_SECONDS)


def _rounds(settings: Settings, clock: Clock, ended: Event) -> None:
    while not ended.wait(_ROUND_SECONDS):
        try:
            with connect(settings, application_name="shopnow demo") as conn:
                watch_once(conn, settings, clock.now())
        except (ShopnowError, psycopg.Error) as error:
            # The pages say themselves that the database does not answer.
            _LOG.warning("no measure: %s", error)

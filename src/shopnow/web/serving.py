"""Serving the pages: one process, on loopback unless the settings say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from shopnow.web.app import create_app

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings


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
        proxy_headers=False,
    )

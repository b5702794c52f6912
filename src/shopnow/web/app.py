"""The application: which address shows which page, and what every answer carries.

Every page goes through one way (`Doors.show`): session, menu of the role, token of the form, one
transaction under the person's database role, template.  Nothing of an error reaches a page but a
sentence in French.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from shopnow.kernel import SystemClock
from shopnow.web.charts import warm_up
from shopnow.web.doors import Doors
from shopnow.web.pages import PAGES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from shopnow.kernel import Clock, Settings

_HERE: Final = Path(__file__).parent
_YEAR_SECONDS: Final = 31_536_000
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(settings: Settings, clock: Clock | None = None) -> FastAPI:
    """Return the pages of a warehouse; nothing is connected before the first page."""
    doors = Doors(settings, clock or SystemClock())

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        Thread(target=warm_up, daemon=True).start()
        yield
        doors.close()

    routes = [
        Route("/", doors.home),
        Route("/connexion", doors.ask, methods=["GET"]),
        Route("/connexion", doors.enter, methods=["POST"]),
        Route("/deconnexion", doors.leave, methods=["POST"]),
        Route("/sante", doors.health),
        Route("/metrics", doors.metrics),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
        *(
            Route(path, partial(doors.show, page), methods=list(methods))
            for path, methods, page in PAGES
        ),
    ]
    app = FastAPI(
        title="ShopNow Marketplace", docs_url=None, redoc_url=None, openapi_url=None,
        routes=routes, lifespan=life, exception_handlers={404: doors.lost},
    )  # fmt: skip
    app.middleware("http")(_dressed)
    return app


async def _dressed(
    request: Request, following: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Every answer carries the headers; pages are not kept by anybody, files of ours are."""
    response = await following(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    kept = request.url.path.startswith("/static/")
    response.headers["Cache-Control"] = "max-age=3600" if kept else "no-store"
    if request.url.scheme == "https":
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    return response

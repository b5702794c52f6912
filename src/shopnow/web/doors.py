"""The doors of the pages: entering, leaving, and the one way that every page goes."""

from __future__ import annotations

import hmac
import logging
import secrets
from asyncio import Semaphore
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

import psycopg
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shopnow.alerts import metrics_text
from shopnow.kernel import Home, ShopnowError, TransientError, UsageError, write_private
from shopnow.security import LONGEST, STAFF_POOL, Accounts, Person
from shopnow.web.charts import sparkline
from shopnow.web.kept import Declared
from shopnow.web.people import OPERATOR, may_see, menu_of, role_of
from shopnow.web.pools import Pools
from shopnow.web.throttle import Throttle
from shopnow.web.visit import Gone, NotFoundError, Shown, Visit
from shopnow.web.words import filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from shopnow.kernel import Clock, Settings
    from shopnow.web.visit import Page

COOKIE: Final = "shopnow_session"
_HERE: Final = Path(__file__).parent
# How each page is computed, by its template.
EXPLAINED: Final[dict[str, dict[str, str]]] = yaml.safe_load(
    (_HERE / "explained.yaml").read_text(encoding="utf-8")
)
_LOG = logging.getLogger(__name__)
_LONGEST_FORM: Final = 64 * 1024
# So many passwords are hashed at a time.
_AT_ONCE: Final = 2
_SEE_OTHER, _BAD, _UNKNOWN, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _BROKEN, _ABSENT = (
    303, 400, 401, 403, 404, 429, 500, 503,
)  # fmt: skip
_WORDS: Final = {
    _BAD: ("Demande refusée", "La demande n'est pas complète, ou sa page est trop ancienne."),
    _FORBIDDEN: ("Accès réservé", "Votre rôle ne donne pas accès à cette page."),
    _NOT_FOUND: ("Page introuvable", "Il n'y a rien à cette adresse, ou rien pour vous."),
    _BROKEN: ("Erreur interne", "La page n'a pas pu être faite ; l'erreur est journalisée."),
    _ABSENT: ("Entrepôt injoignable", "La base ne répond pas. Les pages reviendront avec elle."),
}
# The first that fits: what is asked wrongly, what is not allowed, what does not answer, the rest.
_STATUS_OF: Final[dict[type[Exception], int]] = {
    NotFoundError: _NOT_FOUND,
    UsageError: _BAD,
    psycopg.errors.InsufficientPrivilege: _FORBIDDEN,
    # The role of an access that was revoked meanwhile.
    psycopg.errors.InvalidParameterValue: _FORBIDDEN,
    TransientError: _ABSENT,
    psycopg.OperationalError: _ABSENT,
    ShopnowError: _BROKEN,
    psycopg.Error: _BROKEN,
}


@dataclass
class Doors:
    """What all pages share: pools, accounts, templates, the throttle of the door."""

    settings: Settings
    clock: Clock
    throttle: Throttle = field(default_factory=Throttle)
    entering: Semaphore = field(default_factory=partial(Semaphore, _AT_ONCE))

    @cached_property
    def pools(self) -> Pools:
        """Connections, from the first page on."""
        return Pools(self.settings)

    @cached_property
    def declared(self) -> Declared:
        """Declarations, read once a minute at most."""
        return Declared(self.settings)

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts and sessions."""
        return Accounts(self.clock)

    @cached_property
    def templates(self) -> Environment:
        """The templates; a value that a page forgot is an error, not an empty place."""
        made = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(filters(self.settings.tz))
        made.globals.update(sparkline=sparkline)
        return made

    def close(self) -> None:
        """Close the pools, if anything was ever connected."""
        if "pools" in self.__dict__:
            self.pools.close()

    async def home(self, request: Request) -> Response:
        """Where a person lands: the first page of the menu, or the door."""
        person = await run_in_threadpool(self._person_or_nobody, request)
        entries = menu_of(person) if person else []
        return RedirectResponse(entries[0].path if entries else "/connexion", _SEE_OTHER)

    async def health(self, _: Request) -> Response:
        """For the watchdog: the pages answer, and the database answers them."""
        return await run_in_threadpool(self._health)

    async def metrics(self, request: Request) -> Response:
        """For Prometheus, with the token of the home's secrets: read as an operator."""
        said = request.headers.get("authorization", "").encode()
        wanted = f"Bearer {metrics_token(self.settings)}".encode()
        if not hmac.compare_digest(said, wanted):
            return Response("token\n", _UNKNOWN, media_type="text/plain")
        return await run_in_threadpool(self._metrics)

    async def lost(self, request: Request, _: Exception) -> Response:
        """No page has this address."""
        person = await run_in_threadpool(self._person_or_nobody, request)
        return self._told(_NOT_FOUND, person)

    async def ask(self, request: Request) -> Response:
        """The page of the door."""
        return self._door(request, "", 200)

    async def enter(self, request: Request) -> Response:
        """Login and password were sent."""
        form = await _form(request)
        if form is None or not _is_own(request):
            return self._told(_BAD, None)
        # A hash takes a core for a moment: who enters waits here, not those who are inside.
        async with self.entering:
            return await run_in_threadpool(self._enter, request, form)

    async def leave(self, request: Request) -> Response:
        """The session ends."""
        form = await _form(request)
        return await run_in_threadpool(self._leave, request, form)

    async def show(self, page: Page, request: Request) -> Response:
        """Any page: who asks, may they, and what does it show."""
        form = await _form(request) if request.method == "POST" else {}
        return await run_in_threadpool(self._show, page, request, form)

    def _show(self, page: Page, request: Request, form: Mapping[str, str] | None) -> Response:
        try:
            person = self._person(request)
        except (TransientError, psycopg.Error):
            return self._told(_ABSENT, None)
        if person is None:
            return RedirectResponse(f"/connexion?vers={request.url.path}", _SEE_OTHER)
        if not may_see(person, request.url.path):
            return self._told(_FORBIDDEN, person)
        if request.method == "POST" and not _is_meant(request, form, person):
            return self._told(_BAD, person)
        try:
            return self._shown(page, request, person, form or {})
        except tuple(_STATUS_OF) as error:
            status = next(code for kind, code in _STATUS_OF.items() if isinstance(error, kind))
            if status == _BROKEN:
                _LOG.exception("page %s failed", request.url.path)
            return self._told(status, person)

    def _shown(
        self, page: Page, request: Request, person: Person, form: Mapping[str, str]
    ) -> Response:
        with self.pools.of(person) as conn:
            now = self.clock.now()
            result = page(Visit(request, person, conn, self.settings, self.declared, now, form))
        if isinstance(result, Gone):
            return RedirectResponse(result.to, _SEE_OTHER)
        return self._page(result, person, request)

    def _page(self, shown: Shown, person: Person | None, request: Request | None) -> Response:
        values: dict[str, Any] = {
            "person": person,
            "menu": menu_of(person) if person else [],
            "role": role_of(person) if person else "",
            "path": request.url.path if request else "",
            "now": self.clock.now(),
            "home": self.settings.home.name,
            "explained": EXPLAINED.get(shown.template, {}),
        }
        html = self.templates.get_template(shown.template).render(values | dict(shown.values))
        return HTMLResponse(html, shown.status)

    def _told(self, status: int, person: Person | None) -> Response:
        title, text = _WORDS[status]
        return self._page(
            Shown("message.html", {"title": title, "text": text}, status), person, None
        )

    def _door(self, request: Request, trouble: str, status: int) -> Response:
        to = _local(request.query_params.get("vers", ""))
        return self._page(Shown("door.html", {"trouble": trouble, "to": to}, status), None, request)

    def _enter(self, request: Request, form: Mapping[str, str]) -> Response:
        login, now = form.get("login", "").strip().lower()[:40], self.clock.now()
        address = request.client.host if request.client else ""
        if self.throttle.is_closed(login, address, now):
            text = "Trop d'essais : réessayez dans cinq minutes."
            return self._door(request, text, _TOO_MANY)
        try:
            # No connection is held while the password is hashed: the pages go on.
            with self.pools.door() as conn:
                kept = self.accounts.kept_hash(conn, login)
            token = None
            if self.accounts.fits(kept, form.get("password", "")):
                with self.pools.door() as conn:
                    token = self.accounts.open_session(conn, login)
        except (TransientError, psycopg.OperationalError):
            return self._told(_ABSENT, None)
        if token is None:
            self.throttle.failed(login, address, now)
            return self._door(request, "Nom ou mot de passe inconnu.", _FORBIDDEN)
        self.throttle.entered(login)
        response = RedirectResponse(_local(form.get("vers", "")) or "/", _SEE_OTHER)
        response.set_cookie(
            COOKIE, token, max_age=int(LONGEST.total_seconds()), httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    def _leave(self, request: Request, form: Mapping[str, str] | None) -> Response:
        person = self._person_or_nobody(request)
        if person is None:
            return RedirectResponse("/connexion", _SEE_OTHER)
        if not _is_meant(request, form, person):
            return self._told(_BAD, person)
        with self.pools.door() as conn:
            self.accounts.leave(conn, request.cookies[COOKIE])
        response = RedirectResponse("/connexion", _SEE_OTHER)
        response.delete_cookie(COOKIE)
        return response

    def _metrics(self) -> Response:
        scraper = Person("prometheus", OPERATOR, STAFF_POOL, "")
        try:
            with self.pools.of(scraper) as conn:
                text = metrics_text(conn, self.settings, self.clock.now())
        except (TransientError, psycopg.Error):
            return Response("database\n", _ABSENT, media_type="text/plain")
        return Response(text, media_type="text/plain; version=0.0.4")

    def _health(self) -> Response:
        try:
            with self.pools.door():
                return Response("ok\n", media_type="text/plain")
        except (TransientError, psycopg.Error):
            return Response("database\n", _ABSENT, media_type="text/plain")

    def _person(self, request: Request) -> Person | None:
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        with self.pools.door() as conn:
            return self.accounts.person(conn, token)

    def _person_or_nobody(self, request: Request) -> Person | None:
        try:
            return self._person(request)
        except (TransientError, psycopg.Error):
            return None


def metrics_token(settings: Settings) -> str:
    """The token of /metrics, in `secrets/metrics.token` of the home; made when it is not there."""
    path = Home(settings.home).root / "secrets" / "metrics.token"
    if not path.is_file():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii").strip()


async def _form(request: Request) -> dict[str, str] | None:
    """What was sent; None when it is no form, or longer than any form of ours."""
    kind = request.headers.get("content-type", "").split(";")[0]
    length = request.headers.get("content-length", "")
    if kind != "application/x-www-form-urlencoded" or not length.isdigit():
        return None
    if int(length) > _LONGEST_FORM:
        return None
    body = await request.body()
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _is_own(request: Request) -> bool:
    """Say whether a form comes from a page of ours (a browser says so by itself)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _is_meant(request: Request, form: Mapping[str, str] | None, person: Person) -> bool:
    """Say whether a form was sent on purpose: from a page of ours, with the session's token."""
    token = (form or {}).get("jeton", "")
    return _is_own(request) and hmac.compare_digest(token.encode(), person.form_token.encode())


def _local(path: str) -> str:
    """A path of ours, or nothing: nobody is led elsewhere after the door."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if safe and urlsplit(path).netloc == "" else ""

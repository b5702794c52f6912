"""People on the pages: who they are, what they open, how long they read.

Somebody enters, opens a page of the menu or follows a link of the page that is open, reads it, and
goes on; a page with live parts is asked for again every 15 seconds while it is read, as the script
of the pages does.  Each person has a connection of their own, kept open as a browser keeps it.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

THINK_SECONDS: Final = 10.0
SHORTEST_THINK: Final = 2.0
LONGEST_THINK: Final = 60.0
LIVE_SECONDS: Final = 15.0
ARRIVAL_SECONDS: Final = 30.0
# Of the pages opened so many are links of the page before, the others come from the menu.
_FOLLOWED: Final = 0.5
# Once in so many pages somebody leaves and enters again.
_LEAVES: Final = 40
_SECRET: Final = re.compile(r'name="jeton" value="([0-9a-f]{64})"')
_LINK: Final = re.compile(r'href="(/[^"#]*)')
_PATIENCE: Final = 30.0
# How many of 50 people have which role, and how they divide their time over its menu.
HABITS: Final[Mapping[str, tuple[int, Mapping[str, int]]]] = {
    "operator": (12, {"/supervision": 5, "/executions": 2, "/livraisons": 4, "/rejets": 2,
                      "/vendeurs": 1, "/alertes": 3, "/tickets": 3, "/sauvegardes": 1}),
    "engineer": (8, {"/supervision": 3, "/executions": 4, "/livraisons": 3, "/rejets": 3,
                     "/vendeurs": 1, "/alertes": 1, "/tickets": 2, "/marts": 1}),
    "admin": (4, {"/supervision": 3, "/sauvegardes": 3, "/alertes": 2, "/tickets": 2,
                  "/vendeurs": 1, "/vie-privee": 1, "/livraisons": 1}),
    "dpo": (2, {"/vie-privee": 4, "/supervision": 1, "/tickets": 2, "/alertes": 1}),
    "analyst": (4, {"/marts": 1}),
    "seller": (20, {"/ma-boutique": 3, "/mes-livraisons": 4}),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One request: whose, for what, when it began, how long until its last byte, its status."""

    role: str
    path: str
    kind: str
    at: float
    seconds: float
    status: int

    @property
    def is_good(self) -> bool:
        """A page, or the way from a form to a page."""
        return self.status in {200, 303}


@dataclass
class Person:
    """One of the people; the generator makes a run of the same people repeatable."""

    login: str
    role: str
    password: str
    client: httpx.AsyncClient
    chance: random.Random
    asked: list[Asked] = field(default_factory=list)
    shown: str = ""

    async def live(self, until: asyncio.Event) -> None:
        """Enter and go from page to page until it is over."""
        await _sleep(self.chance.uniform(0, ARRIVAL_SECONDS), until)
        await self._enter()
        while not until.is_set():
            if self.chance.randrange(_LEAVES) == 0:
                await self._leave()
                await self._enter()
            path = self._next()
            self.shown = await self._get(path, "page")
            await self._read(path, until)

    async def _enter(self) -> None:
        await self._get("/connexion", "door")
        for file in ("/static/shopnow.css", "/static/live.js"):
            await self._get(file, "file")
        form = {"login": self.login, "password": self.password}
        await self._ask("POST", "/connexion", "enter", form)
        self.shown = ""

    async def _leave(self) -> None:
        found = _SECRET.search(self.shown)
        if found:
            await self._ask("POST", "/deconnexion", "leave", {"jeton": found[1]})

    def _next(self) -> str:
        links = _LINK.findall(self.shown.partition("<main")[2].partition("</main>")[0])
        if links and self.chance.random() < _FOLLOWED:
            return str(self.chance.choice(links)).replace("&amp;", "&")
        menu = HABITS[self.role][1]
        return self.chance.choices([*menu], [*menu.values()])[0]

    async def _read(self, path: str, until: asyncio.Event) -> None:
        """Look at a page for a while; its live parts are asked for meanwhile."""
        left = self.chance.expovariate(1 / THINK_SECONDS)
        left = min(max(left, SHORTEST_THINK), LONGEST_THINK)
        while "data-live" in self.shown and left > LIVE_SECONDS and not until.is_set():
            await _sleep(LIVE_SECONDS, until)
            left -= LIVE_SECONDS
            if not until.is_set():
                await self._get(path, "live")
        await _sleep(left, until)

    async def _get(self, path: str, kind: str) -> str:
        return await self._ask("GET", path, kind)

    async def _ask(
        self, method: str, path: str, kind: str, form: Mapping[str, str] | None = None
    ) -> str:
        begun = time.perf_counter()
        try:
            answer = await self.client.request(method, path, data=form)
            status, text = answer.status_code, answer.text
            # Led to the door: the session was lost, which nobody asked for.
            if status == 303 and kind in {"page", "live"}:  # noqa: PLR2004 — see other
                status = 401
        except httpx.HTTPError:
            status, text = 0, ""
        took = time.perf_counter() - begun
        self.asked.append(Asked(self.role, path, kind, begun, took, status))
        return text


async def visit(
    address: str, logins: Sequence[tuple[str, str]], password: str, until: asyncio.Event
) -> list[Asked]:
    """Let (login, role) people live on the pages until it is over; everything they asked for."""
    async with asyncio.TaskGroup() as group:
        people = []
        for number, (login, role) in enumerate(logins):
            client = httpx.AsyncClient(base_url=address, timeout=_PATIENCE)
            one = Person(login, role, password, client, random.Random(number))  # noqa: S311 — no secret
            people.append(one)
            group.create_task(one.live(until))
    for one in people:
        await one.client.aclose()
    return [asked for one in people for asked in one.asked]


async def _sleep(seconds: float, until: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(until.wait(), seconds)
    except TimeoutError:
        return

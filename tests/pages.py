"""The pages of a warehouse, served for tests: a real server on a free port, a real client."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import uvicorn

from shopnow.security import STAFF_ROLES, add_account, add_seller_account
from shopnow.web import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Clock, Settings

PASSWORD = "mot de passe d'essai"
_TOKEN = re.compile(r'name="jeton" value="([0-9a-f]{64})"')


@dataclass
class Site:
    """A running server of the pages and its accounts."""

    address: str
    settings: Settings
    clock: Clock

    @contextmanager
    def visitor(self, login: str | None = None) -> Iterator[httpx.Client]:
        """Give a client, inside if a login is given."""
        with httpx.Client(base_url=self.address, timeout=20) as client:
            if login:
                answer = enter(client, login)
                assert answer.status_code == 303, answer.text
            yield client


def enter(client: httpx.Client, login: str, password: str = PASSWORD) -> httpx.Response:
    """Send login and password."""
    return client.post("/connexion", data={"login": login, "password": password})


def token_of(client: httpx.Client, path: str) -> str:
    """The token that the forms of a page carry."""
    found = _TOKEN.search(client.get(path).text)
    assert found, path
    return found[1]


@contextmanager
def serving(settings: Settings, clock: Clock) -> Iterator[Site]:
    """Serve the pages of a warehouse on a free port of loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        create_app(settings, clock), host="127.0.0.1", port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        end = time.monotonic() + 20
        while not server.started and time.monotonic() < end:
            time.sleep(0.02)
        assert server.started
        yield Site(f"http://127.0.0.1:{port}", settings, clock)
    finally:
        server.should_exit = True
        thread.join()


def add_staff(settings: Settings, clock: Clock) -> None:
    """An account a role of the staff, named as the role."""
    for word, role in STAFF_ROLES.items():
        add_account(settings, clock, word, role, password=PASSWORD)


def add_seller(settings: Settings, clock: Clock, login: str, seller: str) -> None:
    """An account of one seller with the password of all tests."""
    add_seller_account(settings, clock, login, [seller], password=PASSWORD)

"""Pages in the background: they answer, on another port where one is taken, until told to end."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.marketplace import NOON

from shopnow.jobs import start_pages, stop_pages

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration


def test_pages_take_the_next_port_and_end_when_told(warehouse: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = replace(warehouse, web_port=port)
        try:
            address = start_pages(settings, NOON)
            assert address != f"http://127.0.0.1:{port}"
            page = httpx.get(f"{address}/connexion")
            assert page.status_code == 200
            # Their clock is the one that was given.
            assert "10 mars 2025" in page.text
        finally:
            assert stop_pages(settings)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/connexion")
    assert not stop_pages(settings)

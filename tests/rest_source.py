"""A REST source of the tests: a real HTTP server on the loopback, with pages and with moods.

    with serving(records) as source:
        source.plan = [503, 429]   # the answers to the next requests, before good ones

Pages are asked for with `page` (and `size`), `offset`, or `after` (a token in the answer); `since`
keeps records of a later or equal `updated_at`. Every request is kept in `source.asked`.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "jeton-des-tests"


@dataclass
class RestSource:
    """What the server gives and how it behaves; all of it may change while it runs."""

    records: list[str]
    url: str = ""
    size: int = 3
    # Answers to the next requests: a status, "cut" (stops half way), "html", or "away:URL".
    plan: list[int | str] = field(default_factory=list)
    retry_after: str | None = None
    wanted: dict[str, str] = field(default_factory=dict)
    stuck: bool = False
    total: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    tokens: int = 0


@contextmanager
def serving(
    records: list[str], certificate: tuple[Path, Path] | None = None
) -> Iterator[RestSource]:
    """Give a running source of these records, each a JSON text; by TLS with a certificate."""
    source = RestSource(records)
    server = _Server(source)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    source.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def basic(user: str, password: str) -> str:
    """The header of a user and a password."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


class _Server(ThreadingHTTPServer):
    def __init__(self, source: RestSource) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.source = source


class _Handler(BaseHTTPRequestHandler):
    @property
    def _source(self) -> RestSource:
        assert isinstance(self.server, _Server)
        return self.server.source

    def log_message(self, *_: object) -> None:
        """Say nothing: the test asks what it wants to know."""

    def do_POST(self) -> None:
        """Give a token for the client's secret."""
        self._source.tokens += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        good = self.headers.get("Authorization") == basic("client", TOKEN)
        body = json.dumps({"access_token": f"{TOKEN}-{self._source.tokens}"} if good else {})
        self._reply(200 if good else 401, body.encode())

    def do_GET(self) -> None:
        """Give a page, or what the plan says."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        self._source.asked.append({"path": parts.path, **query})
        self._source.headers.append(dict(self.headers.items()))
        if self._source.plan and self._planned(self._source.plan.pop(0)):
            return
        if any(self.headers.get(name) != value for name, value in self._source.wanted.items()):
            self._reply(401, b"{}")
            return
        self._reply(200, *self._page(query))

    def _planned(self, step: int | str) -> bool:
        if step == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"data": [{"sku": "CUT1"},')
            self.close_connection = True
        elif step == "html":
            self._reply(200, b"<html>Identifiez-vous</html>")
        elif isinstance(step, str):
            self.send_response(302)
            self.send_header("Location", step.removeprefix("away:"))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif step != 200:
            self._reply(step, b"{}")
        return step != 200

    def _page(self, query: dict[str, str]) -> tuple[bytes, str]:
        since = query.get("since", "")
        found = [r for r in self._source.records if json.loads(r).get("updated_at", "") >= since]
        first = int(query.get("offset", query.get("after", 0)))
        size = min(int(query.get("size", self._source.size)), self._source.size)
        if "page" in query:
            first = 0 if self._source.stuck else (int(query["page"]) - 1) * size
        page = found[first : first + size]
        more = first + size < len(found)
        head = {"next": str(first + size) if more else None,
                "url": f"{self._source.url}/items?offset={first + size}" if more else "",
                "total": self._source.total or len(found)}  # fmt: skip
        body = '{"data": [' + ",\n ".join(page) + '], "meta": ' + json.dumps(head) + "}"
        link = f'<{self._source.url}/items?offset={first + size}>; rel="next"' if more else ""
        return body.encode(), link

    def _reply(self, status: int, body: bytes, link: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if link:
            self.send_header("Link", link)
        if self._source.retry_after and status == 429:
            self.send_header("Retry-After", self._source.retry_after)
        self.end_headers()
        self.wfile.write(body)


def record(number: int, **more: Any) -> str:  # noqa: ANN401 — any JSON value
    """A product of the seller S1 as its interface tells it."""
    base = {"sku": f"R{number}", "title": f"Lampe n° {number}", "price": "@", "currency": "EUR",
            "stock": number, "updated_at": f"2025-03-01T10:{number:02d}:00Z"}  # fmt: skip
    # A number whose text a binary float would change.
    return json.dumps(base | more, ensure_ascii=False).replace('"@"', f"{number}.10")

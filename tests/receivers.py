"""HTTPS receivers of the tests: what a chat or an SMS gateway is to the one who calls it.

    with open_receiver(tmp_path) as receiver:
        ...  # POST to receiver.base; trust receiver.ca_file
        receiver.calls[0].json

`answer`: the status of every reply; it may change while it runs.
"""

from __future__ import annotations

import json
import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.mailbox import certificate_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 — whatever was sent
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Where it listens and what came."""

    port: int
    ca_file: Path
    answer: int = 202
    reply: Callable[[Call], tuple[int, Any]] | None = None
    calls: list[Call] = field(default_factory=list)

    @property
    def base(self) -> str:
        """Its address without a scheme."""
        return f"127.0.0.1:{self.port}"


@contextmanager
def open_receiver(
    folder: Path, *, answer: int = 202, reply: Callable[[Call], tuple[int, Any]] | None = None
) -> Iterator[Receiver]:
    """Give a running receiver; its certificate stands in `folder`, one for all of that folder."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not certificate.exists():
        certificate, key = certificate_for("127.0.0.1", folder)
    receiver = Receiver(0, certificate, answer, reply)

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            call = Call(self.command, self.path, dict(self.headers), self.rfile.read(length))
            receiver.calls.append(call)
            status, body = receiver.reply(call) if receiver.reply else (receiver.answer, {})
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET = do_PUT = _take  # noqa: N815 — names of the protocol

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

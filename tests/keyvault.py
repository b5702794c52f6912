"""A key vault on this machine: the REST shapes of Azure Key Vault, with real RSA inside.

It issues tokens as Microsoft Entra and as a machine's managed identity do, refuses what they
refuse, and can be told to be busy or to forget its tokens.
"""

from __future__ import annotations

import base64
import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from shopnow.privacy import AzureKeyVault, Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


@dataclass
class LocalVault:
    """What the vault holds and how it behaves."""

    address: str = ""
    versions: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    secret: str = "a-secret-of-tests"
    busy: int = 0
    allows: bool = True
    asked: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.address}/keys/shopnow"

    def turn(self) -> None:
        """Add a version of the key; the newest one wraps."""
        made = rsa.generate_private_key(65537, 2048)
        self.versions[f"{self.key}/{secrets.token_hex(16)}"] = made

    def client(self, *, secret: str | None = None, machine: bool = False) -> AzureKeyVault:
        credentials = Credentials(
            tenant="tenant-of-tests",
            client="" if machine else "application-of-tests",
            secret="" if machine else secret or self.secret,
            login=self.address,
            machine=f"{self.address}/metadata/identity/oauth2/token",
        )
        return AzureKeyVault(self.key, credentials, pause=self.pauses.append)

    def token(self) -> dict[str, Any]:
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return {"token_type": "Bearer", "expires_in": 3599, "access_token": token}


class Door(BaseHTTPRequestHandler):
    """Answers as the vault and as the two givers of tokens."""

    vault: LocalVault

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name there
        """Say nothing."""

    def do_GET(self) -> None:
        if self.headers.get("Metadata") != "true":
            self.answer(400, {"error": "invalid_request"})
        else:
            self.answer(200, self.vault.token())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = urlsplit(self.path)
        if parts.path == "/tenant-of-tests/oauth2/v2.0/token":
            self.give_token(parse_qs(body.decode()))
            return
        self.vault.asked.append(parts.path)
        assert parse_qs(parts.query) == {"api-version": ["7.4"]}
        self.operate(parts.path, json.loads(body))

    def give_token(self, form: dict[str, list[str]]) -> None:
        scope = ["https://vault.azure.net/.default"]
        if (form["client_secret"], form["scope"]) == ([self.vault.secret], scope):
            self.answer(200, self.vault.token())
        else:
            self.answer(401, {"error": "invalid_client"})

    def operate(self, path: str, said: dict[str, str]) -> None:
        vault = self.vault
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in vault.tokens:
            self.answer(401, {"error": {"code": "Unauthorized", "message": "AKV10032"}})
        elif vault.busy:
            vault.busy -= 1
            self.answer(429, {"error": {"code": "Throttled"}}, {"Retry-After": "3"})
        elif not vault.allows or said["alg"] != "RSA-OAEP-256":
            self.answer(403, {"error": {"code": "Forbidden", "message": "not allowed"}})
        else:
            value = base64.urlsafe_b64decode(said["value"] + "==")
            version, _, operation = f"{vault.address}{path}".rpartition("/")
            if operation == "wrapkey":
                version = list(vault.versions)[-1]
                done = vault.versions[version].public_key().encrypt(value, OAEP)
            else:
                done = vault.versions[version].decrypt(value, OAEP)
            text = base64.urlsafe_b64encode(done).rstrip(b"=").decode()
            self.answer(200, {"kid": version, "value": text})

    def answer(
        self, code: int, content: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        data = json.dumps(content).encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def key_vault() -> Iterator[LocalVault]:
    """Serve a vault with one key, on a free port of this machine."""
    vault = LocalVault()
    door = type("ThisDoor", (Door,), {"vault": vault})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    vault.address = f"http://127.0.0.1:{server.server_address[1]}"
    vault.turn()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield vault
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Azure Key Vault as what wraps the master key: the vault's key never leaves the vault.

The REST interface of `Microsoft.KeyVault` keys, version 7.4: wrapKey and unwrapKey with
RSA-OAEP-256, tokens of Microsoft Entra by client secret or from the machine's managed identity.
The vault is asked once when the key store is opened, never for each key.
"""

from __future__ import annotations

import base64
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import httpx

from shopnow.privacy.errors import KeyStoreError, KeyStoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

API_VERSION: Final = "7.4"
ALGORITHM: Final = "RSA-OAEP-256"
SCOPE: Final = "https://vault.azure.net/.default"
RESOURCE: Final = "https://vault.azure.net"
LOGIN: Final = "https://login.microsoftonline.com"
# The managed identity of an Azure machine answers on this link-local address alone.
MACHINE_IDENTITY: Final = "http://169.254.169.254/metadata/identity/oauth2/token"
_SECONDS: Final = 20.0
_ATTEMPTS: Final = 4
_LONGEST_WAIT: Final = 30.0
_BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
_UNAUTHORIZED: Final = 401


@dataclass(frozen=True, slots=True)
class Credentials:
    """How tokens are had: an application's secret, or the machine's identity where it has none."""

    tenant: str = ""
    client: str = ""
    secret: str = field(default="", repr=False)
    login: str = LOGIN
    machine: str = MACHINE_IDENTITY

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Credentials:
        """Return those that Azure's own tools read from the environment."""
        return cls(
            tenant=environ.get("AZURE_TENANT_ID", ""),
            client=environ.get("AZURE_CLIENT_ID", ""),
            secret=environ.get("AZURE_CLIENT_SECRET", ""),
            login=environ.get("AZURE_AUTHORITY_HOST", LOGIN).rstrip("/"),
        )


class AzureKeyVault:
    """One key of one vault: `https://<vault>.vault.azure.net/keys/<key>`."""

    def __init__(
        self,
        address: str,
        credentials: Credentials | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name the key; nothing is asked yet.  Raises KeyStoreError without TLS on a network."""
        parts = urlsplit(address)
        loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if not (parts.scheme == "https" or loopback) or "/keys/" not in parts.path:
            message = "the key vault's address is not one of a key, over TLS"
            raise KeyStoreError(message, "It is like https://name.vault.azure.net/keys/shopnow.")
        self.name = address.rstrip("/")
        self._credentials = credentials or Credentials.of(os.environ)
        self._pause = pause
        self._token = ""

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """Return the address of the version that was used, and `key` wrapped by it."""
        said = self._ask(f"{self.name}/wrapkey", {"alg": ALGORITHM, "value": _coded(key)})
        version = str(said["kid"])
        self._check_version(version)
        return version, _decoded(said["value"])

    def unwrap(self, version: str, wrapped: bytes) -> bytes:
        """Return the key wrapped by that version of this vault's key."""
        self._check_version(version)
        said = self._ask(f"{version}/unwrapkey", {"alg": ALGORITHM, "value": _coded(wrapped)})
        return _decoded(said["value"])

    def _check_version(self, version: str) -> None:
        # A file that was tampered with must not send the token to another host.
        if not version.startswith(f"{self.name}/"):
            message = "the master key is wrapped by another key vault than the one set"
            raise KeyStoreError(message, "Set key_vault to the one that its file names.")

    def _ask(self, url: str, body: Mapping[str, str]) -> dict[str, Any]:
        with httpx.Client(timeout=_SECONDS, trust_env=False) as client:
            for attempt in range(_ATTEMPTS):
                self._token = self._token or self._new_token(client)
                headers = {"Authorization": f"Bearer {self._token}"}
                try:
                    answer = client.post(
                        url, params={"api-version": API_VERSION}, json=body, headers=headers
                    )
                except httpx.HTTPError as error:
                    raise _unavailable(type(error).__name__) from None
                if answer.status_code == _UNAUTHORIZED and attempt == 0:
                    # The token may have run out; a second refusal is a refusal.
                    self._token = ""
                elif answer.status_code in _BUSY:
                    self._pause(_wait(answer, attempt))
                else:
                    return _content(answer)
        raise _unavailable("it stays busy")

    def _new_token(self, client: httpx.Client) -> str:
        mine = self._credentials
        try:
            if mine.client and mine.secret:
                form = {
                    "grant_type": "client_credentials", "client_id": mine.client,
                    "client_secret": mine.secret, "scope": SCOPE,
                }  # fmt: skip
                answer = client.post(f"{mine.login}/{mine.tenant}/oauth2/v2.0/token", data=form)
            else:
                query = {"api-version": "2018-02-01", "resource": RESOURCE}
                answer = client.get(mine.machine, params=query, headers={"Metadata": "true"})
        except httpx.HTTPError as error:
            raise _unavailable(type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            message = f"Azure gives no token for the key vault (HTTP {answer.status_code})"
            raise KeyStoreError(message, "Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret.")
        return str(answer.json()["access_token"])


def _content(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code == httpx.codes.OK:
        content: dict[str, Any] = answer.json()
        return content
    try:
        code = str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = f"HTTP {answer.status_code}"
    hint = "The application needs wrapKey and unwrapKey on this key; see the vault's policies."
    raise KeyStoreError(f"the key vault refuses: {code}", hint)


def _wait(answer: httpx.Response, attempt: int) -> float:
    said = answer.headers.get("Retry-After", "")
    return min(float(said) if said.isdigit() else 2.0**attempt, _LONGEST_WAIT)


def _unavailable(what: str) -> KeyStoreUnavailableError:
    message = f"the key vault does not answer: {what}"
    return KeyStoreUnavailableError(message, "Check the network to the vault, then try again.")


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: object) -> bytes:
    data = str(text).encode()
    return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))

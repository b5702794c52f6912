"""SFTP by the one host key that the source declares: nobody is trusted at first sight."""

from __future__ import annotations

import base64
import io
from binascii import Error as NoBase64
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import paramiko

from shopnow.sources.connectors.model import PullRefusedError

if TYPE_CHECKING:
    from shopnow.sources.connectors.model import FilesConnector
    from shopnow.sources.connectors.secrets import Secrets

_SECONDS: Final = 30.0
# What a connection raises when the other side is away or hangs up.
TROUBLES: Final = (OSError, EOFError, paramiko.SSHException)
_KINDS: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


class _Pinned(paramiko.MissingHostKeyPolicy):  # type: ignore[misc] # the library has no types
    """Refuses every server whose key is not the declared one, before anything is told to it."""

    def __init__(self, declared: str, host: str) -> None:
        words = declared.split()
        self._wanted = words[1] if len(words) > 1 else words[0]
        self._host = host

    def missing_host_key(self, _client: object, _hostname: str, key: paramiko.PKey) -> None:
        """Answer for a server that no file of known hosts names: all of them, here."""
        if key.get_base64() != self._wanted:
            raise PullRefusedError(
                f"{self._host} : clé de serveur {_fingerprint(self._wanted)} attendue,"
                f" reçu {_fingerprint(key.get_base64())}",
                "Rien n'est envoyé. Demandez au propriétaire si sa clé a changé ; si oui, mettez"
                " la nouvelle dans `host_key:`. Sinon, quelqu'un répond à sa place.",
            )


def sftp_options(connector: FilesConnector, secrets: Secrets) -> dict[str, Any]:
    """What the driver needs to reach the server; the key is tried before the password."""
    parts = urlsplit(connector.url)
    host = parts.hostname or ""
    options: dict[str, Any] = {
        "host": host,
        "port": parts.port or 22,
        "username": connector.user,
        "host_key_policy": _Pinned(connector.host_key or "", host),
        "timeout": _SECONDS,
        "banner_timeout": _SECONDS,
        "auth_timeout": _SECONDS,
        "allow_agent": False,
        "look_for_keys": False,
    }
    if connector.key_secret:
        options["pkey"] = _private_key(secrets.read(connector.key_secret), connector.key_secret)
    if connector.secret:
        options["password"] = secrets.read(connector.secret)
    return options


def _private_key(text: str, name: str) -> paramiko.PKey:
    for kind in _KINDS:
        try:
            return kind.from_private_key(io.StringIO(text + "\n"))
        except (paramiko.SSHException, ValueError):
            continue
    raise PullRefusedError(
        f"secret « {name} » : clé privée OpenSSH sans phrase secrète attendue, illisible",
        f"`ssh-keygen -t ed25519` en fait une ; enregistrez-la : `shopnow source secret {name}`.",
    )


def _fingerprint(key: str) -> str:
    try:
        digest = sha256(base64.b64decode(key, validate=True)).digest()
    except (NoBase64, ValueError):
        return "illisible"
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

"""How the store of a second place is reached: options from the home's secrets, known hosts only.

Protects the copies: by SFTP nobody is trusted at first sight, the server is the one whose key was
declared, or nothing is told to it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import fsspec
import paramiko

from shopnow.backup.errors import BackupError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

    from shopnow.kernel import Settings

_SFTP: Final = ("sftp", "ssh")
_SECONDS: Final = 30.0
# Stores where a file appears at once, whole; there a second name would be a second copy, which a
# store that keeps files from change would not let go.
_OBJECTS: Final = frozenset({"abfs", "abfss", "adl", "az", "gcs", "gs", "memory", "s3", "s3a"})


class _Declared(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]  # the library has no types
    """Refuses every server whose key is not the declared one."""

    def __init__(self, declared: str) -> None:
        words = declared.split()
        self._wanted = words[1] if len(words) > 1 else "".join(words)

    def missing_host_key(self, _client: object, hostname: str, key: paramiko.PKey) -> None:
        """Answer for a server that no file of known hosts names: all of them, here."""
        if key.get_base64() != self._wanted:
            raise BackupError(
                f"{hostname} n'a pas la clé de serveur déclarée : rien ne lui est envoyé",
                "Demander à son propriétaire si elle a changé ; si oui, mettre la nouvelle dans "
                "`host_key` (secrets/backup_copy.json). Sinon, quelqu'un répond à sa place.",
            )


def options_of(settings: Settings, *, of_keys: bool) -> dict[str, Any]:
    """Return what a place wants to know: `secrets/backup_copy.json` or `backup_keys_copy.json`.

    Raises BackupError when the file is no JSON object.
    """
    name = "backup_keys_copy.json" if of_keys else "backup_copy.json"
    path = settings.home / "secrets" / name
    try:
        options = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise BackupError(f"secrets/{name} n'est pas un objet JSON", 'Par exemple {"username": …}.')
    return options


def store_at(url: str, options: dict[str, Any]) -> tuple[AbstractFileSystem, str]:
    """Return the store of a URL, and the folder in it; raises BackupError when there is no driver.

    What the store itself raises comes as it is.
    """
    if url.partition("://")[0] in _SFTP:
        options = _known(url, options)
    try:
        store, base = fsspec.core.url_to_fs(url, skip_instance_cache=True, **options)
    except (ImportError, ValueError) as error:
        raise BackupError(
            f"la seconde copie ({shown(url)}) n'est pas accessible : {error}",
            "Installer le pilote de ce stockage, ou corriger le réglage backup_copy.",
        ) from error
    return store, base


def hang_up(store: AbstractFileSystem) -> None:
    """Close the connection of a store that has one."""
    client = getattr(store, "client", None)
    if isinstance(client, paramiko.SSHClient):
        client.close()


def shows_whole_objects_only(store: AbstractFileSystem) -> bool:
    """Say whether a file of this store appears only when all of it is there."""
    names = (store.protocol,) if isinstance(store.protocol, str) else store.protocol
    return not _OBJECTS.isdisjoint(names)


def shown(url: str) -> str:
    """Return a URL without what stands before an @, where a password may be."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else url


def _known(url: str, options: dict[str, Any]) -> dict[str, Any]:
    declared = options.get("host_key")
    if not declared:
        raise BackupError(
            f"la clé du serveur de {shown(url)} n'est pas déclarée",
            'Dans secrets/backup_copy.json : {"username": …, "key_filename": …, "host_key": '
            '"ssh-ed25519 AAAA…"} (`ssh-keyscan` la montre, son propriétaire la confirme).',
        )
    own = {name: value for name, value in options.items() if name != "host_key"}
    waits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), _SECONDS)
    policy = {"host_key_policy": _Declared(str(declared))}
    return {"allow_agent": False, "look_for_keys": False} | waits | own | policy

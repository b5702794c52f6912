"""The key store of a warehouse opened, and its master key turned.

What speaks to a key vault is imported where one is set: most warehouses have none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.journal import Event, record_event
from shopnow.kernel import connect
from shopnow.privacy.keystore import KeyStore

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.keyvault import AzureKeyVault


def open_key_store(settings: Settings, clock: Clock) -> KeyStore:
    """Return the key store of these settings, opened; its vault is asked once."""
    return KeyStore(settings.home, clock, vault_of(settings.key_vault))


def vault_of(address: str) -> AzureKeyVault | None:
    """Return the vault at an address, None for no address."""
    if not address:
        return None
    from shopnow.privacy.keyvault import AzureKeyVault  # noqa: PLC0415

    return AzureKeyVault(address)


def rotate_master_key(settings: Settings, clock: Clock, keystore: KeyStore, address: str) -> int:
    """Turn the master key, journal it, and return how many keys were wrapped anew.

    `address`: the key vault that wraps the new one, "" for a file of its own.
    """
    keys = keystore.rotate_master(vault_of(address))
    where = "dans un coffre de clés" if address else "dans son fichier"
    event = Event(
        ts=clock.now(),
        source="privacy",
        type="securite",
        level="INFO",
        message=f"clé maîtresse tournée, {keys} clé(s) enveloppées à nouveau, {where}",
        error_code="master_key_rotated",
        payload={"keys": keys, "in_vault": bool(address)},
    )
    with connect(settings, application_name="shopnow privacy") as conn:
        record_event(conn, event)
    return keys

"""What protects people: keys, pseudonyms, the vault, sealed bytes, reduced traces.

The room's rule: a value that belongs to a person leaves this room only as ciphertext, as a keyed
hash or coarsened, and every key lives in the key store, outside the warehouse.
"""

from __future__ import annotations

from shopnow.privacy.binding import bind_key_store
from shopnow.privacy.disclosure import open_values
from shopnow.privacy.errors import (
    KeyStoreError,
    KeyStoreUnavailableError,
    MissingKeyError,
    PrivacyError,
    SealBrokenError,
)
from shopnow.privacy.keystore import KeyStore
from shopnow.privacy.pseudonyms import Pseudonyms
from shopnow.privacy.reduce import device_class, postal_area, truncate_ip
from shopnow.privacy.sealedreader import open_sealed
from shopnow.privacy.sealing import SealedFile, open_bytes, seal_bytes, seal_stream
from shopnow.privacy.subjects import (
    find_subjects,
    record_subjects,
    resolve_subjects,
    sweep_subject_keys,
)
from shopnow.privacy.vault import Vault

__all__ = [
    "KeyStore",
    "KeyStoreError",
    "KeyStoreUnavailableError",
    "MissingKeyError",
    "PrivacyError",
    "Pseudonyms",
    "SealBrokenError",
    "SealedFile",
    "Vault",
    "bind_key_store",
    "device_class",
    "find_subjects",
    "open_bytes",
    "open_sealed",
    "open_values",
    "postal_area",
    "record_subjects",
    "resolve_subjects",
    "seal_bytes",
    "seal_stream",
    "sweep_subject_keys",
    "truncate_ip",
]

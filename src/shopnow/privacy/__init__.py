"""What protects people: keys, pseudonyms, the vault, sealed bytes, reduced traces.

The room's rule: a value that belongs to a person leaves this room only as ciphertext, as a keyed
hash or coarsened, and every key lives in the key store, outside the warehouse.
"""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.privacy.binding import bind_key_store
    from shopnow.privacy.disclosure import open_values
    from shopnow.privacy.erasure import (
        Action,
        ErasurePlan,
        Person,
        ReplayedErasures,
        erase,
        persons_numbered,
        plan_erasure,
        replay_erasures,
    )
    from shopnow.privacy.errors import (
        KeyStoreError,
        KeyStoreUnavailableError,
        MissingKeyError,
        PrivacyError,
        SealBrokenError,
    )
    from shopnow.privacy.exporting import PersonFile, person_file, read_vault
    from shopnow.privacy.finding import persons_by_email, persons_by_identifier
    from shopnow.privacy.holders import hold_account, holders_of
    from shopnow.privacy.keystore import KeyStore
    from shopnow.privacy.keyvault import AzureKeyVault, Credentials
    from shopnow.privacy.opening import open_key_store, rotate_master_key, vault_of
    from shopnow.privacy.pseudonyms import Pseudonyms
    from shopnow.privacy.reduce import device_class, postal_area, truncate_ip
    from shopnow.privacy.register import (
        BASES,
        Gap,
        Register,
        RegisterError,
        RetentionClass,
        Treatment,
        attribute_gaps,
        column_gaps,
        load_register,
        write_processings,
    )
    from shopnow.privacy.resealing import Resealed, note_lines, reseal_pending
    from shopnow.privacy.retention import (
        Proof,
        Purged,
        apply_retention,
        prove_retention,
        retention_due,
    )
    from shopnow.privacy.scanning import Found, ScanReport, scan
    from shopnow.privacy.sealedreader import open_sealed
    from shopnow.privacy.sealing import SealedFile, open_bytes, seal_bytes, seal_lines, seal_stream
    from shopnow.privacy.subjects import (
        find_subjects,
        record_subjects,
        resolve_subjects,
        sweep_subject_keys,
    )
    from shopnow.privacy.suppression import Suppression
    from shopnow.privacy.vault import Vault

__all__ = [
    "BASES",
    "Action",
    "AzureKeyVault",
    "Credentials",
    "ErasurePlan",
    "Found",
    "Gap",
    "KeyStore",
    "KeyStoreError",
    "KeyStoreUnavailableError",
    "MissingKeyError",
    "Person",
    "PersonFile",
    "PrivacyError",
    "Proof",
    "Pseudonyms",
    "Purged",
    "Register",
    "RegisterError",
    "ReplayedErasures",
    "Resealed",
    "RetentionClass",
    "ScanReport",
    "SealBrokenError",
    "SealedFile",
    "Suppression",
    "Treatment",
    "Vault",
    "apply_retention",
    "attribute_gaps",
    "bind_key_store",
    "column_gaps",
    "device_class",
    "erase",
    "find_subjects",
    "hold_account",
    "holders_of",
    "load_register",
    "note_lines",
    "open_bytes",
    "open_key_store",
    "open_sealed",
    "open_values",
    "person_file",
    "persons_by_email",
    "persons_by_identifier",
    "persons_numbered",
    "plan_erasure",
    "postal_area",
    "prove_retention",
    "read_vault",
    "record_subjects",
    "replay_erasures",
    "reseal_pending",
    "resolve_subjects",
    "retention_due",
    "rotate_master_key",
    "scan",
    "seal_bytes",
    "seal_lines",
    "seal_stream",
    "sweep_subject_keys",
    "truncate_ip",
    "vault_of",
    "write_processings",
]

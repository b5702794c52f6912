"""The vault: what a person is called and where they live, readable only with that person's key.

Protects three rules: the newest statement about an attribute wins whatever the order of arrival,
an unchanged value is neither encrypted nor written again, and a plain value never stands in a
statement, a log or an error.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import polars as pl
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from shopnow.privacy.errors import PrivacyError
from shopnow.privacy.pseudonyms import Pseudonyms
from shopnow.privacy.rows import SQL, copy_in, numbers_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore

EMAIL: Final = "email"
DIGEST_BYTES: Final = 16
NONCE_BYTES: Final = 12
# Subjects whose keys are in memory at a time.
_SUBJECTS_AT_ONCE: Final = 100_000
_KEY: Final = ("subject_no", "attribute")
SCHEMA: Final = {
    "subject_no": pl.Int64(),
    "attribute": pl.String(),
    "value": pl.String(),
    "said_at": pl.Datetime("us", "UTC"),
    "delivery_key": pl.Int64(),
}


class Vault:
    """Writes values of persons; reading them is another matter and another right."""

    def __init__(self, keystore: KeyStore) -> None:
        """Take the subjects' keys from `keystore`."""
        self._keystore = keystore
        self._pseudonyms = Pseudonyms(keystore)

    def store(self, conn: Connection, values: pl.DataFrame) -> int:
        """Keep each subject's newest value an attribute; return how many were encrypted.

        `values`: subject_no Int64, attribute String (name, email, phone, street), value String,
        said_at Datetime(us, UTC), delivery_key Int64; several statements about one attribute may
        come together.  A null value says nothing; "" says that there is none, and is kept.
        Newest is the greatest (said_at, digest).  Unknown and erased subjects are passed over.
        Raises PrivacyError when the columns are not those.
        """
        _check(values)
        said = _newest(values)
        written = 0
        with conn.transaction():
            # No key may be made again for a person whose key was destroyed.
            erased = numbers_out(conn, "subject_erased")
            for part in _by_subjects(said.join(erased, on="subject_no", how="anti")):
                written += self._store_part(conn, part)
        return written

    def _store_part(self, conn: Connection, said: pl.DataFrame) -> int:
        keys = self._keystore.subject_keys(said["subject_no"].unique().to_list())
        stated = self._judged(said, keys)
        conn.execute(SQL["vault_stage"])
        conn.execute(SQL["vault_sealed_stage"])
        copy_in(conn, sql.Identifier("pg_temp", "vault_said"), stated.drop("value"))
        conn.execute(SQL["vault_analyze"])
        conn.execute(SQL["vault_confirm"])
        pending = numbers_out(conn, "vault_pending")
        sealed = _sealed(stated.join(pending, on="statement_no"), keys)
        copy_in(conn, sql.Identifier("pg_temp", "vault_sealed"), sealed)
        written = conn.execute(SQL["vault_upsert"]).rowcount
        conn.execute(SQL["vault_email_lookup"], {"email": EMAIL})
        conn.execute(SQL["vault_unstage"])
        return written

    def _judged(self, said: pl.DataFrame, keys: Mapping[int, bytes]) -> pl.DataFrame:
        """Return one statement a subject and attribute, with its digest and number."""
        digests = pl.Series("value_digest", list(_digests(said, keys)), dtype=pl.Binary)
        judged = (
            said.with_columns(digests, order=digests.bin.encode("hex"))
            .sort("order", "delivery_key", descending=[True, False])
            .unique(_KEY, keep="first", maintain_order=True)
            .drop("order")
            .sort(_KEY)
        )
        emails = judged.select(pl.when(pl.col("attribute") == EMAIL).then("value")).to_series()
        lookups = self._pseudonyms.email_lookups(emails)
        return judged.with_row_index("statement_no").with_columns(
            pl.col("statement_no").cast(pl.Int64), lookups.alias("email_lookup")
        )


def _check(values: pl.DataFrame) -> None:
    wrong = [name for name, dtype in SCHEMA.items() if values.schema.get(name) != dtype]
    if wrong or values.width != len(SCHEMA):
        message = f"statements for the vault have wrong or missing columns: {', '.join(wrong)}"
        raise PrivacyError(message, "Pass exactly the columns of the vault's SCHEMA.")
    rest = values.select(pl.col(SCHEMA.keys()).exclude("value")).null_count().row(0)
    if any(rest):
        message = "a statement for the vault lacks its subject, attribute, time or delivery"
        raise PrivacyError(message, "Only the value may be null.")


def _newest(values: pl.DataFrame) -> pl.DataFrame:
    """Return the statements of the latest time of each subject and attribute, equal ones once."""
    stated = values.select(SCHEMA.keys()).drop_nulls("value")
    latest = stated.filter(pl.col("said_at") == pl.col("said_at").max().over(_KEY))
    return latest.group_by(*_KEY, "value", "said_at").agg(pl.col("delivery_key").min())


def _by_subjects(said: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield parts of at most so many subjects, all statements about one of them together."""
    part = (pl.col("subject_no").rank("dense") - 1) // _SUBJECTS_AT_ONCE
    yield from said.with_columns(part=part).partition_by("part", include_key=False)


def _digests(said: pl.DataFrame, keys: Mapping[int, bytes]) -> Iterator[bytes]:
    rows = said.select("subject_no", "attribute", "value").iter_rows()
    for number, attribute, value in rows:
        # The attribute is part of it: equal values of two attributes must not look equal.
        state = blake2b(key=keys[number], digest_size=DIGEST_BYTES, person=b"vault.value")
        state.update(attribute.encode() + b"\x00")
        state.update(value.encode())
        yield state.digest()


def _sealed(stated: pl.DataFrame, keys: Mapping[int, bytes]) -> pl.DataFrame:
    nonces: list[bytes] = []
    texts: list[bytes] = []
    drawn = os.urandom(NONCE_BYTES * stated.height)
    rows = stated.select("subject_no", "attribute", "value").iter_rows()
    for i, (number, attribute, value) in enumerate(rows):
        nonce = drawn[i * NONCE_BYTES : (i + 1) * NONCE_BYTES]
        label = f"privacy.vault|{attribute}|{number}".encode()
        nonces.append(nonce)
        texts.append(AESGCM(keys[number]).encrypt(nonce, value.encode(), label))
    return stated.select("statement_no").with_columns(
        pl.Series("nonce", nonces, dtype=pl.Binary), pl.Series("ciphertext", texts, dtype=pl.Binary)
    )

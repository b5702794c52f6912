"""The vault keeps the newest value of each person, sealed, whatever the order of arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopnow.privacy import KeyStoreError, PrivacyError, Pseudonyms, Vault, bind_key_store
from shopnow.privacy.vault import SCHEMA

if TYPE_CHECKING:
    from psycopg import Connection

    from shopnow.privacy import KeyStore

pytestmark = pytest.mark.integration

DAY = datetime(2026, 1, 1, tzinfo=UTC)
Statement = tuple[int, str, str | None, datetime, int]


def said(*statements: Statement) -> pl.DataFrame:
    return pl.DataFrame(list(statements), schema=SCHEMA, orient="row")


def people(conn: Connection, count: int) -> list[int]:
    """Make subjects and return their numbers."""
    rows = conn.execute(
        "INSERT INTO privacy.subject (kind, lookup)"
        " SELECT 'customer', substr(sha256(int4send(i)), 1, 16)"
        " FROM generate_series(1, %s) AS i RETURNING subject_no",
        [count],
    )
    return sorted(number for (number,) in rows)


def held(conn: Connection, keystore: KeyStore) -> dict[tuple[int, str], tuple[str, datetime]]:
    """Return what the vault holds, opened with the keys of the persons."""
    rows = conn.execute(
        "SELECT subject_no, attribute, ciphertext, nonce, said_at FROM privacy.vault"
    ).fetchall()
    keys = keystore.subject_keys([row[0] for row in rows])
    return {
        (number, attribute): (opened(keys[number], number, attribute, text, nonce), at)
        for number, attribute, text, nonce, at in rows
    }


def opened(key: bytes, number: int, attribute: str, text: bytes, nonce: bytes) -> str:
    label = f"privacy.vault|{attribute}|{number}".encode()
    return AESGCM(key).decrypt(nonce, text, label).decode()


def test_a_value_is_sealed_with_its_persons_key(conn: Connection, keystore: KeyStore) -> None:
    one, two = people(conn, 2)
    written = Vault(keystore).store(
        conn,
        said(
            (one, "name", "Ada", DAY, 7), (two, "name", "Ada", DAY, 7), (two, "phone", None, DAY, 7)
        ),
    )
    assert written == 2
    assert held(conn, keystore) == {(one, "name"): ("Ada", DAY), (two, "name"): ("Ada", DAY)}
    rows = conn.execute("SELECT ciphertext, nonce, value_digest FROM privacy.vault").fetchall()
    assert all(len({row[column] for row in rows}) == 2 for column in range(3))


def test_an_unchanged_value_is_not_encrypted_again(conn: Connection, keystore: KeyStore) -> None:
    (one,) = people(conn, 1)
    vault = Vault(keystore)
    vault.store(conn, said((one, "name", "Ada", DAY, 7)))
    row = "SELECT xmin::text, nonce, delivery_key FROM privacy.vault"
    before = conn.execute(row).fetchone()
    assert vault.store(conn, said((one, "name", "Ada", DAY, 8))) == 0
    assert conn.execute(row).fetchone() == before
    later = DAY + timedelta(days=1)
    assert vault.store(conn, said((one, "name", "Ada", later, 8))) == 0
    assert before is not None
    assert conn.execute("SELECT nonce FROM privacy.vault").fetchone() == (before[1],)
    assert held(conn, keystore) == {(one, "name"): ("Ada", later)}


def test_a_late_statement_between_two_equal_ones_loses(
    conn: Connection, keystore: KeyStore
) -> None:
    (one,) = people(conn, 1)
    vault = Vault(keystore)
    for day, name in ((1, "Ada"), (3, "Ada"), (2, "Bea")):
        vault.store(conn, said((one, "name", name, DAY + timedelta(days=day), day)))
    assert held(conn, keystore)[one, "name"][0] == "Ada"


def test_an_empty_value_replaces_and_the_email_lookup_follows(
    conn: Connection, keystore: KeyStore
) -> None:
    (one,) = people(conn, 1)
    vault, lookup = Vault(keystore), "SELECT email_lookup FROM privacy.subject"
    expected = Pseudonyms(keystore).email_lookups(pl.Series(["ada@example.org"]))[0]
    vault.store(conn, said((one, "email", " Ada@Example.org", DAY, 1)))
    assert conn.execute(lookup).fetchone() == (expected,)
    vault.store(conn, said((one, "email", "bea@example.org", DAY - timedelta(days=1), 2)))
    assert conn.execute(lookup).fetchone() == (expected,)
    vault.store(conn, said((one, "email", "", DAY + timedelta(days=1), 3)))
    assert conn.execute(lookup).fetchone() == (None,)
    assert held(conn, keystore)[one, "email"][0] == ""


def test_nothing_is_stored_or_keyed_about_an_erased_person(
    conn: Connection, keystore: KeyStore, at: datetime
) -> None:
    one, two = people(conn, 2)
    conn.execute("UPDATE privacy.subject SET erased_at = %s WHERE subject_no = %s", [at, one])
    Vault(keystore).store(conn, said((one, "name", "Ada", DAY, 1), (two, "name", "Bea", DAY, 1)))
    assert set(held(conn, keystore)) == {(two, "name")}
    assert keystore.subject_nos(at + timedelta(days=1)) == [two]


def test_a_rolled_back_load_leaves_no_row(conn: Connection, keystore: KeyStore) -> None:
    (one,) = people(conn, 1)
    with conn.transaction(force_rollback=True):
        Vault(keystore).store(conn, said((one, "name", "Ada", DAY, 1)))
        Vault(keystore).store(conn, said((one, "phone", "1", DAY, 1)))
        assert len(held(conn, keystore)) == 2
    assert held(conn, keystore) == {}


def test_wrong_columns_are_refused_without_a_value(conn: Connection, keystore: KeyStore) -> None:
    vault = Vault(keystore)
    wrong = said((1, "name", "Distinctive", DAY, 1)).with_columns(
        pl.col("subject_no").cast(pl.String)
    )
    missing = said((1, "name", "Distinctive", DAY, 1)).with_columns(
        attribute=pl.lit(None, pl.String)
    )
    for frame in (wrong, wrong.drop("said_at"), missing):
        with pytest.raises(PrivacyError) as refused:
            vault.store(conn, frame)
        assert "Distinctive" not in repr(refused.value)


def test_a_refusal_of_the_database_holds_no_value(conn: Connection, keystore: KeyStore) -> None:
    (one,) = people(conn, 1)
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        Vault(keystore).store(conn, said((one, " ", "Distinctive", DAY, 1)))
    assert "Distinctive" not in f"{refused.value!r} {refused.value.diag.message_detail}"
    assert b"Distinctive".hex() not in str(refused.value.diag.message_detail)


def test_another_key_store_is_refused(conn: Connection, keystore: KeyStore, at: datetime) -> None:
    bind_key_store(conn, keystore, at)
    bind_key_store(conn, keystore, at + timedelta(days=1))
    keystore.fingerprint = bytes(16)
    with pytest.raises(KeyStoreError, match="another key store"):
        bind_key_store(conn, keystore, at)


NAMES = st.sampled_from(["", "Ada", "Bea", "Cleo"])
STATEMENTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["name", "email"]),
        NAMES,
        st.integers(0, 2).map(lambda day: DAY + timedelta(days=day)),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(statements=STATEMENTS, data=st.data())
def test_the_order_and_the_grouping_of_arrival_do_not_matter(
    conn: Connection, keystore: KeyStore, statements: list[Statement], data: st.DataObject
) -> None:
    numbers = [row[0] for row in conn.execute("SELECT subject_no FROM privacy.subject")]
    numbers = numbers or people(conn, 2)
    real = [(numbers[s[0]], s[1], s[2], s[3], s[4]) for s in statements]
    vault = Vault(keystore)

    vault.store(conn, said(*real))
    together = held(conn, keystore)
    lookups = conn.execute(
        "SELECT subject_no, email_lookup FROM privacy.subject ORDER BY 1"
    ).fetchall()
    clear(conn)
    for statement in data.draw(st.permutations(real)):
        vault.store(conn, said(statement))
    assert held(conn, keystore) == together
    assert (
        conn.execute("SELECT subject_no, email_lookup FROM privacy.subject ORDER BY 1").fetchall()
        == lookups
    )
    clear(conn)
    for (number, attribute), (value, when) in together.items():
        about = [s for s in real if s[:2] == (number, attribute)]
        assert when == max(s[3] for s in about)
        assert value in {s[2] for s in about if s[3] == when}


def clear(conn: Connection) -> None:
    conn.execute("DELETE FROM privacy.vault")
    conn.execute("UPDATE privacy.subject SET email_lookup = NULL")

"""The master key is turned, or moved into a key vault, without losing a key or a process."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from tests.keyvault import LocalVault, key_vault

from shopnow.kernel import FixedClock, Settings
from shopnow.privacy import (
    AzureKeyVault,
    KeyStore,
    KeyStoreError,
    KeyStoreUnavailableError,
    open_key_store,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRONG = "wrong-secret"
CLOCK = FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def vault() -> Iterator[LocalVault]:
    with key_vault() as served:
        yield served


def everything(store: KeyStore) -> tuple[object, ...]:
    """Every kind of key that the store gives out."""
    return (
        store.named_key("pseudonym"), store.subject_keys([1, 2, 3]), store.delivery_key("r1"),
        store.fingerprint,
    )  # fmt: skip


def filled(home: Path) -> tuple[object, ...]:
    with KeyStore(home, CLOCK) as store:
        store.new_delivery_key("r1")
        return everything(store)


def master(home: Path) -> bytes:
    return (home / "secrets" / "master.key").read_bytes()


def test_every_key_is_the_same_under_the_new_master_key(tmp_path: Path) -> None:
    keys, old = filled(tmp_path), master(tmp_path)
    before = wrappings(tmp_path)
    with KeyStore(tmp_path, CLOCK) as store:
        assert store.rotate_master(None) >= 7
        assert everything(store) == keys
    with KeyStore(tmp_path, CLOCK) as store:
        assert everything(store) == keys
    assert master(tmp_path) != old
    assert not (tmp_path / "secrets" / "master.key.next").exists()
    # A stolen old key opens the store no more, and nothing of the old wrapping is left in it.
    (tmp_path / "secrets" / "master.key").write_bytes(old)
    with pytest.raises(KeyStoreError):
        KeyStore(tmp_path, CLOCK)
    fresh = (tmp_path / "keys" / "keystore.sqlite").read_bytes()
    assert len(before) >= 7
    assert not any(wrapped in fresh for wrapped in before)


def wrappings(home: Path) -> list[bytes]:
    with closing(sqlite3.connect(home / "keys" / "keystore.sqlite")) as file:
        statement = (
            "SELECT wrapped FROM named_key UNION ALL SELECT wrapped FROM subject_key"
            " UNION ALL SELECT wrapped FROM delivery_key"
        )
        return [bytes(wrapped) for (wrapped,) in file.execute(statement)]


def test_processes_that_hold_the_store_open_follow(tmp_path: Path) -> None:
    filled(tmp_path)
    with KeyStore(tmp_path, CLOCK) as one, KeyStore(tmp_path, CLOCK) as other:
        one.rotate_master(None)
        made = other.new_delivery_key("made after")
        assert other.delivery_key("r1") == one.delivery_key("r1")
        assert other.subject_keys([9]) == one.subject_keys([9])
        assert one.delivery_key("made after") == made
        other.rotate_master(None)
        assert one.new_delivery_key("again") == other.delivery_key("again")
    with KeyStore(tmp_path, CLOCK) as store:
        assert store.delivery_key("made after") == made


def _die_in(home: Path, step: str) -> None:
    store = KeyStore(home, CLOCK)
    place = {"before the commit": "count_rotation", "after the commit": "adopt_next"}[step]
    if place == "count_rotation":
        store._file.count_rotation = lambda: os._exit(9)  # type: ignore[method-assign]
    else:
        from shopnow.privacy import masterkey  # noqa: PLC0415

        setattr(masterkey.MasterFiles, "adopt_next", lambda _: os._exit(9))  # noqa: B010 — typed
    store.rotate_master(None)


@pytest.mark.crash
@pytest.mark.parametrize("step", ["before the commit", "after the commit"])
def test_a_rotation_that_is_killed_leaves_a_store_that_opens(tmp_path: Path, step: str) -> None:
    keys = filled(tmp_path)
    process = get_context("spawn").Process(target=_die_in, args=(tmp_path, step))
    process.start()
    process.join()
    assert process.exitcode == 9
    for _ in range(2):
        with KeyStore(tmp_path, CLOCK) as store:
            assert everything(store) == keys
    with KeyStore(tmp_path, CLOCK) as store:
        store.rotate_master(None)
        assert everything(store) == keys
    assert not (tmp_path / "secrets" / "master.key.next").exists()


def test_the_master_key_moves_into_a_vault_and_back(tmp_path: Path, vault: LocalVault) -> None:
    keys = filled(tmp_path)
    with KeyStore(tmp_path, CLOCK) as store:
        store.rotate_master(vault.client())
        assert everything(store) == keys
    assert vault.key in master(tmp_path).decode()
    with pytest.raises(KeyStoreError, match="none is set"):
        KeyStore(tmp_path, CLOCK)
    # The vault turns its own key: what an older version wrapped still opens.
    vault.turn()
    before = len(vault.asked)
    with KeyStore(tmp_path, CLOCK, vault.client(machine=True)) as store:
        assert everything(store) == keys
        assert len(vault.asked) == before + 1
        store.rotate_master(None)
    with KeyStore(tmp_path, CLOCK) as store:
        assert everything(store) == keys


def test_a_new_store_is_made_under_the_vault_of_the_settings(
    tmp_path: Path, vault: LocalVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("AZURE_TENANT_ID", "tenant-of-tests"), ("AZURE_CLIENT_ID", "application-of-tests"),
        ("AZURE_CLIENT_SECRET", vault.secret), ("AZURE_AUTHORITY_HOST", vault.address),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    settings = Settings(home=tmp_path, key_vault=vault.key)
    with open_key_store(settings, CLOCK) as store:
        key = store.new_delivery_key("r1")
    with open_key_store(settings, CLOCK) as store:
        assert store.delivery_key("r1") == key
    assert b'"vault"' in master(tmp_path)


def test_a_busy_vault_is_asked_again_after_the_time_it_says(
    tmp_path: Path, vault: LocalVault
) -> None:
    vault.busy = 2
    with KeyStore(tmp_path, CLOCK, vault.client()) as store:
        assert store.named_key("x")
    assert vault.pauses == [3.0, 3.0]
    vault.busy = 9
    with pytest.raises(KeyStoreUnavailableError, match="busy"):
        KeyStore(tmp_path, CLOCK, vault.client())


def test_a_token_that_ran_out_is_renewed_once(tmp_path: Path, vault: LocalVault) -> None:
    client = vault.client()
    version, wrapped = client.wrap(b"k" * 32)
    vault.tokens.clear()
    assert client.unwrap(version, wrapped) == b"k" * 32


def test_refusals_are_said_without_secrets(tmp_path: Path, vault: LocalVault) -> None:
    with pytest.raises(KeyStoreError, match="no token") as refused:
        KeyStore(tmp_path / "a", CLOCK, vault.client(secret=WRONG))
    assert WRONG not in f"{refused.value!r} {refused.value.message} {refused.value.hint}"
    assert WRONG not in repr(vault.client(secret=WRONG)._credentials)
    vault.allows = False
    with pytest.raises(KeyStoreError, match="Forbidden"):
        KeyStore(tmp_path / "b", CLOCK, vault.client())
    assert not (tmp_path / "b" / "secrets" / "master.key").exists()


def test_no_token_goes_to_a_host_that_a_file_names(tmp_path: Path, vault: LocalVault) -> None:
    with KeyStore(tmp_path, CLOCK, vault.client()):
        pass
    path = tmp_path / "secrets" / "master.key"
    path.write_text(path.read_text().replace(vault.address, "http://127.0.0.1:9"))
    with pytest.raises(KeyStoreError, match="another key vault"):
        KeyStore(tmp_path, CLOCK, vault.client())


def test_a_vault_on_a_network_needs_tls() -> None:
    for address in ("http://name.vault.azure.net/keys/k", "https://name.vault.azure.net/secrets/k"):
        with pytest.raises(KeyStoreError):
            AzureKeyVault(address)

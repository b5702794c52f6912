"""What a connection is asked with: TLS off the machine, no password of another role."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopnow.kernel import (
    Home,
    Settings,
    TerminalError,
    TransientError,
    UsageError,
    connection_parameters,
    connection_url,
    database_name,
)

REMOTE = "host=db.example.org dbname=w user=boss password=x"


def of(dsn: str, home: Path = Path("nowhere"), role: str | None = "shopnow_etl") -> dict[str, str]:
    return connection_parameters(Settings(home=home, dsn=dsn), role)


def test_a_server_on_the_network_is_asked_for_tls() -> None:
    assert of(REMOTE)["sslmode"] == "require"
    assert of(REMOTE + " sslmode=prefer")["sslmode"] == "require"
    assert of(REMOTE + " sslmode=verify-full")["sslmode"] == "verify-full"


@pytest.mark.parametrize("mode", ["disable", "allow"])
def test_weak_tls_to_the_network_is_refused(mode: str) -> None:
    with pytest.raises(TerminalError, match=mode):
        of(f"{REMOTE} sslmode={mode}")


def test_one_far_host_of_several_is_enough_to_want_tls() -> None:
    assert of("host=localhost,db.example.org dbname=w")["sslmode"] == "require"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "/run/postgresql"])
def test_the_own_machine_needs_no_tls(host: str) -> None:
    assert "sslmode" not in of(f"host={host} dbname=w")


def test_the_password_of_the_dsn_is_only_for_its_own_user() -> None:
    assert "password" not in of(REMOTE)
    assert of(REMOTE, role=None)["password"] == "x"
    assert of(REMOTE, role="boss")["password"] == "x"


def test_a_dsn_that_cannot_be_read_is_not_quoted() -> None:
    with pytest.raises(UsageError) as refused:
        of("host=localhost pasword=topsecret")
    assert "topsecret" not in refused.value.message


def test_the_database_is_the_one_asked_for_then_the_one_of_the_dsn() -> None:
    assert database_name(Settings()) == "shopnow"
    assert database_name(Settings(dsn=REMOTE)) == "w"
    assert database_name(Settings(dsn=REMOTE, database="other")) == "other"


def test_without_a_server_there_is_a_hint_how_to_start_it(tmp_path: Path) -> None:
    with pytest.raises(TransientError) as refused:
        connection_parameters(Settings(home=tmp_path), "shopnow_etl")
    assert "shopnow up" in refused.value.hint


def test_a_url_names_the_passfile_unless_the_password_is_shown(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    home = Home(tmp_path)
    home.prepare()
    home.port_file.write_text("5544")
    quiet = connection_url(settings, "shopnow_etl")
    assert quiet.startswith("postgresql://shopnow_etl@127.0.0.1:5544/shopnow?passfile=")
    loud = connection_url(settings, "shopnow_etl", "p@ss/word")
    assert loud == "postgresql://shopnow_etl:p%40ss%2Fword@127.0.0.1:5544/shopnow"

"""Settings: the order of their origins, and what is refused."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from shopnow.kernel import Settings, UsageError, load_settings


def test_the_default_stands_where_nothing_was_said() -> None:
    settings = load_settings(environ={})
    assert settings.home == Path(".shopnow").absolute()
    assert settings.embedded
    assert (settings.batch_records, settings.batch_deliveries) == (500_000, 1_000)


def test_the_command_line_wins_over_the_environment_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "shopnow.toml"
    config.write_text('zone = "UTC"\nlog_level = "DEBUG"\nbatch_records = 1\n')
    environ = {"SHOPNOW_LOG_LEVEL": "ERROR", "SHOPNOW_BATCH_RECORDS": "2"}
    settings = load_settings({"batch_records": "3"}, environ=environ, config=config)
    assert (settings.zone, settings.log_level, settings.batch_records) == ("UTC", "ERROR", 3)


def test_a_relative_path_in_the_file_is_meant_from_the_file(tmp_path: Path) -> None:
    config = tmp_path / "shopnow.toml"
    config.write_text('home = "data"\n')
    assert load_settings(environ={}, config=config).home == tmp_path / "data"


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text("server_archive = false\n")
    settings = load_settings(environ={"SHOPNOW_CONFIG": str(config)})
    assert settings.server_archive is False


@pytest.mark.parametrize("origin", ["command line", "environment", "file"])
def test_an_unknown_key_is_refused_with_the_nearest_one(tmp_path: Path, origin: str) -> None:
    config = tmp_path / "shopnow.toml"
    config.write_text('zonne = "UTC"\n' if origin == "file" else "")
    environ = {"SHOPNOW_ZONNE": "UTC"} if origin == "environment" else {}
    overrides = {"zonne": "UTC"} if origin == "command line" else {}
    with pytest.raises(UsageError) as refused:
        load_settings(overrides, environ=environ, config=config)
    assert "'zonne'" in refused.value.message
    assert "'zone'" in refused.value.hint


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("zone", "Paris"),
        ("log_level", "LOUD"),
        ("batch_records", "many"),
        ("batch_records", "0"),
        ("server_sync", "perhaps"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: str) -> None:
    with pytest.raises(UsageError):
        load_settings({key: value}, environ={})


@pytest.mark.parametrize("content", ["zone = [1]\n", "this is no toml", "home = 3\n"])
def test_a_file_that_is_not_settings_is_refused(tmp_path: Path, content: str) -> None:
    config = tmp_path / "shopnow.toml"
    config.write_text(content)
    with pytest.raises(UsageError):
        load_settings(environ={}, config=config)


def test_settings_do_not_change_and_do_not_show_a_password() -> None:
    settings = Settings(dsn="postgresql://u:secret@localhost/db")
    with pytest.raises(FrozenInstanceError):
        settings.zone = "UTC"  # type: ignore[misc]
    assert "secret" not in repr(settings)


def test_numbers_may_be_written_with_underscores() -> None:
    assert load_settings({"batch_records": "10_000"}, environ={}).batch_records == 10_000

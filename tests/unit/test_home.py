"""The home and its secrets: private, random, kept."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import Home, TerminalError

if TYPE_CHECKING:
    from pathlib import Path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_and_keys_are_closed_to_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.prepare()
    home.password("shopnow_etl")
    home.write_passfile("127.0.0.1", 5432)
    assert mode(home.secrets) == mode(home.keystore.parent) == mode(home.landing) == 0o700
    assert mode(home.secrets / "shopnow_etl") == mode(home.passfile) == 0o600


def test_a_password_is_drawn_once_and_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    assert home.password("a") == home.password("a") != home.password("b")


def test_the_passfile_binds_each_role_to_one_address(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    word = home.password("a")
    home.write_passfile("127.0.0.1", 5999)
    assert home.passfile.read_text() == f"127.0.0.1:5999:*:a:{word}\n"


def test_folders_that_exist_keep_their_rights(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    Home(folder).prepare()
    assert mode(folder) == 0o700


def test_a_home_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TerminalError) as refused:
        Home(tmp_path / "file" / "home").prepare()
    assert "--home" in refused.value.hint

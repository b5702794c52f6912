"""A warehouse with a server of its own, which a test may kill, and receivers that are told."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.integration.alerts.conftest import declare_channels, own_secrets
from tests.integration.jobs.scene import Scene
from tests.mailbox import open_mailbox
from tests.receivers import open_receiver

from shopnow.kernel import Settings
from shopnow.kernel.server import Server, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mailbox import Mailbox
    from tests.receivers import Receiver


@pytest.fixture
def own_server() -> Iterator[Settings]:
    """Give a warehouse whose server belongs to this test alone."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-tests-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home", server_sync=False, server_archive=False)
    try:
        open_warehouse(settings)
        yield settings
    finally:
        Server(settings).stop(immediate=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def told(
    own_server: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Mailbox, Receiver, Receiver]]:
    """Give the receivers of that warehouse: mail, Teams, SMS."""
    with (
        open_mailbox(tmp_path / "mail") as mail,
        open_receiver(tmp_path / "https") as teams,
        open_receiver(tmp_path / "https", answer=201) as sms,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(mail.ca_file))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(teams.ca_file))
        declare_channels(own_server, mail, teams, sms)
        yield mail, teams, sms


@pytest.fixture
def own_scene(own_server: Settings, told: tuple[Mailbox, Receiver, Receiver]) -> Scene:
    """Give a watchdog over a server of its own, which a test may kill."""
    return Scene(own_server, *told)


@pytest.fixture
def scene(first_day: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Give a watchdog over the tiny marketplace after its first day."""
    own_secrets(first_day)
    with (
        open_mailbox(tmp_path / "mail") as mail,
        open_receiver(tmp_path / "https") as teams,
        open_receiver(tmp_path / "https", answer=201) as sms,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(mail.ca_file))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(teams.ca_file))
        declare_channels(first_day, mail, teams, sms)
        yield Scene(first_day, mail, teams, sms)

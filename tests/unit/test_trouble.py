"""What the server says when it does not start, and what we say then."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopnow.kernel import TerminalError, TransientError
from shopnow.kernel.server.trouble import Trouble, explained, recognised

SAID = {
    Trouble.DISK_FULL: "FATAL:  could not write lock file: No space left on device",
    Trouble.PORT_TAKEN: 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
    Trouble.NOT_YET_GONE: 'FATAL:  lock file "postmaster.pid" already exists',
    Trouble.OTHER_VERSION: "FATAL:  database files are incompatible with server",
    Trouble.NO_RIGHTS: 'FATAL:  could not open file "PG_VERSION": Permission denied',
    Trouble.OTHER: "FATAL:  the moon is in the wrong quarter",
}


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_kind_is_recognised_and_explained_with_a_hint(trouble: Trouble) -> None:
    assert recognised(SAID[trouble]) is trouble
    error = explained(trouble, Path("data"), Path("log"), SAID[trouble])
    assert error.hint
    assert "data" in error.message


def test_only_a_server_on_its_way_out_is_worth_waiting_for() -> None:
    for trouble, said in SAID.items():
        error = explained(trouble, Path("data"), Path("log"), said)
        wanted = TransientError if trouble is Trouble.NOT_YET_GONE else TerminalError
        assert type(error) is wanted


def test_an_unknown_failure_quotes_the_last_fatal_line() -> None:
    error = explained(Trouble.OTHER, Path("data"), Path("log"), SAID[Trouble.OTHER])
    assert "moon" in error.message

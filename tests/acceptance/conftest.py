"""A small demo, loaded once by the installed command, for all tests that look at its outcome."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shopnow.cli.base import run
from shopnow.kernel import Settings
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class LoadedDemo:
    """The demo's settings, its report as JSON, and how to call the command on its home."""

    settings: Settings
    report: dict[str, Any]

    @property
    def files(self) -> Path:
        """Where the files that it sent are."""
        return self.settings.home / "demo"

    def call(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the demo's home, in this process: it starts at once."""
        return called_inside(self.settings.home, *words)

    def json(self, *words: str) -> Any:  # noqa: ANN401  # what json gives
        """Run a command with --json, which must succeed, and read its report."""
        done = self.call(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def call(home: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the installed command with nothing of the tests' own environment."""
    environment = {key: value for key, value in os.environ.items() if "SHOPNOW" not in key}
    environment |= {"SHOPNOW_SERVER_SYNC": "false", "SHOPNOW_SERVER_ARCHIVE": "false"}
    return subprocess.run(
        [Path(sys.executable).with_name("shopnow"), "--home", str(home), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or home.parent,
    )


def called_inside(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as its door does, without the cost of a new process."""
    quick = ("--set", "server_sync=false", "--set", "server_archive=false")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["--home", str(home), *quick, *words])
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="session")
def outside() -> Iterator[Path]:
    """Give a folder that the account of the server can reach, also when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-door-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def loaded_demo(outside: Path) -> Iterator[LoadedDemo]:
    """Give the small demo, loaded once."""
    home = outside / "demo-home"
    settings = replace(Settings(), home=home, server_sync=False, server_archive=False)
    try:
        done = call(home, "demo", "--small", "--no-serve", "--json")
        assert done.returncode == 0, done.stderr
        yield LoadedDemo(settings, json.loads(done.stdout))
    finally:
        Server(settings).stop(immediate=True)

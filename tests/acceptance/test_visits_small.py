"""The bench of the pages, small: people come, a load ends, nobody meets an error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from benchmarks.visits import main

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.acceptance, pytest.mark.slow]
SMALL = (
    "--people", "6", "--lines", "2000", "--filled", "3000", "--products", "800", "--sellers", "20",
    "--quiet", "5", "--patience", "0", "--no-paint",
)  # fmt: skip


def test_people_meet_no_error_beside_a_load(tmp_path: Path) -> None:
    # The server's account must reach the data.
    tmp_path.chmod(0o711)
    evidence = tmp_path / "evidence"
    # How fast is no question of a busy machine's tests: exit code 1 says that alone.
    assert main([*SMALL, "--work", str(tmp_path), "--evidence", str(evidence)]) in {0, 1}
    told = json.loads((evidence / "pages-under-load-other.json").read_text(encoding="utf-8"))
    figures = {one["name"]: one["value"] for one in told["figures"]}
    assert figures["errors"] == 0
    assert figures["quiet_requests"] > 6
    assert "--people 6" in told["command"]
    assert told["conditions"]["order lines before"] == "3,000"

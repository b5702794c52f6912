"""The bench at a size for tests: every contender loads, is checked, and the figures are written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.acceptance]


def test_the_bench_measures_floor_and_warehouse_and_writes_evidence(
    temporary_home: Path, tmp_path: Path
) -> None:
    _bench("spine", temporary_home, tmp_path)
    figures = _figures(tmp_path / "bench-spine-other.json")
    assert figures["rows_per_second_products"] > 0
    assert figures["rows_per_second_lines"] > 0
    assert figures["ratio_to_floor_total"] > 1
    assert 0 < figures["peak_client_mib"] < 1024
    assert figures["wal_mib"] > 0


def test_the_bench_measures_the_history_and_writes_evidence(
    temporary_home: Path, tmp_path: Path
) -> None:
    for workload, names in (
        ("w3", ("w1_day_0", "w1_day_1", "w3", "w3_again")),
        ("w2", ("w2_into_5000", "w2_into_10000")),
    ):
        _bench(workload, temporary_home, tmp_path)
        figures = _figures(tmp_path / "bench-history-other.json")
        for name in names:
            assert figures[f"{name}_seconds"] > 0
            assert figures[f"{name}_cpu_ratio"] > 0
        assert 0 < figures["peak_client_mib"] < 1024


def test_the_bench_judges_dirty_rows_and_finds_every_fault(
    temporary_home: Path, tmp_path: Path
) -> None:
    _bench("w4", temporary_home, tmp_path)
    figures = _figures(tmp_path / "bench-quality-other.json")
    assert figures["w4_ratio"] > 0
    assert 0 < figures["w4_peak_client_mib"] < 1024


def test_the_rows_of_a_load_are_measured_alone(temporary_home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rows_alone", "--products", "20000", "--lines", "20000",
         "--sellers", "100", "--patience", "0", "--work", temporary_home.parent / "bench",
         "--output", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = _figures(tmp_path / "bench-rows-alone.json")
    # Every product stands in the dimension and in its change log; lines have orders and customers.
    assert figures["w1_day_0_rows"] >= 2 * 20_000
    assert figures["w3_rows"] > 2 * 20_000
    assert figures["spine_rows"] > figures["w1_day_0_rows"] + figures["w3_rows"]
    for name in ("w1_day_0", "w3", "spine"):
        assert 0 < figures[f"{name}_rows_alone_seconds"] < figures[f"{name}_warehouse_seconds"]


def _bench(workload: str, home: Path, evidence: Path) -> None:
    """Run one workload small; its work folder must be within reach of the server's account."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--small", "--workload", workload,
         "--work", home.parent / "bench", "--evidence", evidence],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _figures(path: Path) -> dict[str, float]:
    evidence = json.loads(path.read_text(encoding="utf-8"))
    return {figure["name"]: figure["value"] for figure in evidence["figures"]}


def test_equal_sizes_give_equal_files(tmp_path: Path) -> None:
    program = (
        "import sys; from hashlib import sha256; from pathlib import Path;"
        "from benchmarks.generate import generate; from benchmarks.products import Sizes;"
        "files = generate(Path(sys.argv[1]), Sizes(2_000, 3_000, 20));"
        "print(sha256(files.products.read_bytes() + files.lines.read_bytes()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, tmp_path / name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for name in ("one", "two")
    }
    assert len(digests) == 1

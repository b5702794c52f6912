"""Lines a second and peak memory of each reader, over the same products in its format.

`python -m benchmarks.readers [--rows N]`: each reader in a process of its own, so that memory is
its own.  Writes `build/evidence/readers.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.evidence import Evidence, Figure, machine, write_evidence
from benchmarks.measure import high_water
from benchmarks.products import Sizes, product_block
from shopnow.deliverables import Cell, Page, write_workbook
from shopnow.sources import load_contracts, parse_source, read_chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

_HERE: Final = Path(__file__).parents[1]
_ROWS: Final = 200_000
_MIB: Final = 1024**2
_FIELDS: Final = ("seller_id", "product_id", "gtin", "title", "brand", "description")
FORMATS: Final[dict[str, dict[str, object]]] = {
    "csv": {"format": "csv"},
    "csv.gz": {"format": "csv"},
    "cp1252.csv": {"format": "csv", "dialect": {"delimiter": ";", "encoding": "cp1252"}},
    "ndjson": {"format": "ndjson"},
    "json": {"format": "json"},
    "xml": {"format": "xml", "dialect": {"record": "rows/row"}},
    "xlsx": {"format": "xlsx"},
    "parquet": {"format": "parquet"},
}


def make(folder: Path, rows: int) -> None:
    """Write the products in every format."""
    import gzip  # noqa: PLC0415 — only here

    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "done").is_file():
        return
    frame = product_block(0, rows, Sizes(rows, 0, 400))
    frame.write_csv(folder / "products.csv")
    (folder / "products.csv.gz").write_bytes(
        gzip.compress((folder / "products.csv").read_bytes(), 6)
    )
    text = frame.write_csv(separator=";").encode("cp1252", "replace")
    (folder / "products.cp1252.csv").write_bytes(text)
    frame.write_ndjson(folder / "products.ndjson")
    frame.write_json(folder / "products.json")
    frame.write_parquet(folder / "products.parquet")
    _xml(folder / "products.xml", frame)
    with (folder / "products.xlsx").open("wb") as stream:
        cells = ([Cell(str(value)) for value in row] for row in frame.iter_rows())
        write_workbook(stream, [Page("Articles", [[Cell(n) for n in frame.columns], *cells])])
    (folder / "done").touch()


def _xml(path: Path, frame: pl.DataFrame) -> None:
    from xml.sax.saxutils import escape  # noqa: PLC0415 — only here

    with path.open("w", encoding="utf-8") as stream:
        stream.write("<rows>\n")
        for row in frame.iter_rows(named=True):
            cells = "".join(f"<{n}>{escape(str(v))}</{n}>" for n, v in row.items())
            stream.write(f"<row>{cells}</row>\n")
        stream.write("</rows>\n")


def read_one(path: Path, name: str) -> None:
    """Read one file to its end and tell lines, seconds and peak memory."""
    contracts = load_contracts(_HERE / "contracts")
    document = {
        "name": "bench", "sender": "platform", "system": "bench", "feed": "products",
        "records": {"product": {"fields": {field: field for field in _FIELDS}}}, **FORMATS[name],
    }  # fmt: skip
    source = parse_source(document, where="the bench")
    base = high_water(os.getpid())
    begin, cpu = time.perf_counter(), time.process_time()
    with path.open("rb") as stream:
        lines = sum(
            chunk.frame.height for chunk in read_chunks(stream, source, None, contracts.mandatory)
        )
    peak = high_water(os.getpid())
    print(json.dumps({
        "lines": lines, "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - cpu, "peak_mib": peak / _MIB, "start_mib": base / _MIB,
    }))  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every reader."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__)
    parser.add_argument("--rows", type=int, default=_ROWS)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--evidence", type=Path, default=Path("build/evidence"))
    parser.add_argument("--read", nargs=2, metavar=("FILE", "FORMAT"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.read:
        read_one(Path(given.read[0]), given.read[1])
        return
    folder = given.work.resolve() / f"readers-{given.rows}"
    make(folder, given.rows)
    figures = []
    for name in FORMATS:
        command = [sys.executable, "-m", "benchmarks.readers", "--read",
                   str(folder / f"products.{name}"), name]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(_HERE)}
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout)
        if told["lines"] != given.rows:
            sys.exit(f"{name}: {told['lines']} lines, not {given.rows}")
        label = name.replace(".", "_")
        figures += [
            Figure(f"{label}_lines_per_second", round(told["lines"] / told["seconds"]), "lines/s"),
            Figure(f"{label}_lines_per_cpu_second", round(told["lines"] / told["cpu"]), "lines/s"),
            Figure(f"{label}_peak_mib", round(told["peak_mib"], 1), "MiB"),
        ]
        print(f"{name:<12} {told['lines'] / told['seconds']:>12,.0f} lines/s"
              f" {told['lines'] / told['cpu']:>12,.0f} lines/CPU s"
              f" {told['peak_mib']:>8,.0f} MiB")  # fmt: skip
    evidence = Evidence(
        id="readers", criterion="lines a second and peak memory of each reader",
        command="python -m benchmarks.readers", figures=figures, measured_at=datetime.now(UTC),
        machine=machine(),
        conditions={"rows": str(given.rows), "load": f"{os.getloadavg()[0]:.1f}"},
    )  # fmt: skip
    write_evidence(given.evidence / "readers.json", evidence)


if __name__ == "__main__":
    main()

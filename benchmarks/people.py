"""`python -m benchmarks.people`: how fast people go into the vault, and how fast one leaves.

The vault takes identities of four values each (name, e-mail, phone, street) under the product's own
durability.  Then a warehouse of as many customers, each with an order and a line in one sealed
file, forgets one of them, and a hundred; before and after, the scanner seeks every value of the
vault in all tables and files.  Exit code 1 below 300,000 identities a minute.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks.evidence import Evidence, Figure, machine, write_evidence
from benchmarks.people_scan import planted_scan, scan_after, values_of
from shopnow.kernel import Settings, Sql, SystemClock, connect
from shopnow.kernel.server import Server, open_warehouse
from shopnow.privacy import (
    KeyStore,
    Pseudonyms,
    Vault,
    erase,
    persons_numbered,
    plan_erasure,
    resolve_subjects,
)
from shopnow.staging import land_stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SQL: Final = Sql("benchmarks")
AT_LEAST: Final = 300_000
BATCH: Final = 100_000
ATTRIBUTES: Final = ("name", "email", "phone", "street")
SAID_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK: Final = SystemClock()
FILLING: Final = (
    "people_partition_lines", "people_partition_headers", "people_delivery", "people_customers",
    "people_changes", "people_headers", "people_lines", "people_records",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and return its exit code."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--output", type=Path, default=Path("build/evidence"))
    wanted = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="shopnow-people-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home", server_archive=False)
    try:
        open_warehouse(settings)
        with KeyStore(settings.home, CLOCK) as keystore:
            seconds = fill_vault(settings, keystore, wanted.customers)
            fill_warehouse(settings, keystore, wanted.customers)
            named = values_of(settings, keystore, wanted.customers // 2 + 1)
            figures = [
                Figure("identities a minute", round(wanted.customers / seconds * 60), "1/min"),
                *planted_scan(settings, named[0]),
                *erasures(settings, keystore, wanted.customers),
                *scan_after(settings, named),
            ]
    finally:
        Server(settings).stop(immediate=True)
        shutil.rmtree(folder, ignore_errors=True)
    for figure in figures:
        print(f"{figure.name:<50} {figure.value:>12,.3f} {figure.unit}")
    evidence = Evidence(
        id="privacy-people",
        criterion="vault at least 300,000 identities/min; erasure time at 1,000,000 customers",
        command=f"python -m benchmarks.people --customers {wanted.customers}",
        figures=figures,
        measured_at=CLOCK.now(),
        machine=machine(),
        conditions={
            "customers": str(wanted.customers),
            "values an identity": str(len(ATTRIBUTES)),
            "load of the machine": f"{os.getloadavg()[1]:.1f}",
        },
    )
    write_evidence(wanted.output / "privacy-people.json", evidence)
    return 0 if figures[0].value >= AT_LEAST else 1


def fill_vault(settings: Settings, keystore: KeyStore, customers: int) -> float:
    """Store the identities; returns the seconds from plain values to committed ciphertext."""
    pseudonyms, vault, seconds = Pseudonyms(keystore), Vault(keystore), 0.0
    with connect(settings) as conn:
        for values in _people(customers):
            begun = perf_counter()
            with conn.transaction():
                lookups = pseudonyms.subject_lookups("bench", "customer", values["id"])
                numbers = resolve_subjects(conn, "customer", lookups)
                known = values.with_columns(lookups.alias("lookup")).join(numbers, on="lookup")
                vault.store(conn, _long(known))
            seconds += perf_counter() - begun
            print(f"{known.height:>10,} identities more, {seconds:.1f} s in all", flush=True)
    return seconds


def fill_warehouse(settings: Settings, keystore: KeyStore, customers: int) -> None:
    """Give every subject a version, an order of one line, and a line in one sealed file."""
    lines = io.BytesIO(
        b"".join(b"customer %d,order %d,somewhere in the file\n" % (n, n) for n in range(customers))
    )
    landed = land_stream(settings, keystore, lines, SAID_AT.date())
    values = {"landing_ref": landed.ref, "landing_path": landed.landing_path, "at": SAID_AT}
    with connect(settings, None) as conn:
        for name in FILLING:
            conn.execute(SQL[name], values if "partition" not in name else None)
        conn.execute(SQL["people_analyze"])


def erasures(settings: Settings, keystore: KeyStore, customers: int) -> list[Figure]:
    """Plan and erase one customer, then a hundred; seconds, sealed file included."""
    figures = []
    with connect(settings) as conn:
        for many in (1, 100):
            middle = customers // 2 + many
            persons = persons_numbered(conn, range(middle, middle + many))
            begun = perf_counter()
            plan = plan_erasure(conn, keystore, persons, CLOCK.now())
            planned = perf_counter() - begun
            begun = perf_counter()
            done = erase(settings, CLOCK, keystore, persons)
            seconds = perf_counter() - begun
            assert len(persons) == many  # noqa: S101 — else the figure is of something else
            assert done.actions == plan.actions  # noqa: S101
            assert done.resealed.files == 1  # noqa: S101
            figures.append(Figure(f"plan of {many} of {customers:,} customers", planned, "s"))
            figures.append(Figure(f"erasure of {many} of {customers:,} customers", seconds, "s"))
    return figures


def _people(customers: int) -> Iterator[pl.DataFrame]:
    for first in range(0, customers, BATCH):
        number = pl.int_range(first, min(first + BATCH, customers), eager=True).cast(pl.String)
        frame = number.alias("id").to_frame()
        yield frame.with_columns(
            name="Person " + pl.col("id"),
            email="person." + pl.col("id") + "@people.test",
            phone="+33 1 " + pl.col("id").str.zfill(8),
            street=pl.col("id") + " rue de la Mesure",
        )


def _long(known: pl.DataFrame) -> pl.DataFrame:
    values = known.unpivot(
        on=ATTRIBUTES, index="subject_no", variable_name="attribute", value_name="value"
    )
    said = pl.lit(SAID_AT).cast(pl.Datetime("us", "UTC")).alias("said_at")
    return values.with_columns(said, pl.lit(1, dtype=pl.Int64).alias("delivery_key"))


if __name__ == "__main__":
    sys.exit(main())

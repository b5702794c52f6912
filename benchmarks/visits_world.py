"""The warehouse that people visit: filled facts, real deliveries, a day of samples, accounts.

Ten million lines are filled in by one statement, because only their number matters to a page; the
products, the deliveries with their rejects and the sellers' own files go through the six steps.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks.arena import SQL
from benchmarks.contenders import ingest_command
from benchmarks.crowd import HABITS
from benchmarks.generate import BLOCK_ROWS
from benchmarks.orders import order_block
from benchmarks.quality_files import dirty_products
from shopnow.alerts import watch_once
from shopnow.kernel import SystemClock, connect
from shopnow.marts import load_marts, next_batch_no, refresh_all
from shopnow.pipeline import Conductor, Context, receive
from shopnow.security import STAFF_ROLES, add_account, add_seller_account, settle_access

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.products import Sizes
    from shopnow.kernel import Settings

CLOCK: Final = SystemClock()
PASSWORD: Final = "mot de passe de la mesure"  # noqa: S105 — of a throw-away warehouse
_SAMPLED_MINUTES: Final = 1_440
_DELIVERIES: Final = 80
_ROWS_A_DELIVERY: Final = 400
_PEOPLE_SOURCE: Final = """\
name: bench-{seller}
sender: {seller}
system: bench
feed: products
mode: delta
zone: UTC
categories: house
format: csv
dialect: {{delimiter: ",", encoding: utf-8, decimal: ".", header_line: 1}}
file_pattern: "products*.csv"
records:
  product:
    fields: {{seller_id: seller_id, product_id: product_id, gtin: gtin, title: title, brand: brand,
             source_category: category,
             status: {{path: status, words: {{inactive: paused, discontinued: withdrawn}}}},
             description: description, effective_at: {{path: updated_at, time: iso}}}}
"""


@dataclass(frozen=True)
class World:
    """Where it is, who may enter it, and the file whose lines are loaded while they visit."""

    settings: Settings
    logins: tuple[tuple[str, str], ...]
    lines: Path

    @property
    def load(self) -> list[str]:
        """The command that loads the lines."""
        return ingest_command(self.settings, self.lines, "orders", "bench-orders")


def make_world(
    settings: Settings, folder: Path, sizes: Sizes, *, filled: int, people: int
) -> World:
    """Fill the warehouse of `settings`; `filled` lines stand in it when the visits begin."""
    # No backup begins in the middle of a measure; everything else runs as with `shopnow up`.
    settings = replace(
        settings, drill_at="", backup_full_at="", backup_incremental_at="", backup_partial_at="",
        backup_metadata_at="", backup_staging_at="", backup_keys_at="",
    )  # fmt: skip
    dirty = dirty_products(folder, sizes)
    paths = dirty.categories.read_text(encoding="utf-8").splitlines()[1:]
    with connect(settings) as conn:
        conn.execute(SQL["quality_category_add"], {"paths": paths})
    sellers = _sellers(people)
    _deliver(settings, folder, dirty.file, sellers)
    _fill(settings, filled, sizes.sellers)
    _sample(settings)
    settle_access(settings)
    return World(settings, _accounts(settings, people, sellers), _lines(folder, sizes))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sellers(people: int) -> list[str]:
    count = max(1, HABITS["seller"][0] * people // 50)
    return [f"S{number:05d}" for number in range(1, count + 1)]


def _deliver(settings: Settings, folder: Path, products: Path, sellers: list[str]) -> None:
    """All products with their faults, then many small deliveries, then each seller's own."""
    _say("products and small deliveries")
    sources = settings.home / "sources"
    sources.mkdir(exist_ok=True)
    for seller in sellers:
        text = _PEOPLE_SOURCE.format(seller=seller)
        (sources / f"bench-{seller}.yaml").write_text(text, encoding="utf-8")
    frame = pl.read_csv(products, infer_schema=False)
    with Context.open(settings) as context:
        receive(context, context.source("bench-quality"), [products])
        Conductor(context).run()
        for number in range(_DELIVERIES):
            part = frame.slice(number * _ROWS_A_DELIVERY, _ROWS_A_DELIVERY)
            part = part.with_columns(price=pl.lit(f"{number + 1}.50"))
            file = folder / f"products-part-{number}.csv"
            part.write_csv(file)
            receive(context, context.source("bench-quality"), [file])
        Conductor(context).run()
        for turn in range(3):
            for seller in sellers:
                own = frame.filter(pl.col("seller_id") == seller).head(100)
                file = folder / f"products-{seller}-{turn}.csv"
                own.with_columns(brand=pl.lit(f"Maison {turn}")).write_csv(file)
                receive(context, context.source(f"bench-{seller}"), [file])
            Conductor(context).run()


def _fill(settings: Settings, lines: int, sellers: int) -> None:
    _say(f"{lines:,} lines")
    with connect(settings, "shopnow_owner") as conn:
        conn.execute(SQL["visits_partitions"])
        conn.execute(SQL["visits_lines"], {"lines": lines, "sellers": sellers})
    with connect(settings) as conn, conn.transaction():
        marts = [mart for mart in load_marts(settings) if mart.name == "seller_daily_sales"]
        refresh_all(
            conn, marts, run_at=CLOCK.now(), batch_no=next_batch_no(conn), zone=settings.zone
        )


def _sample(settings: Settings) -> None:
    _say("a day of samples")
    with connect(settings) as conn:
        now = CLOCK.now()
        watch_once(conn, settings, now)
        conn.execute(SQL["visits_samples"], {"at": now, "minutes": _SAMPLED_MINUTES})
    with connect(settings, "shopnow_owner") as conn:
        conn.execute(SQL["visits_analyze"])


def _accounts(settings: Settings, people: int, sellers: list[str]) -> tuple[tuple[str, str], ...]:
    """Everybody's account; the shares of the roles are those of the habits."""
    _say(f"{people} accounts")
    logins = []
    for role, (many, _) in HABITS.items():
        for number in range(max(1, many * people // 50)):
            login = f"{role}{number + 1}"
            if role == "seller":
                add_seller_account(settings, CLOCK, login, [sellers[number]], password=PASSWORD)
            else:
                add_account(settings, CLOCK, login, STAFF_ROLES[role], password=PASSWORD)
            logins.append((login, role))
    return tuple(logins)


def _lines(folder: Path, sizes: Sizes) -> Path:
    """The lines that are loaded during the visits; made once."""
    file = folder / f"orders-{sizes.products}-{sizes.lines}-{sizes.sellers}.csv"
    if not file.is_file():
        fresh = file.with_suffix(".part")
        with fresh.open("wb") as stream:
            for first in range(0, sizes.lines, BLOCK_ROWS):
                count = min(BLOCK_ROWS, sizes.lines - first)
                block = order_block(first, count, sizes).drop("cents")
                block.write_csv(stream, include_header=first == 0)
        fresh.rename(file)
    return file

"""Objects that are gone: found by comparing tables of contents, given back by pg_restore's script.

A table dropped with CASCADE takes views, policies, grants, foreign keys of others with it; all of
them are in the table of contents of a dump, and come back in the transaction that brings the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.backup.restoring.parts.model import Part, Reach
from shopnow.backup.store import SQL
from shopnow.backup.tools import Programs
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from shopnow.kernel import Settings

_ENTRY: Final = re.compile(r"\d+; \d+ \d+ (?P<what>.+)")
# pg_restore's guard for psql; the script is run by the driver.
_FOR_PSQL: Final = ("\\restrict", "\\unrestrict")


@dataclass(frozen=True, slots=True)
class Missing:
    """Entries of the source's table of contents that the live one lacks, and their SQL."""

    entries: tuple[str, ...]
    before_rows: str
    after_rows: str
    # A lone partition joins its table last, with its own indexes made.
    joining: str = ""


def missing_objects(
    source: Settings, live: Settings, tables: Collection[str], work: Path, part: Part
) -> Missing:
    """Return what `tables` of the source, and what depends on them, lack in the live warehouse."""
    lone, is_schema = part.extent is Reach.PARTITION, part.extent is Reach.SCHEMA
    dumps = {name: work / f"{name}.dump" for name in ("source", "live")}
    programs = Programs(live)
    for name, settings in (("source", source), ("live", live)):
        programs.run(
            "pg_dump", "--format=custom", "--schema-only", "--no-password",
            f"--file={dumps[name]}", writing="la structure", connects=True, role="postgres",
            settings=settings,
        )  # fmt: skip
    contents = {name: _contents(programs, path) for name, path in dumps.items()}
    there = {_what(line) for line in contents["live"]}
    wanted = _related(source, tables)
    lines = [
        line
        for line in contents["source"]
        if _what(line) not in there
        and _concerns(_what(line), wanted, part.name if is_schema else None)
    ]
    if not lines:
        return Missing((), "", "")
    joining = [line for line in lines if lone and _what(line).startswith("TABLE ATTACH")]
    # Indexes of a partition that joins are taken for those of its table by themselves.
    rest = [line for line in lines if not (lone and " ATTACH " in f" {_what(line)}")]
    dump = dumps["source"]
    return Missing(
        tuple(map(_what, lines)),
        _script(programs, dump, rest, "pre"),
        _script(programs, dump, rest, "post"),
        _script(programs, dump, joining, "pre") if joining else "",
    )


def _contents(programs: Programs, dump: Path) -> list[str]:
    text = programs.run("pg_restore", "--list", dump, writing="la structure")
    return [line for line in text.splitlines() if _ENTRY.fullmatch(line)]


def _what(line: str) -> str:
    match = _ENTRY.fullmatch(line)
    return match["what"] if match else line


def _related(source: Settings, tables: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return schema and name of the tables, their partitions, and what depends on them."""
    with connect(source, None, application_name="shopnow restore") as conn:
        rows = conn.execute(SQL["related_objects"], {"names": [*tables]}).fetchall()
    return frozenset((schema, name) for schema, name in rows)


def _concerns(what: str, wanted: Iterable[tuple[str, str]], schema: str | None) -> bool:
    """Say whether an entry speaks of an object: `FK CONSTRAINT dwh fact_order fact_order_fkey me`.

    Columns stand there as `fact_order.quantity`, functions with their arguments.
    """
    words = what.split(" ")
    return schema in words or any(
        where in words and any(w == name or w.startswith((f"{name}.", f"{name}(")) for w in words)
        for where, name in wanted
    )


def _script(programs: Programs, dump: Path, lines: list[str], part: str) -> str:
    chosen = dump.with_suffix(".list")
    chosen.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = programs.run(
        "pg_restore", f"--use-list={chosen}", f"--section={part}-data", "--file=-", dump,
        writing="la structure",
    )  # fmt: skip
    return "\n".join(line for line in text.splitlines() if not line.startswith(_FOR_PSQL))

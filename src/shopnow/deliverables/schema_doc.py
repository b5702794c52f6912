"""`docs/schema.md`: every table, column and key of the live warehouse, and the SCD table.

Protects the rule that the documentation is the catalogue: nothing here is typed by hand, and a
test refuses a file that is stale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shopnow.deliverables.catalogue import Catalogue, Column, Relation
    from shopnow.marts import Mart
    from shopnow.sources import Contracts

_TITLE: Final = "# Tables and columns"
_NOTE: Final = (
    "Made from the live catalogue by `shopnow docs`; change the comments in `db/migrations`, "
    "not this file. Times are UTC; a day (`_on`) is a day in the house zone, Europe/Paris unless "
    "set otherwise. Partitions stand behind their parents."
)


def schema_document(catalogue: Catalogue, contracts: Contracts, marts: Sequence[Mart]) -> str:
    """Return the document as Markdown; the same warehouse gives the same bytes."""
    lines: list[str] = [_TITLE, "", _NOTE, ""]
    for schema, comment in catalogue.schemas:
        relations = [relation for relation in catalogue.relations if relation.schema == schema]
        lines += [f"## {schema}", "", comment or "", ""]
        for relation in relations:
            lines += _relation(relation)
        if not relations:
            lines += ["No table yet.", ""]
    lines += _marts(marts)
    lines += _scd_types(contracts)
    return "\n".join(lines).rstrip() + "\n"


def _relation(relation: Relation) -> Iterator[str]:
    yield f"### {relation.schema}.{relation.name}"
    yield ""
    yield f"{_kind(relation)} {relation.comment or ''}".strip()
    yield ""
    yield from _table(
        ("column", "type", "required", "meaning"),
        ((c.name, _type(c), "yes" if c.is_required else "", c.comment) for c in relation.columns),
    )
    if relation.constraints:
        yield from (f"- `{item.name}`: `{item.definition}`" for item in relation.constraints)
        yield ""


def _kind(relation: Relation) -> str:
    if relation.kind == "view":
        return "View."
    if relation.is_unlogged:
        return "Unlogged table."
    if relation.partition_key:
        return f"Table partitioned by {relation.partition_key}."
    return "Table."


def _type(column: Column) -> str:
    return f"{column.type}, {column.origin}" if column.origin else column.type


def _marts(marts: Sequence[Mart]) -> Iterator[str]:
    yield "## Marts: grain, owner, freshness"
    yield ""
    yield from _table(
        ("mart", "what for", "grain", "owner", "fresh within"),
        (
            (m.name, m.purpose, m.grain, m.owner, f"{m.freshness.total_seconds() / 60:.0f} min")
            for m in marts
        ),
    )


def _scd_types(contracts: Contracts) -> Iterator[str]:
    yield "## Attributes, SCD types, justifications"
    yield ""
    yield (
        "Type 0 keeps the first value, 1 rewrites all versions, 2 opens a version, 3 keeps the "
        "value before beside the new one. Declared in `contracts/*.yaml`."
    )
    yield ""
    yield from _table(
        ("table", "attribute", "SCD type", "justification"),
        (
            (record.table, attribute.name, attribute.scd, attribute.justification)
            for feed in sorted(contracts.feeds)
            for record in contracts.feeds[feed].records
            for attribute in record.historised
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"
    yield ""


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.split()).replace("|", "\\|")

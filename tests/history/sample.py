"""The sample contract of the cases in scd.md, and a notation in which a test reads like the table.

The sample's types are other ones than the product's own: what holds here holds for any assignment.
`says(A, day=1); says(B, day=3)` brings two deliveries, `history() == "A[1,3) B[3,∞)"` reads the
dimension.  Statements go through the engine's public entry, on real PostgreSQL.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from shopnow.dimensions import (
    Dimension,
    Outcome,
    cancel_pending,
    dimension_of,
    load_dimension,
)
from shopnow.sources import Attribute, RecordContract
from shopnow.staging import DELETION_HASH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

DAY_ZERO = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2025, 12, 1, tzinfo=UTC)
OPEN_END = datetime(9999, 12, 31, tzinfo=UTC)
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_NUMBERS = itertools.count(1)
_WHY = "The sample's own."


def _declared(kind: str, types: Mapping[int, str], numbers: Sequence[str] = ()) -> RecordContract:
    attributes = [
        Attribute(
            name, "decimal" if name in numbers else "string", scd=scd, justification=_WHY
        )
        for scd, names in types.items()
        for name in names.split()
    ]  # fmt: skip
    return RecordContract(kind, f"dwh.dim_{kind}", tuple(attributes))


SELLER = _declared(
    "sample_seller",
    {0: "legal_id", 1: "display_name email", 2: "status commission_rate country", 3: "category"},
    ["commission_rate"],
)
PRODUCT = _declared(
    "sample_product",
    {1: "name description", 2: "list_price currency is_active", 3: "category"},
    ["list_price"],
)
CUSTOMER = _declared("sample_customer", {2: "segment country_code"})
KEYS = {"sample_seller": "seller", "sample_product": "product", "sample_customer": "customer"}


@dataclass(frozen=True)
class State:
    """A named content: the letter of the notation, and what a statement of it says."""

    letter: str
    values: tuple[tuple[str, Any], ...]

    def but(self, letter: str | None = None, **values: object) -> State:
        """The same with other values, under the same letter unless another is given."""
        return State(letter or self.letter, tuple({**dict(self.values), **values}.items()))


def state(letter: str, **values: object) -> State:
    """Name a content."""
    return State(letter, tuple(values.items()))


A = state("A", status="active", commission_rate=15, country="FR", display_name="Atelier")
B = A.but("B", status="suspended")
C = A.but("C", commission_rate=12)
Z = A.but("Z", country="BE")
DELETED = state("deleted")


@dataclass(frozen=True)
class Said:
    """One statement of one record: what, from which day on, with which number of the sender's."""

    what: State
    day: float
    sequence: int | None = None
    key: int = 0


@dataclass
class Case:
    """The history of one key (and neighbours of it), told by statements and read as a text."""

    conn: psycopg.Connection
    dimension: Dimension
    number: int = field(default_factory=lambda: next(_NUMBERS))
    run_at: datetime = NOW
    outcome: Outcome = field(default_factory=Outcome)
    known: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def another(self) -> Case:
        """Another key in the same database, with a source of its own."""
        return replace(self, number=next(_NUMBERS), outcome=Outcome())

    # -- what is said ----------------------------------------------------------------------

    def says(
        self, what: State, day: float, *, sequence: int | None = None, source: str = "",
        rank: int = 20,
    ) -> int:  # fmt: skip
        """Deliver one statement; returns the number of its delivery."""
        return self.delivers(Said(what, day, sequence), source=source, rank=rank)

    def delivers(self, *said: Said, source: str = "", rank: int = 20) -> int:
        """Deliver several statements in one delivery, and load it."""
        return self.loads([self.staged(said, source=source, rank=rank)])[0]

    def full(
        self, day: float, *held: State | Said, source: str = "", silent: Sequence[int] = (),
        proven: bool = True,
    ) -> int:  # fmt: skip
        """Deliver a full delivery of that day which holds these contents and nothing else."""
        said = [one if isinstance(one, Said) else Said(one, day) for one in held]
        key = self.staged(said, source=source, full_day=day, silent=silent, proven=proven)
        return self.loads([key])[0]

    def loads(self, deliveries: list[int]) -> list[int]:
        """Load staged deliveries as one batch; `outcome` counts their records."""
        found = load_dimension(self.conn, self.dimension, deliveries, self.run_at)
        self.outcome = sum(found.values(), Outcome())
        self.conn.execute(
            sql.SQL("DELETE FROM {} WHERE delivery_key = ANY(%s)").format(self._table("staging")),
            [deliveries],
        )
        return deliveries

    def staged(
        self, said: Sequence[Said], *, source: str = "", rank: int = 20,
        full_day: float | None = None, silent: Sequence[int] = (), proven: bool = True,
    ) -> int:  # fmt: skip
        """Stage a delivery without loading it; returns its number."""
        at = day(full_day) if full_day is not None else self.run_at
        row = self.conn.execute(
            "INSERT INTO staging.delivery (sender_no, source, feed, mode, sha256, effective_at,"
            " effective_is_declared, received_at, state, contract_version, absence_proven)"
            " VALUES (0, %s, 'products', %s, %s, %s, TRUE, %s, 'normalised', '1', %s)"
            " RETURNING delivery_key",
            [f"case-{self.number}{source}", "delta" if full_day is None else "full",
             next(_NUMBERS).to_bytes(4, "big"), at,
             self.run_at, proven],
        ).fetchone()  # fmt: skip
        assert row is not None
        for record, one in enumerate(said, start=1):
            self._stage(row[0], record, one, rank)
        for key in silent:
            names, values = zip(*self._key(key).items(), strict=True)
            self.conn.execute(
                sql.SQL(
                    "INSERT INTO staging.silent_row (delivery_key, kind, {}) VALUES (%s, %s, {})"
                ).format(_names(names), sql.SQL(", ").join([sql.Placeholder()] * len(names))),
                [row[0], self.dimension.name, *values],
            )  # fmt: skip
        return int(row[0])

    def cancels(self, delivery: int) -> int:
        """Cancel what a delivery says of the future."""
        return cancel_pending(self.conn, self.dimension, delivery, self.run_at)

    def passes(self, until: float) -> None:
        """Let time pass, and the job run that applies what is due."""
        self.run_at = day(until)
        self.loads([])

    # -- what is read ----------------------------------------------------------------------

    def history(self, key: int = 0) -> str:
        """The versions as the table writes them: `A[1,3) deleted[3,∞)`."""
        return " ".join(
            f"{self._letter(row)}[{_day(row['valid_from'])},{_day(row['valid_to'])})"
            for row in self.rows(key)
        )

    def rows(self, key: int = 0) -> list[dict[str, Any]]:
        """The versions of a key, oldest first."""
        return self._read("dim_", "dwh", "valid_from", key)

    def surrogates(self, key: int = 0) -> list[int]:
        """Surrogate keys of the versions, oldest first."""
        return [row[self.dimension.surrogate] for row in self.rows(key)]

    def current(self) -> dict[str, Any]:
        """The current version."""
        return self.rows()[-1]

    def log(self, key: int = 0) -> list[tuple[str, str, str]]:
        """The change log of a key: kind, day and state of each row, in the order of R2."""
        rows = self._read("", "history", "effective_at, source_rank, content_hash", key, "_change")
        return [(row["kind"], _day(row["effective_at"]), row["state"]) for row in rows]

    def superseded(self, key: int = 0) -> list[dict[str, Any]]:
        """What was believed before."""
        return self._read("", "history", "known_to, valid_from", key, "_superseded")

    def ambiguous(self) -> int:
        """How many records of the last load were placed by their content alone."""
        row = self.conn.execute("SELECT count(*) FROM ambiguous_order").fetchone()
        return 0 if row is None else int(row[0])

    # -- inside ----------------------------------------------------------------------------

    def _key(self, key: int) -> dict[str, Any]:
        number = self.number * 10 + key
        every = {"seller_no": number, "product_id": "P1", "customer_no": number}
        return {name: every[name] for name in self.dimension.key}

    def _table(self, schema: str) -> sql.Composable:
        return sql.Identifier(schema, f"{self.dimension.name}_row")

    def _stage(self, delivery: int, record: int, said: Said, rank: int) -> None:
        values = dict(said.what.values)
        bits = {c.name: 1 << c.bit for c in self.dimension.columns if c.bit is not None}
        place = {
            "delivery_key": delivery, "file_no": 1, "line_no": record + 1, "record_no": record,
            **self._key(said.key), "effective_at": day(said.day), "source_rank": rank,
            "source_sequence": said.sequence, "content_hash": _hash(values),
            "present": sum(bits[name] for name in values), "is_embedded": rank == 0,
            "is_deletion": False,
        }  # fmt: skip
        if said.what is DELETED:
            place |= {"is_deletion": True, "content_hash": DELETION_HASH}
        else:
            self._learn(said.what)
        row = place | values
        self.conn.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                self._table("staging"), _names(row), sql.SQL(", ").join(map(sql.Placeholder, row))
            ),
            row,
        )

    def _learn(self, what: State) -> None:
        values = dict(what.values)
        if set(self.dimension.typed(2)) <= values.keys():
            self.known[tuple(values[name] for name in self.dimension.typed(2))] = what.letter

    def _letter(self, row: Mapping[str, Any]) -> str:
        if row["is_inferred"]:
            return "inferred"
        if row["is_deleted"]:
            return "deleted"
        content = tuple(row[name] for name in self.dimension.typed(2))
        return self.known.get(content, str(content))

    def _read(
        self, before: str, schema: str, order: str, key: int, after: str = ""
    ) -> list[dict[str, Any]]:
        place = self._key(key)
        query = sql.SQL("SELECT * FROM {} WHERE {} ORDER BY {}").format(
            sql.Identifier(schema, f"{before}{self.dimension.name}{after}"),
            sql.SQL(" AND ").join(
                sql.SQL("{} = {}").format(sql.Identifier(n), sql.Placeholder(n)) for n in place
            ),
            sql.SQL(order),
        )
        with self.conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, place).fetchall()


def day(number: float) -> datetime:
    """The instant that the cases call by a number."""
    return DAY_ZERO + timedelta(days=number)


def _day(at: datetime) -> str:
    if at == OPEN_END:
        return "∞"
    return "-∞" if at == BEGINNING else f"{(at - DAY_ZERO) / timedelta(days=1):g}"


def _hash(values: Mapping[str, Any]) -> int:
    digest = blake2b(repr(sorted(values.items())).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _names(names: Sequence[str] | Mapping[str, Any]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def dimension(contract: RecordContract, *, is_strict: bool = False) -> Dimension:
    """The dimension that a contract of the sample declares."""
    keys = {
        "sample_seller": ("seller_no",),
        "sample_product": ("seller_no", "product_id"),
        "sample_customer": ("customer_no",),
    }
    return replace(dimension_of(contract, keys[contract.kind]), is_strict=is_strict)


def create_tables(owner: psycopg.Connection, contract: RecordContract) -> None:
    """Make a dimension's four tables after those of the product's dimension, with other columns."""
    name, like = contract.kind, KEYS[contract.kind]
    made = dimension(contract)
    for schema, ours, theirs, pairs in (
        ("dwh", f"dim_{name}", f"dim_{like}", True),
        ("history", f"{name}_change", f"{like}_change", False),
        ("history", f"{name}_superseded", f"{like}_superseded", True),
        ("staging", f"{name}_row", f"{like}_row", False),
    ):
        table = sql.Identifier(schema, ours)
        owner.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                table, sql.Identifier(schema, theirs)
            )
        )
        for change in _changes(owner, schema, ours, contract, pairs=pairs):
            owner.execute(sql.SQL("ALTER TABLE {} {}").format(table, change))
        owner.execute(sql.SQL("GRANT ALL ON {} TO shopnow_etl").format(table))
    _rename_surrogate(owner, made, like)


def _changes(
    owner: psycopg.Connection, schema: str, table: str, contract: RecordContract, *, pairs: bool
) -> Iterator[sql.Composable]:
    kept = {
        "seller_no", "product_id", "customer_no", "seller_key", "product_key", "customer_key",
        "delivery_key", "file_no", "line_no", "record_no", "source_line", "effective_at",
        "source_rank", "source_sequence", "content_hash", "kind", "present", "state",
        "is_embedded", "is_deletion", "valid_from", "valid_to", "is_current", "is_deleted",
        "is_inferred", "version", "next_from", "known_from", "known_to", "reason",
    }  # fmt: skip
    found = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0",
        [f"{schema}.{table}"],
    ).fetchall()
    for (column,) in found:
        if column not in kept:
            yield sql.SQL("DROP COLUMN {}").format(sql.Identifier(column))
    for attribute in contract.historised:
        kind = sql.SQL("numeric" if attribute.type == "decimal" else "text")
        yield sql.SQL("ADD COLUMN {} {}").format(sql.Identifier(attribute.name), kind)
        if attribute.scd == 3 and pairs:
            yield sql.SQL("ADD COLUMN {} text").format(sql.Identifier(f"previous_{attribute.name}"))
            yield sql.SQL("ADD COLUMN {} timestamptz").format(
                sql.Identifier(f"{attribute.name}_changed_at")
            )


def _rename_surrogate(owner: psycopg.Connection, made: Dimension, like: str) -> None:
    for schema, table in (("dwh", f"dim_{made.name}"), ("history", f"{made.name}_superseded")):
        owner.execute(
            sql.SQL("ALTER TABLE {} RENAME {} TO {}").format(
                sql.Identifier(schema, table),
                sql.Identifier(f"{like}_key"),
                sql.Identifier(made.surrogate),
            )
        )
    sequence = sql.Identifier("dwh", f"dim_{made.name}_{made.surrogate}_seq")
    owner.execute(
        sql.SQL("ALTER SEQUENCE {} RENAME TO {}").format(
            sql.Identifier("dwh", f"dim_{made.name}_{like}_key_seq"),
            sql.Identifier(f"dim_{made.name}_{made.surrogate}_seq"),
        )
    )
    owner.execute(sql.SQL("GRANT USAGE ON SEQUENCE {} TO shopnow_etl").format(sequence))

"""Probes over every relation of every schema, found in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from tests.security.leaks.attack import Leak, foreign_in, leaks_of, not_denied, probe
from tests.security.leaks.world import MINE, OWNER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.security.leaks.attack import Attacker


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of the catalogue and what the attacker may read of it."""

    schema: str
    name: str
    kind: str
    is_partition: bool
    columns: tuple[str, ...]
    readable: tuple[str, ...]

    @property
    def identifier(self) -> sql.Identifier:
        """Its name, quoted."""
        return sql.Identifier(self.schema, self.name)

    @property
    def is_ours(self) -> bool:
        """True for what belongs to the warehouse."""
        return self.schema not in {"pg_catalog", "information_schema", "pg_toast"}


_RELATIONS = """
SELECT
    nspname,
    relname,
    relkind::text,
    relispartition,
    array_agg(attname::text ORDER BY attnum),
    coalesce(array_agg(attname::text ORDER BY attnum) FILTER (
        WHERE has_schema_privilege(relnamespace, 'usage')
        AND has_column_privilege(pg_class.oid, attnum, 'select')
    ), '{}')
FROM pg_class
INNER JOIN pg_namespace ON pg_namespace.oid = relnamespace
INNER JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 't')
GROUP BY nspname, relname, relkind, relispartition
ORDER BY nspname, relname
"""


def relations(attacker: Attacker) -> list[Relation]:
    """Return every relation of the database, as the attacker finds them."""
    return [
        Relation(schema, name, kind, is_partition, tuple(columns), tuple(readable))
        for schema, name, kind, is_partition, columns, readable in attacker.connection.execute(
            _RELATIONS
        )
    ]


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


@probe("reads every relation of every schema, whole and column by column")
def every_relation(attacker: Attacker) -> Iterator[Leak]:
    """SELECT each relation; those that are refused whole, by the columns that are allowed."""
    yield from swept(attacker, relations(attacker))


def swept(attacker: Attacker, wanted: Iterable[Relation]) -> Iterator[Leak]:
    """Yield what is foreign in relations."""
    for relation in wanted:
        whole = attacker.ask(sql.SQL("SELECT * FROM {}").format(relation.identifier))
        yield from leaks_of("every_relation", whole)
        if whole.sqlstate and relation.readable:
            statement = sql.SQL("SELECT {} FROM {}").format(
                _names(relation.readable), relation.identifier
            )
            yield from leaks_of("every_relation", attacker.ask(statement))


@probe("reads the own rows of each view for sellers: a wall that hides everything is a fault too")
def own_rows(attacker: Attacker) -> Iterator[Leak]:
    """Each view of schema seller shows rows of the attacker, and only those."""
    views = [one for one in relations(attacker) if one.schema == "seller"]
    if not views:
        yield Leak("own_rows", "catalogue", "no view for sellers")
    for view in views:
        answer = attacker.ask(sql.SQL("SELECT seller_no FROM {}").format(view.identifier))
        if {row[0] for row in answer.rows} != {MINE}:
            shown = answer.error or sorted(map(str, {row[0] for row in answer.rows}))
            yield Leak("own_rows", answer.statement, f"own rows expected, got {shown}")


@probe("asks partitions, and what hangs below a table, directly")
def partitions(attacker: Attacker) -> Iterator[Leak]:
    """A partition has no policy of its own: it must refuse."""
    for relation in relations(attacker):
        if relation.is_partition:
            statement = sql.SQL("SELECT count(*) FROM {}").format(relation.identifier)
            yield from not_denied("partitions", attacker.ask(statement))
            for part in (sql.SQL("ONLY "), sql.SQL("")):
                tid = sql.SQL("SELECT ctid FROM {}{} WHERE ctid = '(0,1)'").format(
                    part, relation.identifier
                )
                yield from not_denied("partitions", attacker.ask(tid))


@probe("writes by every statement there is; errors about keys must tell nothing")
def writes(attacker: Attacker) -> Iterator[Leak]:
    """No relation of the warehouse takes a word from a seller."""
    for relation in relations(attacker):
        if not relation.is_ours:
            continue
        name, column = relation.identifier, sql.Identifier(relation.columns[0])
        for statement in (
            sql.SQL("INSERT INTO {0} DEFAULT VALUES"),
            sql.SQL("INSERT INTO {0} DEFAULT VALUES ON CONFLICT DO NOTHING"),
            sql.SQL("UPDATE {0} SET {1} = {1}"),
            sql.SQL("DELETE FROM {0}"),
            sql.SQL("TRUNCATE {0}"),
            sql.SQL(
                "MERGE INTO {0} AS t USING (SELECT 1 AS one) AS s ON TRUE"
                " WHEN MATCHED THEN DELETE RETURNING t.{1}"
            ),
            sql.SQL("SELECT {1} FROM {0} FOR UPDATE"),
            sql.SQL("LOCK TABLE {0} IN SHARE MODE"),
        ):
            yield from not_denied("writes", attacker.ask(statement.format(name, column)))


@probe("copies every relation out and in, to the client, to files and programs of the server")
def copies(attacker: Attacker) -> Iterator[Leak]:
    """COPY obeys policies, and files and programs are refused."""
    for relation in relations(attacker):
        if relation.is_ours and relation.readable:
            yield from _copied(attacker, relation)
    for statement in (
        "COPY (SELECT 1) TO '/tmp/leak'",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "COPY seller.my_orders FROM PROGRAM 'id'",
        "COPY dwh.dim_date FROM '/etc/passwd'",
    ):
        yield from not_denied("copies", attacker.ask(statement))


def _copied(attacker: Attacker, relation: Relation) -> Iterator[Leak]:
    columns = _names(relation.readable)
    for form in ("COPY {} ({}) TO STDOUT", "COPY (SELECT {1} FROM {0}) TO STDOUT"):
        statement = sql.SQL(form).format(relation.identifier, columns)
        try:
            with (
                attacker.connection.transaction(force_rollback=True),
                attacker.connection.cursor().copy(statement) as copy,
            ):
                text = b"".join(map(bytes, copy)).decode()
        except psycopg.Error as error:
            yield from leaks_of("copies", attacker.refused(str(statement), error))
            continue
        yield from _foreign_text("copies", str(statement), text, relation)


def _foreign_text(name: str, statement: str, text: str, relation: Relation) -> Iterator[Leak]:
    places = [place for place, column in enumerate(relation.readable) if column in OWNER_COLUMNS]
    for line in text.splitlines():
        cells = line.split("\t")
        if any(cells[place] not in {str(MINE), "\\N"} for place in places):
            yield Leak(name, statement, "a row of another seller")
        if found := foreign_in("", line):
            yield Leak(name, statement, found)


@probe("changes what stands on a table: policies, triggers, rules, indexes, statistics, owners")
def definitions(attacker: Attacker) -> Iterator[Leak]:
    """Walls are changed by their owner alone."""
    for relation in relations(attacker):
        if not relation.is_ours or relation.kind not in {"r", "p"}:
            continue
        column = sql.Identifier(relation.columns[0])
        for statement in (
            "ALTER TABLE {0} DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE {0} OWNER TO CURRENT_USER",
            "CREATE POLICY mine ON {0} USING (TRUE)",
            "CREATE RULE mine AS ON SELECT TO {0} DO INSTEAD NOTHING",
            (
                "CREATE TRIGGER mine BEFORE INSERT ON {0} FOR EACH ROW"
                " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            "CREATE INDEX ON {0} ({1})",
            "CREATE STATISTICS public.mine ON ctid, {1} FROM {0}",
            "COMMENT ON TABLE {0} IS 'mine'",
            "GRANT SELECT ON {0} TO CURRENT_USER",
        ):
            answer = attacker.ask(sql.SQL(statement).format(relation.identifier, column))
            if answer.sqlstate is None:
                # GRANT by somebody without the right to grant only warns where he has any right.
                if statement.startswith("GRANT") and "no privileges" in " ".join(answer.notices):
                    continue
                yield Leak("definitions", answer.statement, "allowed")
            yield from leaks_of("definitions", answer)

"""What an attacker does and what comes back: rows, errors, notices, each searched for canaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql
from tests.security.leaks.world import FOREIGN, OWNER_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.security.leaks.world import World

DENIED: Final = "42501"


@dataclass(frozen=True, slots=True)
class Leak:
    """Something a seller must not have had: which probe, by what statement, what it was."""

    probe: str
    statement: str
    what: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered to one statement."""

    statement: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    sqlstate: str | None = None
    error: str = ""
    notices: tuple[str, ...] = ()

    @property
    def denied(self) -> bool:
        """True when the server said that this is not allowed."""
        return self.sqlstate == DENIED

    def foreign(self) -> Iterator[str]:
        """Yield what is not the attacker's in rows, error text, hints and notices."""
        for row in self.rows:
            for column, value in zip(self.columns, row, strict=True):
                if found := foreign_in(column, value):
                    yield f"{column}: {found}"
        for text in (self.error, *self.notices):
            if found := foreign_in("", text):
                yield f"text: {found}"


def foreign_in(column: str, value: object) -> str | None:
    """Return what is foreign in a value, if anything."""
    if column in OWNER_COLUMNS:
        return str(value) if value not in {101, None} else None
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("latin-1")
    found = FOREIGN.search(str(value))
    return found.group(0) if found else None


@dataclass
class Attacker:
    """A session of an attacker; nothing that it does stays."""

    connection: psycopg.Connection
    world: World
    notices: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        """Hear what the server says beside its answers."""
        self.connection.add_notice_handler(
            lambda said: self.notices.append(
                " ".join(filter(None, (said.message_primary, said.message_detail)))
            )
        )

    def ask(self, statement: str | sql.Composed, params: Sequence[object] = ()) -> Answer:
        """Run one statement and take it back."""
        shown = statement if isinstance(statement, str) else statement.as_string(self.connection)
        self.notices.clear()
        self.asked += 1
        try:
            with self.connection.transaction(force_rollback=True):
                cursor = self.connection.execute(statement, params or None)
                if cursor.description is None:
                    return Answer(shown, notices=tuple(self.notices))
                columns = tuple(column.name for column in cursor.description)
                return Answer(shown, columns, tuple(cursor.fetchall()), None, "",
                              tuple(self.notices))  # fmt: skip
        except psycopg.Error as error:
            return self.refused(shown, error)

    def refused(self, shown: str, error: psycopg.Error) -> Answer:
        """Return an error as an answer: all that a client is told."""
        told = (
            error.diag.message_primary,
            error.diag.message_detail,
            error.diag.message_hint,
            error.diag.context,
        )
        text = " ".join(part for part in told if part)
        return Answer(shown, (), (), error.sqlstate or "?", text, tuple(self.notices))


@dataclass(frozen=True, slots=True)
class Named:
    """One probe: its name and what it tries."""

    name: str
    tries: str
    run: Callable[[Attacker], Iterator[Leak]]


PROBES: Final[list[Named]] = []


def probe(tries: str) -> Callable[..., Callable[[Attacker], Iterator[Leak]]]:
    """Add a probe to the suite; `tries` says what the attacker tries."""

    def added(
        run: Callable[[Attacker], Iterator[Leak]],
    ) -> Callable[[Attacker], Iterator[Leak]]:
        PROBES.append(Named(run.__name__, tries, run))
        return run

    return added


def leaks_of(name: str, *answers: Answer) -> Iterator[Leak]:
    """Yield the leaks in answers."""
    for answer in answers:
        for what in answer.foreign():
            yield Leak(name, answer.statement, what)


def not_denied(name: str, *answers: Answer) -> Iterator[Leak]:
    """Yield a leak for each answer that was no refusal, and what the refusals tell."""
    for answer in answers:
        if answer.sqlstate is None:
            yield Leak(name, answer.statement, "allowed")
        yield from leaks_of(name, answer)

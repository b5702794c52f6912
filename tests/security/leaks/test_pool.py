"""One connection of the pages serves two sellers in turn, through errors and cancels."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
from tests.security.leaks.world import MINE, THEIRS, WEB_LOGIN

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock, acting_as, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.security.leaks.world import World

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.security]
EVIDENCE = Path(__file__).parents[3] / "build" / "evidence" / "pooled-connection.json"

# Prepared by the driver after a few rounds: plans are kept while the role changes.
ROWS: Final = (
    "SELECT seller_no FROM seller.my_orders UNION ALL SELECT seller_no FROM dwh.fact_offer"
)


class Shift:
    """One turn of a seller on the shared connection."""

    def __init__(
        self, settings: Settings, connection: psycopg.Connection, role: str, seller_no: int
    ) -> None:
        self.settings = settings
        self.connection = connection
        self.role = role
        self.seller_no = seller_no
        self.foreign = 0

    def look(self) -> None:
        """Read, and count what is not this seller's; its own rows must be there."""
        rows = self.connection.execute(ROWS, prepare=True).fetchall()
        self.foreign += sum(number != self.seller_no for (number,) in rows)
        assert rows

    def runs(self, *statements: str) -> None:
        with acting_as(self.connection, self.role):
            self.look()
            for statement in statements:
                self.connection.execute(statement)

    def ends_well(self) -> None:
        self.runs()

    def asks_an_error(self) -> None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            self.runs("SELECT 1 / 0")

    def is_refused(self) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            self.runs("SELECT 1 FROM dwh.dim_customer")

    def runs_out_of_time(self) -> None:
        with pytest.raises(psycopg.errors.QueryCanceled):
            self.runs("SET LOCAL statement_timeout = '1ms'", "SELECT pg_sleep(1)")

    def is_cancelled(self) -> None:
        thread = threading.Thread(target=self._cancel_once_asleep)
        thread.start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            self.runs("SELECT pg_sleep(60)")
        thread.join()

    def _cancel_once_asleep(self) -> None:
        """Cancel in the middle of the statement: a cancel that is late would hit the next turn."""
        asleep = "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        with connect(self.settings, None) as watcher:
            while watcher.execute(asleep, [self.connection.info.backend_pid]).rowcount == 0:
                time.sleep(0.001)
        self.connection.cancel_safe()

    def strays(self) -> None:
        """Another's role, taken inside a savepoint that fails, leaves nothing behind."""
        with acting_as(self.connection, self.role):
            with pytest.raises(psycopg.errors.DivisionByZero):
                self._stray()
            self.look()

    def _stray(self) -> None:
        with self.connection.transaction():
            self.connection.execute("SET LOCAL ROLE NONE")
            self.connection.execute("SELECT 1 / 0")

    def leaves_a_cursor(self) -> None:
        with acting_as(self.connection, self.role):
            self.connection.execute("DECLARE left_open CURSOR FOR " + ROWS)
            (number,) = self.connection.execute("FETCH 1 FROM left_open").fetchone() or (None,)
            self.foreign += number != self.seller_no

    def says_a_setting(self) -> None:
        """A setting for the session, in a transaction that fails, is gone with it."""
        with pytest.raises(psycopg.errors.DivisionByZero):
            self.runs("SET work_mem = '1MB'", "SELECT 1 / 0")

    def talks_in_a_pipeline(self) -> None:
        with acting_as(self.connection, self.role), self.connection.pipeline():
            asked = [self.connection.execute(ROWS) for _ in range(3)]
            rows = [number for one in asked for (number,) in one.fetchall()]
        self.foreign += sum(number != self.seller_no for number in rows)


TURNS: Final[list[tuple[Callable[[Shift], None], int]]] = [
    (Shift.ends_well, 60),
    (Shift.asks_an_error, 10),
    (Shift.is_refused, 6),
    (Shift.runs_out_of_time, 2),
    (Shift.is_cancelled, 1),
    (Shift.strays, 6),
    (Shift.leaves_a_cursor, 6),
    (Shift.says_a_setting, 4),
    (Shift.talks_in_a_pipeline, 5),
]


def interleave(world: World, rounds: int) -> tuple[Counter[str], int, int]:
    """Let two sellers take turns; return turns by kind, foreign rows, rows seen by nobody."""
    chance = random.Random(5)  # noqa: S311  # the same turns each time
    done: Counter[str] = Counter()
    foreign = nobody = 0
    pairs = ((world.attacker, MINE), (world.victim, THEIRS))
    turns, weights = zip(*TURNS, strict=True)
    with connect(world.settings, WEB_LOGIN) as connection:
        backend = connection.info.backend_pid
        for number in range(rounds):
            role, seller_no = chance.choice(pairs)
            shift = Shift(world.settings, connection, role, seller_no)
            turn = chance.choices(turns, weights)[0]
            turn(shift)
            foreign += shift.foreign
            done[turn.__name__] += 1
            if number % 10 == 0:
                nobody += _seen_by_nobody(connection)
        assert connection.info.backend_pid == backend
    return done, foreign, nobody


def _seen_by_nobody(connection: psycopg.Connection) -> int:
    """Between turns the connection is its own login, which sees nothing."""
    row = connection.execute("SELECT current_user, current_setting('role')").fetchone()
    assert row == (WEB_LOGIN, "none")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        return len(connection.execute(ROWS).fetchall())
    return 0


def test_two_sellers_on_one_connection_are_never_mixed(world: World) -> None:
    done, foreign, nobody = interleave(world, 300)
    assert (foreign, nobody) == (0, 0)
    assert set(done) == {turn.__name__ for turn, _ in TURNS}


@pytest.mark.slow
def test_ten_thousand_turns(world: World) -> None:
    rounds = 10_000
    done, foreign, nobody = interleave(world, rounds)
    assert (foreign, nobody) == (0, 0)
    figures = [
        Measured("turns", rounds, "tours", "tours de deux vendeurs sur une connexion"),
        Measured("foreign rows", foreign, "lignes", "lignes d'un autre vendeur vues"),
        Measured("cancelled", done["is_cancelled"] + done["runs_out_of_time"], "tours",
                 "tours annulés en cours de requête"),
        Measured("failed", done["asks_an_error"] + done["is_refused"], "tours",
                 "tours terminés par une erreur"),
    ]  # fmt: skip
    write_evidence(
        EVIDENCE,
        criterion="CAS-4",
        command="pytest -m slow tests/security/leaks/test_pool.py",
        figures=figures,
        measured_at=SystemClock().now(),
        conditions={"processors": str(os.cpu_count()), **{k: str(n) for k, n in done.items()}},
    )

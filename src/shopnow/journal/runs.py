"""Runs and their six steps.

START and FAIL are written on the journal's own connection, so that they survive the data's
rollback; END is written in the data's transaction, so that it is true only when the data is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock

SQL = Sql(__package__)
# The six steps of a run, as people read them.
STEPS_FR: Final = {
    1: "lecture", 2: "contrôle", 3: "normalisation", 4: "dimensions", 5: "faits",
    6: "publication",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was started: its number in the journal and which of the six it is."""

    step_no: int
    step: int


@dataclass(frozen=True)
class Run:
    """A run that is under way; `conn` is the journal's own connection (autocommit)."""

    run_id: int
    conn: psycopg.Connection
    clock: Clock
    failures: list[Step] = field(default_factory=list)

    def start(
        self, step: int, *, delivery_key: int | None = None, batch_no: int | None = None
    ) -> Step:
        """Journal that a step begins, at once."""
        row = self.conn.execute(
            SQL["step_start"],
            {
                "run_id": self.run_id,
                "batch_no": batch_no,
                "delivery_key": delivery_key,
                "step": step,
                "started_at": self.clock.now(),
            },
        ).fetchone()
        assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
        return Step(int(row[0]), step)

    def start_all(self, step: int, deliveries: Sequence[int]) -> list[Step]:
        """Journal that a step of several deliveries begins, at once; steps in their order."""
        rows = self.conn.execute(
            SQL["steps_start"],
            {
                "run_id": self.run_id,
                "deliveries": list(deliveries),
                "step": step,
                "started_at": self.clock.now(),
            },
        ).fetchall()
        return [Step(int(row[0]), step) for row in rows]

    def end_all(
        self, data: psycopg.Connection, steps: Sequence[Step], rows: Sequence[tuple[int, int, int]]
    ) -> None:
        """Journal that steps are done; `rows`: in, out and rejected of each of them."""
        data.execute(
            SQL["steps_end"],
            {
                "ended_at": self.clock.now(),
                "step_nos": [step.step_no for step in steps],
                "rows_in": [row[0] for row in rows],
                "rows_out": [row[1] for row in rows],
                "rows_rejected": [row[2] for row in rows],
            },
        )

    def end(
        self,
        data: psycopg.Connection,
        step: Step,
        *,
        rows_in: int | None = None,
        rows_out: int | None = None,
        rows_rejected: int | None = None,
    ) -> None:
        """Journal that a step is done, in the transaction of `data`."""
        data.execute(
            SQL["step_end"],
            {
                "step_no": step.step_no,
                "ended_at": self.clock.now(),
                "rows_in": rows_in,
                "rows_out": rows_out,
                "rows_rejected": rows_rejected,
            },
        )

    def fail(self, *steps: Step) -> None:
        """Note that steps failed; `journal_failures` writes it.

        The data's transaction may hold the END of a step and the lock on its row until it is
        rolled back: what waited for that lock here would wait for ever.
        """
        self.failures.extend(steps)

    def journal_failures(self) -> None:
        """Write which steps failed; no transaction of the data is open any more."""
        for step in self.failures:
            self.conn.execute(
                SQL["step_fail"], {"step_no": step.step_no, "ended_at": self.clock.now()}
            )
        self.failures.clear()

    def close(self, status: str) -> None:
        """Journal the end of the run: done or failed."""
        self.journal_failures()
        self.conn.execute(
            SQL["run_close"],
            {"run_id": self.run_id, "ended_at": self.clock.now(), "status": status},
        )


def open_run(conn: psycopg.Connection, clock: Clock, kind: str, code_version: str) -> Run:
    """A new run, journaled at once on `conn` (autocommit)."""
    row = conn.execute(
        SQL["run_open"],
        {"kind": kind, "started_at": clock.now(), "code_version": code_version},
    ).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
    return Run(int(row[0]), conn, clock)


def has_orphans(data: psycopg.Connection, run: Run) -> bool:
    """Say whether another process, living or dead, has left a run or a step open."""
    row = data.execute(SQL["orphans_any"], {"run_id": run.run_id}).fetchone()
    return row is not None and bool(row[0])


def abandon_orphans(data: psycopg.Connection, run: Run, at: datetime) -> list[int]:
    """Close what dead processes left open; the caller holds the loader lock on `data`."""
    data.execute(SQL["steps_abandon"], {"ended_at": at, "run_id": run.run_id})
    rows = data.execute(SQL["runs_abandon"], {"ended_at": at, "run_id": run.run_id}).fetchall()
    return [int(row[0]) for row in rows]

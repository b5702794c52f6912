"""Runs and their six steps.

START and FAIL are written on the journal's own connection, so that they survive the data's
rollback; END is written in the data's transaction, so that it is true only when the data is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock

SQL = Sql(__package__)


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
        """Journal that steps failed; a step that ended is left alone."""
        for step in steps:
            self.conn.execute(
                SQL["step_fail"], {"step_no": step.step_no, "ended_at": self.clock.now()}
            )

    def close(self, status: str) -> None:
        """Journal the end of the run: done or failed."""
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


def abandon_orphans(data: psycopg.Connection, run: Run, at: datetime) -> list[int]:
    """Close what dead processes left open; the caller holds the loader lock on `data`."""
    data.execute(SQL["steps_abandon"], {"ended_at": at, "run_id": run.run_id})
    rows = data.execute(SQL["runs_abandon"], {"ended_at": at, "run_id": run.run_id}).fetchall()
    return [int(row[0]) for row in rows]

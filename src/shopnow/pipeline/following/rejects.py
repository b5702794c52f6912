"""Rejected records as their sender reads them: line, rule, what is wrong, how to mend it.

Values of records never pass here: a line is found again by its number in the sender's own file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import dict_row

from shopnow.kernel import Sql
from shopnow.quality import RULE_CODES, RuleCode

if TYPE_CHECKING:
    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that a record failed; `column` is empty where the rule speaks of the whole line."""

    rule: str
    column: str
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class RejectFacts:
    """One rejected record, or an unreadable line (kind `line`, record 0)."""

    delivery_key: int
    file_name: str | None
    line_no: int
    record_no: int
    kind: str
    state: str
    reasons: tuple[Reason, ...]


def explain(rule_code: str) -> RuleCode:
    """The French words of a rule; a code without words explains itself by its name."""
    return RULE_CODES.get(rule_code, RuleCode(rule_code, rule_code.replace("_", " "), ""))


def list_rejects(
    conn: psycopg.Connection,
    *,
    delivery_key: int | None = None,
    seller: str | None = None,
    rule: str | None = None,
    state: str | None = None,
    limit: int | None = None,
) -> tuple[list[RejectFacts], int]:
    """Rejects that match every filter given, in file order, and how many there are in all.

    `seller` is the seller_id of the sender (or `platform`); `state`: open, replayed or closed.
    """
    values = {"delivery_key": delivery_key, "seller": seller, "rule": rule, "state": state,
              "limit": limit}  # fmt: skip
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SQL["rejects"], values).fetchall()
    found = rows[0]["found"] if rows else 0
    return [
        RejectFacts(
            delivery_key=row["delivery_key"],
            file_name=row["file_name"],
            line_no=row["line_no"],
            record_no=row["record_no"],
            kind=row["kind"],
            state=row["state"],
            reasons=tuple(
                Reason(code, column, explain(code).what_fr, explain(code).fix_fr)
                for code, column in zip(row["rule_codes"], row["columns"], strict=False)
            ),
        )
        for row in rows
    ], found

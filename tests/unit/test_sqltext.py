"""The loader of SQL texts."""

from __future__ import annotations

import pytest
from psycopg import sql

from shopnow.kernel import Sql, TerminalError

SQL = Sql("shopnow.kernel")


def test_a_statement_comes_without_its_header_and_semicolon() -> None:
    text = SQL["migrations_applied"]
    assert text.startswith("SELECT")
    assert text.endswith("number")


def test_the_names_of_all_statements_can_be_listed() -> None:
    assert "migration_record" in list(SQL)
    assert list(Sql("shopnow.cli")) == []


def test_an_unknown_statement_is_refused_with_the_nearest() -> None:
    with pytest.raises(TerminalError) as refused:
        SQL["migration_recrod"]
    assert "'migration_record'" in refused.value.hint


def test_identifiers_are_quoted_by_the_driver() -> None:
    composed = SQL.compose("role_switch", role=sql.Identifier('o"dd'))
    assert composed.as_string(None) == 'SET LOCAL ROLE "o""dd"'

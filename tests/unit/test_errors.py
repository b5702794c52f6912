"""Errors: their marks, their hints, and the values that they never quote."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from shopnow.kernel import ShopnowError, TerminalError, TransientError, from_database, nearest


def test_an_error_keeps_its_fact_and_its_advice() -> None:
    error = ShopnowError("no such file", "Check the name.")
    assert (str(error), error.message, error.hint) == (
        "no such file",
        "no such file",
        "Check the name.",
    )


@pytest.mark.parametrize(
    ("cause", "mark"),
    [
        (errors.SerializationFailure("could not serialize"), TransientError),
        (errors.DeadlockDetected("deadlock detected"), TransientError),
        (errors.DiskFull("no space left"), TransientError),
        (errors.AdminShutdown("terminating"), TransientError),
        (psycopg.OperationalError("connection reset"), TransientError),
        (errors.UndefinedTable("no relation"), TerminalError),
        (errors.InsufficientPrivilege("denied"), TerminalError),
    ],
)
def test_what_may_pass_by_itself_is_transient(
    cause: psycopg.Error, mark: type[ShopnowError]
) -> None:
    assert type(from_database(cause, "loading")) is mark


@pytest.mark.parametrize("kind", [errors.InvalidTextRepresentation, errors.UniqueViolation])
def test_the_value_that_broke_a_rule_is_not_told(kind: type[psycopg.Error]) -> None:
    told = from_database(kind('invalid input: "jeanne@example.org"'), "loading")
    assert isinstance(told, TerminalError)
    assert "jeanne" not in told.message
    assert str(kind.sqlstate) in told.message


def test_the_nearest_word_is_suggested_only_when_it_is_near() -> None:
    assert nearest("log_levle", ["home", "log_level"]) == "log_level"
    assert nearest("xyz", ["home", "log_level"]) == ""

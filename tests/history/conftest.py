"""One database for all cases: each case has keys and a source of its own."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.history import sample
from tests.history.sample import CUSTOMER, PRODUCT, SELLER, Case, create_tables, dimension

from shopnow.kernel import connect
from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from shopnow.kernel import Settings


@pytest.fixture(scope="session")
def sampled(test_server: Settings) -> Iterator[Settings]:
    """Give a warehouse that has the sample's dimensions beside its own."""
    name = f"cases_{os.getpid()}"
    copy = create_database(test_server, name, template="shopnow")
    with connect(copy, "shopnow_owner") as owner:
        for contract in (SELLER, PRODUCT, CUSTOMER):
            create_tables(owner, contract)
    yield copy
    drop_database(test_server, name)


@pytest.fixture
def loader(sampled: Settings) -> Iterator[psycopg.Connection]:
    """Give a transaction of the loader; the commit checks what is deferred."""
    with connect(sampled) as conn, conn.transaction():
        yield conn
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def case(loader: psycopg.Connection) -> Case:
    """Give a key of the sample's sellers."""
    return Case(loader, dimension(SELLER))


@pytest.fixture
def product(loader: psycopg.Connection) -> Case:
    """Give a key of the sample's products."""
    return Case(loader, dimension(PRODUCT))


@pytest.fixture
def customer(loader: psycopg.Connection) -> Case:
    """Give a key of the sample's customers."""
    return Case(loader, dimension(CUSTOMER))


@pytest.fixture
def strict(loader: psycopg.Connection) -> Case:
    """Give a key of sellers whose contract says that inferred members are strict."""
    return Case(loader, replace(sample.dimension(SELLER), is_strict=True))

"""The views of schema legacy: who is in them, who may read them, what nobody reads there."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql
from tests.former_warehouse import SCHEMAS
from tests.integration.legacy.conftest import NOW, Imported

from shopnow.kernel import FixedClock, Settings, connect
from shopnow.kernel.server import ROLES
from shopnow.pipeline import Context, disclose_customers
from shopnow.quality import RULE_CODES
from shopnow.quality.references import countries
from shopnow.sources import load_source

if TYPE_CHECKING:
    from pathlib import Path
    from typing import LiteralString

pytestmark = pytest.mark.integration
READERS = {"shopnow_dpo", "shopnow_analyst_detail", "shopnow_etl", "shopnow_owner"}


def ask(
    settings: Settings, statement: LiteralString, role: str | None = "shopnow_dpo"
) -> list[tuple[Any, ...]]:
    with connect(settings, role) as conn:
        return conn.execute(statement).fetchall()


@pytest.mark.parametrize("name", SCHEMAS)
def test_names_and_columns_are_those_of_the_former_tables(imported: Imported, name: str) -> None:
    with connect(imported.settings, "shopnow_dpo") as conn:
        found = conn.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier("legacy", name)))
        assert [column.name for column in found.description or ()] == list(SCHEMAS[name])


def test_joins_hold_on_pseudonyms(imported: Imported) -> None:
    """As many lines find their customer and product as on the old tables, and none finds two."""
    once = imported.former.once().tables
    people = {row[0] for row in once["dim_customer"]}
    products = {row[0] for row in once["dim_product"]}
    lines = once["fact_order"]
    assert ask(
        imported.settings,
        "SELECT count(*), count(c.customer_id), count(p.product_id), count(o.customer_id)"
        " FROM legacy.fact_order AS o"
        " LEFT JOIN legacy.dim_customer AS c ON c.customer_id = o.customer_id"
        " LEFT JOIN legacy.dim_product AS p ON p.product_id = o.product_id",
    ) == [
        (len(lines), sum(row[2] in people for row in lines),
         sum(row[1] in products for row in lines), len(lines))
    ]  # fmt: skip
    assert ask(
        imported.settings,
        "SELECT count(*) FROM legacy.fact_clickstream AS e"
        " INNER JOIN legacy.dim_customer AS c ON c.customer_id = e.user_id",
    ) == [(0,)]


def test_nobody_is_named_in_sql_and_no_identifier_is_the_old_one(imported: Imported) -> None:
    assert ask(
        imported.settings,
        "SELECT count(*), count(name), count(email), count(address), count(city)"
        " FROM legacy.dim_customer",
    ) == [(296, 0, 0, 0, 296)]
    shown = {
        row[0] for row in ask(imported.settings, "SELECT customer_id FROM legacy.dim_customer")
    }
    assert not shown & {row[0] for row in imported.former.tables["dim_customer"]}


@pytest.mark.parametrize("role", sorted(role.name for role in ROLES if role.login))
def test_only_those_with_the_star_read_them(imported: Imported, role: str) -> None:
    if role in READERS or role == "shopnow_backup":
        assert ask(imported.settings, "SELECT count(*) FROM legacy.dim_product", role) == [(117,)]
        return
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(imported.settings, "SELECT count(*) FROM legacy.dim_product", role)


def test_the_privacy_officer_exports_names_and_the_journal_knows(
    imported: Imported, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    with Context.open(imported.settings, FixedClock(NOW)) as context:
        rows = disclose_customers(context, path, customers=None, reason="demande d'accès 12")
    assert rows == 296
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(encoding="utf-8", newline="") as stream:
        exported = list(csv.DictReader(stream))
    assert list(exported[0]) == list(SCHEMAS["dim_customer"])
    said = {tuple(str(cell) for cell in row[1:]) for row in imported.former.tables["dim_customer"]}
    assert {tuple(list(row.values())[1:]) for row in exported} == said
    assert ask(
        imported.settings,
        "SELECT type, payload ->> 'rows' FROM journal.event"
        " WHERE error_code = 'customers_disclosed' AND payload ->> 'reason' LIKE 'demande%'",
        "shopnow_etl",
    ) == [("securite", "296")]


def test_one_customer_is_exported_and_reading_makes_no_key(
    imported: Imported, tmp_path: Path
) -> None:
    [(number, pseudonym)] = ask(
        imported.settings,
        "SELECT customer_no, customer_id FROM dwh.dim_customer WHERE NOT is_inferred"
        " AND customer_no > 0 ORDER BY 1 LIMIT 1",
    )
    path = tmp_path / "one.csv"
    with Context.open(imported.settings, FixedClock(NOW)) as context:
        key = context.keystore.kept_subject_keys([number])
        assert list(key) == [number]
        assert context.keystore.kept_subject_keys([10**9]) == {}
        disclose_customers(context, path, customers=[pseudonym], reason="essai")
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_deleted_reserved_and_unknown_members_are_hidden(second_day: Settings) -> None:
    """In a marketplace: what the views show is what is current, known and somebody's."""
    with connect(second_day, None) as conn:
        key = conn.execute(
            "SELECT min(product_key) FROM dwh.dim_product WHERE product_key > 0 AND is_current"
            " AND NOT is_deleted AND NOT is_inferred AND seller_no > 0"
        ).fetchone()
        before = conn.execute("SELECT count(*) FROM legacy.dim_product").fetchone()
        conn.execute("UPDATE dwh.dim_product SET is_deleted = TRUE WHERE product_key = %s", key)
        after = conn.execute("SELECT count(*) FROM legacy.dim_product").fetchone()
        assert before
        assert after == (before[0] - 1,)
        shown = conn.execute("SELECT product_id FROM legacy.dim_product").fetchall()
        current = conn.execute(
            "SELECT CASE WHEN seller_no = 0 THEN product_id ELSE seller_no || ':' || product_id"
            " END FROM dwh.dim_product WHERE is_current AND NOT is_deleted AND NOT is_inferred"
            " AND product_id NOT LIKE '#%'"
        ).fetchall()
        assert sorted(shown) == sorted(current)
        assert len(set(shown)) == len(shown)
        people = conn.execute("SELECT customer_id FROM legacy.dim_customer").fetchall()
        assert not {row[0] for row in people} & {"#unknown", "#anonymous"}
        # A product id of two sellers stays two: no line is counted twice by the old join.
        joined = conn.execute(
            "SELECT count(*) FROM legacy.fact_order AS o INNER JOIN legacy.dim_product AS p"
            " ON p.product_id = o.product_id"
        ).fetchone()
        lines = conn.execute("SELECT count(*) FROM legacy.fact_order").fetchone()
        assert joined
        assert lines
        assert joined[0] <= lines[0]


def test_every_country_comes_back_by_the_name_it_went_in_with(
    imported: Imported, tmp_path: Path
) -> None:
    layout = load_source(imported.settings.home / "sources" / "platform" / "legacy-customers.yaml")
    words = dict(layout.records[0].fields["country"].words)
    known = countries() | words
    names = ask(imported.settings, "SELECT country_code, country FROM legacy.country")
    assert len(names) == 250
    assert [(code, name) for code, name in names if known.get(name.lower()) != code] == []


def test_the_remark_on_what_was_left_empty_has_its_words() -> None:
    assert "left_empty" in RULE_CODES

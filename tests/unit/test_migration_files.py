"""Which files are migrations, and which are refused before any database is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import Settings, TerminalError, read_migrations, with_packages

if TYPE_CHECKING:
    from pathlib import Path


def test_files_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("0010_dwh_b.sql", "0002_dwh_a.sql"):
        (tmp_path / name).write_text("SELECT 1;")
    assert [found.number for found in read_migrations(tmp_path)] == [2, 10]


@pytest.mark.parametrize("name", ["1_dwh_a.sql", "0001.sql", "0001_Dwh_a.sql", "notes.sql"])
def test_a_file_with_another_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(TerminalError, match="NNNN_"):
        read_migrations(tmp_path)


def test_a_number_used_twice_is_refused(tmp_path: Path) -> None:
    for name in ("0001_dwh_a.sql", "0001_dwh_b.sql"):
        (tmp_path / name).write_text("SELECT 1;")
    with pytest.raises(TerminalError, match="0001"):
        read_migrations(tmp_path)


@pytest.mark.parametrize("text", ["COMMIT;", "SELECT 1;\nrollback ;", "  start transaction;"])
def test_a_file_that_ends_its_own_transaction_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "0001_dwh_a.sql").write_text(text)
    with pytest.raises(TerminalError, match="transaction"):
        read_migrations(tmp_path)


def test_a_function_body_may_begin_and_end(tmp_path: Path) -> None:
    body = "DO $$\nBEGIN\n    PERFORM 1;\nEND\n$$;"
    (tmp_path / "0001_dwh_a.sql").write_text(body)
    assert len(read_migrations(tmp_path)) == 1


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TerminalError, match="no migrations"):
        read_migrations(tmp_path)


def test_the_migrations_of_the_product_are_well_formed() -> None:
    numbers = [found.number for found in read_migrations(Settings().migrations_dir)]
    assert numbers[0] == 1


def test_a_file_of_a_package_stands_where_its_line_is() -> None:
    text = with_packages("SELECT 1;\n-- package procrastinate==3.10.0: sql/schema.sql\nSELECT 2;")
    assert text.startswith("SELECT 1;\n")
    assert "CREATE TABLE procrastinate_jobs" in text
    assert text.endswith("SELECT 2;")


def test_another_version_of_a_package_is_refused() -> None:
    with pytest.raises(TerminalError, match=r"wants procrastinate 1\.0, found 3\.10\.0"):
        with_packages("-- package procrastinate==1.0: sql/schema.sql")

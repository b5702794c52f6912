"""Tables for people: right in a spreadsheet, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import fastexcel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopnow.deliverables import Cell, Page, write_text, write_workbook

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), max_size=40
) | st.sampled_from(["=1+1", "+33 6 12", "-SUM(A1)", "@x", "\t=1", "＝1+1", "-12,5", "é œ ’ €"])
ATTACKS = re.compile(r"\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
TABLE = [
    ["Désignation", "Prix", "Note"],
    ["Œuf à l’été", "-3", "=1+1"],
    ["Poêle", "0012", "@SUM(A1)"],
]


def as_text(rows: list[list[str]], delimiter: str = ";") -> bytes:
    stream = io.BytesIO()
    assert write_text(stream, rows, delimiter) == len(rows)
    return stream.getvalue()


def as_workbook(rows: list[list[str]]) -> bytes:
    stream = io.BytesIO()
    page = Page("Réponse", [[Cell(text) for text in row] for row in rows], (20, 10, 10), (1, 0), 1)
    write_workbook(stream, [page])
    return stream.getvalue()


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=5))
@settings(max_examples=300)
def test_no_cell_of_a_text_file_may_be_a_formula(rows: list[list[str]]) -> None:
    text = as_text(rows).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len(back) == len(rows)
    for sent, got in zip(rows, back, strict=True):
        for before, after in zip(sent, got, strict=True):
            assert after.removeprefix("'") == before.removeprefix("'")
            assert NUMBER.fullmatch(after) or not ATTACKS.match(after)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=100)
def test_a_workbook_holds_texts_and_nothing_else(rows: list[list[str]]) -> None:
    content = as_workbook([["a", "b", "c"], *rows])
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f" not in re.sub(r"<t [^>]*>.*?</t>", "", sheet, flags=re.DOTALL)
    loaded = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string")
    assert loaded.height >= 1


def test_the_same_page_gives_the_same_bytes() -> None:
    assert as_workbook(TABLE) == as_workbook(TABLE)


def test_leading_zeros_and_accents_survive_a_workbook() -> None:
    loaded = fastexcel.read_excel(as_workbook(TABLE)).load_sheet(0, dtypes="string").to_polars()
    assert loaded.columns == TABLE[0]
    assert loaded.rows() == [tuple(row) for row in TABLE[1:]]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_shows_the_texts_and_runs_none(tmp_path: Path, form: str) -> None:
    source = tmp_path / f"answer.{form}"
    source.write_bytes(as_text(TABLE, ",") if form == "csv" else as_workbook(TABLE))
    # Token 44,34,76: comma, quote, UTF-8, as a spreadsheet is told to by the byte order mark.
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--infilter=CSV:44,34,76" if form == "csv" else "--infilter=Calc MS Excel 2007 XML",
         "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
         "--outdir", str(tmp_path / "out"), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shown = list(csv.reader((tmp_path / "out" / "answer.csv").read_text("utf-8-sig").splitlines()))
    assert shown[0] == TABLE[0]
    assert shown[1][0] == "Œuf à l’été"
    assert shown[1][2].removeprefix("'") == "=1+1"
    assert shown[2][2].removeprefix("'") == "@SUM(A1)"

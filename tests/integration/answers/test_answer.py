"""The answer to a delivery, as its sender reads it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.answers.conftest import CATALOGUE, CATALOGUE_YAML, deliver

from shopnow.cli.base import run
from shopnow.deliverables import Cell, Page, write_workbook
from shopnow.kernel import UsageError, connect
from shopnow.pipeline import answer_delivery, list_deliveries, write_answer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.answers.conftest import Judged

    from shopnow.pipeline import Context, Language

pytestmark = pytest.mark.integration


def answered(
    context: Context, judged: Judged, form: str, key: int = 0, language: Language = "fr", *,
    everything: bool = False,
) -> bytes:  # fmt: skip
    """Give the answer's bytes; by default to the catalogue."""
    stream = io.BytesIO()
    with connect(judged.settings) as conn:
        answer = answer_delivery(
            context, conn, key or judged.delivery_key, language=language, everything=everything
        )
        write_answer(answer, stream, form, judged.settings.tz)
    return stream.getvalue()


def rows(content: bytes, delimiter: str = ";") -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def of_feed(judged: Judged, feed: str) -> int:
    with connect(judged.settings) as conn:
        return list_deliveries(conn, feed=feed, sender="platform")[0].delivery_key


def lines_of(context: Context, judged: Judged, key: int) -> list[dict[str, Any]]:
    content = answered(context, judged, "json", key, everything=True)
    found: list[dict[str, Any]] = json.loads(content)["lines"]
    return found


def test_every_failed_rule_of_every_line_in_the_senders_order(
    context: Context, judged: Judged
) -> None:
    found = rows(answered(context, judged, "csv"))
    assert [(row["Ligne"], row["Colonne"], row["Code"]) for row in found] == [
        ("3", "Code barre", "bad_gtin"),
        ("3", "Rayon", "unknown_category"),
        ("3", "Stock", "not_an_integer"),
        ("4", "Code barre", "number_cut_by_spreadsheet"),
        ("4", "Rayon", "unknown_category"),
        ("4", "Statut", "unknown_word"),
        ("4", "Prix TTC", "not_a_number"),
        ("7", "Désignation", "missing_value"),
        ("7", "Prix TTC", "negative_value"),
        ("8", "", "ragged_line"),
    ]
    assert {row["Statut (ShopNow)"] for row in found} == {"rejetée"}
    assert all(row["Ce qui ne va pas"] and row["Que faire"] for row in found)


def test_columns_are_the_senders_own_in_its_order(context: Context, judged: Judged) -> None:
    content = answered(context, judged, "csv")
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert header[-8:] == CATALOGUE[0].split(";")
    assert "Statut (ShopNow)" in header
    first = rows(content)[0]
    assert (first["Référence"], first["Désignation"]) == ("R2", "Œuf décoratif")


def test_a_shopkeeper_is_told_what_to_write(context: Context, judged: Judged) -> None:
    by_place = {
        (row["Ligne"], row["Colonne"]): row for row in rows(answered(context, judged, "csv"))
    }
    assert by_place["3", "Rayon"]["Proposition"] == "Maison > Décoration"
    assert by_place["4", "Rayon"]["Proposition"] == ""
    assert by_place["4", "Prix TTC"]["Proposition"] == "1299,00"
    assert by_place["4", "Prix TTC"]["Que faire"] == "Écrivez par exemple 12,50."
    assert by_place["4", "Statut"]["Attendu"] == "un de ces mots : actif, en pause, retiré"
    assert by_place["7", "Désignation"]["Valeur lue"] == "(vide)"
    assert by_place["8", ""]["Attendu"] == "8 colonnes"


def test_accents_survive_and_a_spreadsheet_recognises_the_encoding(
    context: Context, judged: Judged
) -> None:
    content = answered(context, judged, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert all(word in text for word in ("Œuf décoratif", "Vase l’été", "code-barres"))
    assert "�" not in text
    sheet = zipfile.ZipFile(io.BytesIO(answered(context, judged, "xlsx")))
    assert "Vase l’été" in sheet.read("xl/worksheets/sheet2.xml").decode()


def test_formulas_are_harmless(context: Context, judged: Judged) -> None:
    found = rows(answered(context, judged, "csv", everything=True))
    notes = {row["Référence"]: row["Notes internes"] for row in found}
    assert notes["R3"] == "'=1+1"
    assert notes["R7"] == "'@SUM(A1:A9)"
    assert {row["Prix TTC"] for row in found if row["Référence"] == "R5"} == {"-3"}
    sheet = zipfile.ZipFile(io.BytesIO(answered(context, judged, "xlsx", everything=True)))
    text = sheet.read("xl/worksheets/sheet2.xml").decode()
    assert not re.search(r"<f[ >]", text)
    # Odd styles are those of quoted cells: editing one does not make it a formula.
    style = re.search(r's="(\d+)" t="inlineStr"><is><t xml:space="preserve">=1\+1<', text)
    assert style
    assert int(style[1]) % 2 == 1


def test_what_looks_like_a_person_is_masked(context: Context, judged: Judged) -> None:
    found = rows(answered(context, judged, "csv"))
    notes = {row["Référence"]: row["Notes internes"] for row in found}
    assert notes["R2"] == "écrire à [masqué]"
    assert notes["R5"] == "[masqué]"


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_no_personal_value_leaves_in_any_format(
    context: Context, judged: Judged, form: str
) -> None:
    for feed, secrets in (
        ("sellers", ("ada@s1.test", "Ada Un", "0101", "Eve Trois")),
        ("orders", ("client1@bazar.test", "Client 1", "rue du Test", "69002", "Broken Line")),
    ):
        content = answered(context, judged, form, of_feed(judged, feed), everything=True)
        if form == "xlsx":
            archive = zipfile.ZipFile(io.BytesIO(content))
            content = b"".join(archive.read(name) for name in archive.namelist())
        for secret in secrets:
            assert secret.encode() not in content
        assert b"[masqu" in content


def test_an_item_of_an_order_is_named_by_its_place(context: Context, judged: Judged) -> None:
    lines = lines_of(context, judged, of_feed(judged, "orders"))
    found = {
        (line["line_no"], one["column"], one["rule"]) for line in lines for one in line["findings"]
    }
    assert (2, "items[2].qty", "zero_quantity") in found
    assert (2, "items[3].qty", "not_an_integer") in found
    assert (4, "", "invalid_json") in found
    assert (5, "items", "items_missing") in found
    assert (8, "", "not_an_object") in found
    # What a line says of itself is not said again of each of its items.
    assert [one["rule"] for line in lines if line["line_no"] == 7 for one in line["findings"]
            if one["level"] == "reject"] == ["unknown_word"]  # fmt: skip


def test_the_answer_in_english(context: Context, judged: Judged) -> None:
    found = rows(answered(context, judged, "csv", language="en"), ",")
    assert found[0]["What is wrong"] == "a wrong barcode (check digit)"
    assert {row["Status"] for row in found} == {"rejected"}
    assert found[1]["Suggestion"] == "Home > Decor"
    texts = " ".join(row["What is wrong"] + row["Expected"] + row["What to do"] for row in found)
    assert not re.search("[éèêàç]", texts)


def test_everything_adds_lines_without_a_remark(context: Context, judged: Judged) -> None:
    lines = lines_of(context, judged, judged.delivery_key)
    assert [line["line_no"] for line in lines] == [2, 3, 4, 5, 7, 8, 9]
    assert [line["status"] for line in lines][:2] == ["accepted", "rejected"]
    assert lines[3]["cells"]["Désignation"] == "Cadre\ndoré sur deux lignes"


def test_a_workbook_is_answered_with_all_its_columns(
    context: Context, judged: Judged, tmp_path: Path
) -> None:
    book = io.BytesIO()
    lines = [("SKU", "Note de l’atelier", "Titre", "Prix"), ("X1", "à revoir", "Pot rond", "dix"),
             ("X2", "", "Pot carré", "12.50")]  # fmt: skip
    write_workbook(book, [Page("Catalogue", [[Cell(text) for text in line] for line in lines])])
    source = CATALOGUE_YAML.split("dialect:")[0].replace("format: csv", "format: xlsx")
    source = source.replace("atelier-catalogue", "atelier-classeur").replace("house", "none")
    source += """records:
  product:
    fields: {seller_id: {const: S1}, product_id: SKU, title: Titre}
  offer:
    fields: {seller_id: {const: S1}, product_id: SKU, unit_price: Prix, currency: {const: EUR}}
"""
    key = deliver(judged.settings, source, "classeur.xlsx", book.getvalue(), tmp_path / "book")
    found = rows(answered(context, judged, "csv", key))
    assert list(found[0])[-4:] == list(lines[0])
    assert [(row["Ligne"], row["Code"], row["Note de l’atelier"]) for row in found] == [
        ("2", "not_a_number", "à revoir")
    ]


def test_a_refused_file_is_answered_with_its_reason(
    context: Context, judged: Judged, tmp_path: Path
) -> None:
    key = deliver(
        judged.settings, CATALOGUE_YAML, "no-title.csv", b"R\xe9f\xe9rence;Titre\r\nR1;x\r\n",
        tmp_path / "refused",
    )  # fmt: skip
    french = rows(answered(context, judged, "csv", key))
    assert [row["Code"] for row in french] == ["missing_column"]
    assert "Désignation" in french[0]["Ce qui ne va pas"]
    english = rows(answered(context, judged, "csv", key, "en"), ",")
    assert english[0]["What is wrong"] == "a mandatory column is missing"


def test_an_answer_is_journaled(context: Context, judged: Judged) -> None:
    answered(context, judged, "csv")
    with connect(judged.settings) as conn:
        row = conn.execute(
            "SELECT count(*) FROM journal.event WHERE error_code = 'answer_made'"
            " AND delivery_key = %s",
            (judged.delivery_key,),
        ).fetchone()
    assert row
    assert row[0] > 0


def test_no_delivery_no_answer(context: Context, judged: Judged) -> None:
    with connect(judged.settings) as conn, pytest.raises(UsageError, match="no delivery 99999"):
        answer_delivery(context, conn, 99999)


def test_the_command_writes_a_file_whole(
    judged: Judged, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = [
        "--home", str(judged.settings.home), "--set", f"database={judged.settings.database}",
        "--set", "server_sync=false", "--set", "server_archive=false",
        "delivery", "report", str(judged.delivery_key),
    ]  # fmt: skip
    out = tmp_path / "réponse.xlsx"
    assert run([*base, "--out", str(out)]) == 0
    assert zipfile.is_zipfile(out)
    assert [path.name for path in tmp_path.iterdir()] == ["réponse.xlsx"]
    capsys.readouterr()
    assert run([*base, "--lang", "en"]) == 0
    assert "Poêle" not in capsys.readouterr().out
    assert run([*base, "--format", "xlsx"]) == 2
    assert run([*base, "--out", str(tmp_path / "a.docx")]) == 2

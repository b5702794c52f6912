"""What became of a delivery, told by the installed command: JSON or French."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import connect

if TYPE_CHECKING:
    from tests.acceptance.conftest import LoadedDemo

pytestmark = pytest.mark.acceptance


def _rejecting(demo: LoadedDemo) -> dict[str, int]:
    """Give a delivery of a seller that holds rejects."""
    found = demo.json("delivery", "list", "--feed", "offers", "--limit", "1000")
    return next(one for one in found if one["rejected"] and one["sender"] != "platform")


def test_deliveries_are_listed_newest_first_and_filtered(loaded_demo: LoadedDemo) -> None:
    found = loaded_demo.json("delivery", "list", "--sender", "S002", "--feed", "offers")
    assert found
    assert {(one["sender"], one["feed"]) for one in found} == {("S002", "offers")}
    keys = [one["delivery_key"] for one in found]
    assert keys == sorted(keys, reverse=True)
    assert len(loaded_demo.json("delivery", "list", "--limit", "3")) == 3


def test_a_delivery_is_told_from_its_counts_to_its_steps(loaded_demo: LoadedDemo) -> None:
    key = _rejecting(loaded_demo)["delivery_key"]
    story = loaded_demo.json("delivery", "show", str(key))
    assert story["delivery"]["state"] == "published"
    assert [step["step"] for step in story["steps"]] == [1, 2, 3, 4, 5, 6]
    assert {step["status"] for step in story["steps"]} == {"END"}
    assert all(step["seconds"] >= 0 for step in story["steps"])
    assert sum(one["records"] for one in story["rejects"]) >= story["delivery"]["rejected"]
    assert story["files"][0]["sha256"] == story["delivery"]["sha256"]


def test_a_seller_reads_in_french_what_is_wrong_and_how_to_mend_it(
    loaded_demo: LoadedDemo,
) -> None:
    key = _rejecting(loaded_demo)["delivery_key"]
    told = loaded_demo.call("delivery", "show", str(key)).stdout
    assert "Rejets, par règle" in told
    assert "ce qui ne va pas" in told
    listed = loaded_demo.call("reject", "list", "--delivery", str(key)).stdout
    assert "que faire" in listed
    # A command to copy is not broken, however long the way to its home.
    lines = (line for line in (told + listed).splitlines() if "--home" not in line)
    assert max(map(len, lines)) <= 100


def test_rejects_name_lines_and_reasons_but_no_value(loaded_demo: LoadedDemo) -> None:
    found = loaded_demo.json("reject", "list", "--rule", "not_a_number", "--limit", "100")
    assert found["total"] == len(found["rejects"]) > 0
    one = found["rejects"][0]
    assert one["line_no"] > 0
    reason = next(each for each in one["reasons"] if each["rule"] == "not_a_number")
    assert reason["what"] == "ce n'est pas un nombre"
    assert reason["fix"].startswith("Écrivez")
    told = loaded_demo.call("reject", "list", "--rule", "not_a_number", "--limit", "100").stdout
    assert "sur demande" not in told + str(found)


def test_rejects_of_a_seller_are_those_it_sent(loaded_demo: LoadedDemo) -> None:
    found = loaded_demo.json("reject", "list", "--seller", "S002", "--limit", "1000")["rejects"]
    sent = {
        one["delivery_key"]
        for one in loaded_demo.json("delivery", "list", "--sender", "S002", "--limit", "1000")
    }
    assert found
    assert {one["delivery_key"] for one in found} <= sent


def test_sellers_are_listed_and_told_with_their_history(loaded_demo: LoadedDemo) -> None:
    listed = loaded_demo.json("seller", "list")
    assert [one["seller_no"] for one in listed] == list(range(9))
    assert listed[0]["seller_id"] == "SHOPNOW"
    changed = next(one for one in listed[1:] if one["versions"] > 1)
    told = loaded_demo.json("seller", "show", changed["seller_id"])
    assert told["seller_no"] == changed["seller_no"]
    assert len(told["versions"]) == changed["versions"]
    assert told["identifiers"][0]["source"] == "shopnow"
    for before, after in zip(told["versions"], told["versions"][1:], strict=False):
        assert before["valid_to"] == after["valid_from"]
    page = loaded_demo.call("seller", "show", changed["seller_id"]).stdout
    assert "Histoire" in page
    assert "en vigueur" in page


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("delivery", "show", "999999"), "shopnow delivery list"),
        (("reject", "list", "--rule", "not_a_numbr"), "'not_a_number'"),
        (("reject", "list", "--delivery", "999999"), "shopnow delivery list"),
        (("seller", "show", "S0002"), "'S002'"),
        (("trace", "order", "nothing"), "reject list"),
        (("trace", "product", "S001", "nothing"), "identifier"),
        (("trace", "click", "nothing"), "event_key"),
        (("trace", "delivery", "1", "--record", "999999"), "numbered from 1"),
    ],
)
def test_what_does_not_exist_is_wrong_usage_with_a_hint(
    loaded_demo: LoadedDemo, words: tuple[str, ...], hint: str
) -> None:
    done = loaded_demo.call(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr


def test_a_trace_leads_to_the_very_line_of_the_file(loaded_demo: LoadedDemo) -> None:
    seller = loaded_demo.json("seller", "show", "S002")
    found = loaded_demo.json("delivery", "list", "--sender", "S002", "--feed", "products")
    assert seller["products"]
    with connect(loaded_demo.settings) as connection:
        row = connection.execute(
            "SELECT product_id, delivery_key, record_no, source_line FROM dwh.dim_product"
            " WHERE seller_no = %s AND product_key >= 0 AND is_current AND delivery_key = %s"
            " ORDER BY product_id LIMIT 1",
            (seller["seller_no"], found[-1]["delivery_key"]),
        ).fetchone()
    assert row is not None
    product, key, record, line = row
    traced = loaded_demo.json("trace", "product", "S002", product)
    version = next(one for one in traced if one["kind"] == "product")
    assert (version["delivery_key"], version["record_no"], version["source_line"]) == (
        key, record, line,
    )  # fmt: skip
    path = next(loaded_demo.files.glob(f"day-*/{version['file']}"))
    assert product in path.read_text("utf-8").splitlines()[line - 1]
    became = loaded_demo.json("trace", "delivery", str(key), "--record", str(record))
    assert {"product", "product statement"} <= {one["kind"] for one in became}


def test_a_click_is_traced_by_its_key_and_by_the_senders_identifier(
    loaded_demo: LoadedDemo,
) -> None:
    with connect(loaded_demo.settings) as connection:
        row = connection.execute(
            "SELECT event_key::text, event_ref FROM dwh.fact_clickstream"
            " WHERE event_ref IS NOT NULL ORDER BY event_key LIMIT 1"
        ).fetchone()
    assert row is not None
    assert loaded_demo.json("trace", "click", row[0]) == loaded_demo.json("trace", "click", row[1])


def test_a_sealed_line_is_opened_only_for_a_reason_that_the_journal_keeps(
    loaded_demo: LoadedDemo,
) -> None:
    order = loaded_demo.report["stories"]["early_order_seller"]
    words = ("trace", "order", order, "--show-line")
    refused = loaded_demo.call(*words)
    assert refused.returncode == 2
    assert "--reason" in refused.stderr
    shown = loaded_demo.json(*words, "--reason", "contrôle du 12 janvier")
    assert order in shown[0]["line"]
    assert "line" not in loaded_demo.json("trace", "order", order)[0]
    with connect(loaded_demo.settings) as connection:
        events = connection.execute(
            "SELECT type, payload ->> 'reason', (payload ->> 'line_no')::bigint"
            " FROM journal.event WHERE error_code = 'sealed_line_shown'"
        ).fetchall()
    assert ("securite", "contrôle du 12 janvier", shown[0]["source_line"]) in events

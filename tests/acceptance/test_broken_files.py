"""A file that cannot be read is refused with a reason its sender understands; the next one loads.

A refused delivery keeps its sealed file (the sender may ask what was wrong with it), has a state
and a reason and no counts, and nothing of it stands in any other table.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.marketplace import Shipment, csv, item, ndjson, order
from tests.warehouse_state import exact, staging_rows, unbalanced

from shopnow.kernel import connect

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.acceptance

SHOPNOW = Path(sys.executable).with_name("shopnow")
MIB = 1024**2
_HEAD = "seller,sku,title,brand,ean,category,status,updated_at"
_LINE = "S1,B{0},Thing {0},Fer,,Maison,active,2025-03-01T08:00:00Z"
GOOD = csv(_HEAD, *(_LINE.format(n) for n in range(50)))


def _bomb_of_members() -> bytes:
    """10 GiB of zeros as 160 gzip members of 64 MiB each, about 10 MB."""
    return gzip.compress(bytes(64 * MIB), 6) * 160


def _bomb_of_one_member() -> bytes:
    """10 GiB of zeros as one deflate stream whose blocks repeat."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(64 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * 160


def _workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


# Bytes, code of the refusal, words that its reason has to hold: wanted, found, where, what to do.
BROKEN: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "empty": (b"", "empty_file", ("vide", "déposez de nouveau")),
    "only blanks": (b"\n  \n\n", "empty_file", ("vide",)),
    "binary": (bytes(range(256)) * 20, "binary_file", ("binaire", "texte", "exportez")),
    "workbook": (_workbook(), "binary_file", ("binaire", "CSV")),
    "wrong delimiter": (
        GOOD.replace(b",", b";"), "wrong_delimiter",
        ("virgule", "point-virgule", "ligne 1", "dialect.delimiter"),
    ),
    "missing column": (
        GOOD.replace(b"title", b"titel", 1), "missing_column",
        ("« title »", "« titel »", "ligne 1", "ajoutez la colonne"),
    ),
    "no header": (
        GOOD.split(b"\n", 1)[1], "missing_column", ("« title »", "8 champs", "l'en-tête manque"),
    ),
    "cut in a line": (GOOD[:-40], "cut_in_the_middle", ("coupé", "ligne", "fichier entier")),
    "cut in quotes": (
        GOOD + b'S1,X,"half a ti', "cut_in_the_middle", ("coupé", "guillemet", "fichier entier"),
    ),
    "cut gzip": (gzip.compress(GOOD)[:-12], "cut_in_the_middle", ("gzip", "coupé")),
    "damaged gzip": (
        gzip.compress(GOOD)[:-8] + b"\1\2\3\4" + gzip.compress(GOOD)[-4:],
        "corrupt_file", ("gzip", "endommagé"),
    ),
    "wrong encoding": (
        GOOD.replace(b"Thing 30", "Théière".encode("latin-1")), "wrong_encoding",
        ("utf-8", "0xE9", "ligne 32", "exportez"),
    ),
    "bomb of members": (b"", "decompression_bomb", ("gzip", "rapport", "découpez")),
    "bomb of one member": (b"", "decompression_bomb", ("gzip", "rapport", "découpez")),
}  # fmt: skip
_BOMBS = {"bomb of members": _bomb_of_members, "bomb of one member": _bomb_of_one_member}


def _shipment(name: str) -> Shipment:
    content = _BOMBS[name]() if name in _BOMBS else BROKEN[name][0]
    return Shipment("bazar-products", f"products-{name.replace(' ', '-')}.csv", content)


def test_each_broken_file_is_refused_and_the_good_one_loads(
    first_day: Settings, tmp_path: Path
) -> None:
    names = list(BROKEN)
    before = exact(first_day, ("dwh", "history"))
    shipments = [*map(_shipment, names), Shipment("bazar-products", "products-good.csv", GOOD)]
    receipts = marketplace.deliver(first_day, shipments, tmp_path)
    keys = dict(zip(names, [receipt.delivery_key for receipt in receipts], strict=False))
    good = receipts[-1].delivery_key

    report = marketplace.run(first_day)

    assert report.published == [good]
    assert report.failed == {}
    for name, (_, code, words) in BROKEN.items():
        reason = report.refused[keys[name] or 0]
        assert reason.startswith(f"{code} : "), f"{name}: {reason}"
        for word in words:
            assert word in reason, f"{name}: {word!r} is not in {reason!r}"
    with connect(first_day) as conn:
        rows = conn.execute(
            "SELECT d.delivery_key, d.state, d.reason, num_nulls(lines, d.records, accepted,"
            " rejected, duplicate, superseded, held, blank, unreadable, batch_no), landing_path"
            " FROM staging.delivery AS d JOIN staging.delivery_file USING (delivery_key)"
            " WHERE d.delivery_key = ANY(%s)",
            [list(keys.values())],
        ).fetchall()
        events = conn.execute("SELECT count(*) FROM journal.event WHERE level = 'WARNING'")
        assert events.fetchone() == (len(BROKEN),)
        new = conn.execute("SELECT count(*) FROM dwh.dim_product WHERE product_id LIKE 'B%'")
        assert new.fetchone() == (50,)
    assert len(rows) == len(BROKEN)
    for key, state, reason, nulls, path in rows:
        assert (state, reason) == ("refused", report.refused[key])
        assert nulls == 10
        assert (first_day.home / "landing" / path).is_file()
    assert unbalanced(first_day) == []
    assert staging_rows(first_day) == 0
    # Nothing of the broken ones stands in the warehouse: only the good one's rows are new.
    after = exact(first_day, ("dwh", "history"))
    assert {t for t in after if after[t] != before[t]} == {
        "dwh.dim_product", "history.product_change", "history.key_mark",
    }  # fmt: skip
    # A refused file may be sent again: it is judged anew, not called a duplicate.
    again = marketplace.deliver(first_day, [_shipment("missing column")], tmp_path)
    assert again[0].verdict != "duplicate"


def test_the_command_refuses_a_bomb_within_its_memory(first_day: Settings, tmp_path: Path) -> None:
    paths = [tmp_path / "products-bomb.csv.gz", tmp_path / "products-good.csv"]
    for path, content in zip(paths, (_bomb_of_members(), GOOD), strict=True):
        path.write_bytes(content)
    first, peak = _shopnow(first_day, "ingest", *map(str, paths), "--source", "bazar-products",
                           "--run", "--json")  # fmt: skip
    assert first.returncode == 1, first.stderr
    facts = json.loads(first.stdout)
    assert len(facts["run"]["published"]) == 1
    assert [text.split(" : ")[0] for text in facts["run"]["refused"].values()] == [
        "decompression_bomb"
    ]
    assert peak < 1024 * MIB, f"{peak / MIB:.0f} MiB"
    # People read the same reason, and what to do.
    key = next(iter(facts["run"]["refused"]))
    shown, _ = _shopnow(first_day, "delivery", "show", key)
    assert "fichier gzip refusé" in shown.stdout
    assert "Traceback" not in shown.stderr


def test_the_garbage_of_one_sender_stops_no_other(first_day: Settings, tmp_path: Path) -> None:
    own = csv("sku,title,status,updated_at", "P1,Mine,active,2025-03-05T08:00:00Z")
    garbage = [
        Shipment("s2-products", "a.csv", BROKEN["binary"][0]),
        Shipment("s2-products", "b.csv", own.replace(b"sku", b"ski")),
        Shipment("s2-products", "c.csv", csv("sku,title,status,updated_at", *["x" * 9000] * 200)),
        Shipment("s2-products", "d.csv", _bomb_of_members()),
    ]
    shipments = [*garbage[:2], Shipment("s1-products", "s1.csv", own), *garbage[2:]]
    keys = [r.delivery_key for r in marketplace.deliver(first_day, shipments, tmp_path)]
    report = marketplace.run(first_day)
    assert keys[2] in report.published
    assert report.failed == {}
    # What came after three bad deliveries waits: the circuit breaker of that sender is open.
    assert set(report.held) <= set(keys[3:])
    assert set(report.refused) | set(report.published) | set(report.held) == set(keys)
    with connect(first_day) as conn:
        title = conn.execute(
            "SELECT title FROM dwh.dim_product JOIN security.seller_identifier USING (seller_no)"
            " WHERE seller_id = 'S1' AND product_id = 'P1' AND is_current"
        ).fetchone()
    assert title == ("Mine",)
    assert unbalanced(first_day) == []


def test_hostile_values_are_rejected_record_by_record(first_day: Settings, tmp_path: Path) -> None:
    """One sick record costs itself, not the file it stands in."""
    deep = '{"id": "C400", "items": ' + "[" * 5000 + "]" * 5000 + "}"
    hostile = ndjson(
        order(300, [item("S1", "P1")]),
        order(301, [item("S1", "P1")], status="a\0b"),
        order(302, [item("S1", "P1", title="nul \0 in a text")]),
        order(303, [item("S1", "P\0001")]),
        order(304, [item("S1", "P1", 10**30)]),
        order(305, [item("S1", "P1", 1, "1e400")]),
        order(306, [item("S1", "P1", 1, "NaN")]),
        order(307, [item("S1", "P1", 1, "-Infinity")]),
        order(308, [item("S1", "P1")], bought_at="+275760-09-13T00:00:00Z"),
        order(309, [item("S1", "P1")], total=10**40),
        order(310, [item("S" * 5000, "P1")]),
        order(311, [item("S1", "P" * 5000)]),
        order(312, [item("S1", "P1")], customer={"id": "K\0", "name": "n\0"}),
        order(313, [item("S1", "P1")], id="C\t313\r\n"),
        '{"id": "C314", "status": "\\ud800", "items": []}',
        deep,
        '{"id": "C315", "id": "C316", "items": null}',
        '"text"',
        "nul\0line",
        order(399, [item("S1", "P1", "2")]),
    )
    [receipt] = marketplace.deliver(
        first_day, [Shipment("bazar-orders", "orders-hostile.ndjson", hostile)], tmp_path
    )
    report = marketplace.run(first_day)
    assert report.failed == {}
    assert report.published == [receipt.delivery_key]
    assert unbalanced(first_day) == []
    with connect(first_day) as conn:
        loaded = conn.execute(
            "SELECT count(*) FROM dwh.fact_order WHERE order_id IN ('bazar:C300', 'bazar:C399')"
        ).fetchone()
    assert loaded == (2,)


def _shopnow(settings: Settings, *words: str) -> tuple[subprocess.CompletedProcess[str], int]:
    """Run a command; its peak memory in bytes comes with it."""
    environment = os.environ | {
        "SHOPNOW_HOME": str(settings.home), "SHOPNOW_DATABASE": settings.database,
        "SHOPNOW_SERVER_SYNC": "no", "SHOPNOW_SERVER_ARCHIVE": "no", "COLUMNS": "400",
    }  # fmt: skip
    measured = (
        "import json, resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True)\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024\n"
        "print(json.dumps([done.returncode, done.stdout, done.stderr, peak]))"
    )
    outer = subprocess.run(
        [sys.executable, "-c", measured, SHOPNOW, *words],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, out, err, peak = json.loads(outer.stdout)
    return subprocess.CompletedProcess(words, code, out, err), int(peak)

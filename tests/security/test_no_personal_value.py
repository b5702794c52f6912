"""No personal value of what is loaded stands anywhere in clear (DESIGN 7).

Distinctive values are planted in every feed: where they belong, in columns that nobody mapped,
in rejected and broken lines, in the wrong column, in files that are refused and in deliveries that
the database refuses.  Then every table is read as text, and every byte of the home: the server's
data, its log and WAL archive, the landing folder, the key store.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import polars as pl
import pytest
from psycopg import sql
from tests import marketplace
from tests.marketplace import Shipment, click, csv, item, ndjson, order

from shopnow.kernel import Settings, connect
from shopnow.kernel.server import Server, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.security

SHOPNOW = Path(sys.executable).with_name("shopnow")
# What must not be found, by where it was planted.
PLANTED = {
    "customer id": "KUNDE-PLANTED-0042",
    "customer id, blank around": "KUNDE-PLANTED-0043",
    "name": "Wilhelmine Ostrovskaya",
    "e-mail": "wilhelmine.ostrovskaya@example.org",
    "e-mail, malformed": "wilhelmine.at.example",
    "phone": "+33 6 98 76 54 32",
    "street": "1729 rue des Valeurs",
    "postal code": "ZQ9 8XW-7K",
    "unmapped field": "née Brandt-Quellmoor",
    "unmapped column": "Passport-X4711902",
    "rejected line": "Ludovica Rejecta-Prantl",
    "order of a rejected item": "Item.Orphan@example.org",
    "broken line": "Broken.Line.Mc.Fragment@example.org",
    "ragged line": "Raggedy.Andersson@example.org",
    "unclosed quote": "Unquoted.Quintana@example.org",
    "wrong column: status": "status.stray@example.org",
    "wrong column: time": "time.stray@example.org",
    "wrong column: number": "number.stray@example.org",
    "wrong column: country": "country.stray@example.org",
    "wrong column: currency": "currency.stray@example.org",
    "wrong column: category": "category.stray@example.org",
    "wrong column: word": "word.stray@example.org",
    "contact": "Contessa Kontakt-Planted",
    "contact e-mail": "contessa.kontakt@example.org",
    "contact phone": "+49 171 5558811",
    "rejected contact": "Rejecta.Kontakt@example.org",
    "session": "sess-PLANTED-77f3a1",
    "visitor": "visitor-PLANTED-8861",
    "address, version 4": "198.51.100.213",
    "address, version 6": "2001:db8:77aa:1::bad:cafe",
    "user agent": "PlantedBrowser/47.11",
    "url query": "url.query@example.org",
    "url fragment": "fragment-PLANTED-55",
    "url of another site": "referrer.stray@example.org",
    "rejected click": "click.reject@example.org",
    "refused file": "refused.file@example.org",
    "refused file without header": "headless.person@example.org",
    "header of a refused file": "Headline-Planted-Person",
    "failed delivery": "overflow.person@example.org",
    "text with a null": "null.person@example.org",
    "database refusal": "refusal.person@example.org",
}
P = PLANTED


def _customer(**more: object) -> dict[str, object]:
    return {
        "id": P["customer id"], "name": P["name"], "email": f"  {P['e-mail']}\t",
        "phone": P["phone"], "street": P["street"], "city": "Lyon", "zip": P["postal code"],
        "country": "FR", "maiden_name": P["unmapped field"],
    } | more  # fmt: skip


def _orders() -> bytes:
    line = [item("S1", "P1")]
    return ndjson(
        order(1, line, customer=_customer(), remark=P["unmapped column"]),
        order(2, line, customer=_customer(id=f" {P['customer id, blank around']} ")),
        order(3, line, customer=_customer(name=P["rejected line"]), status="teleported"),
        order(4, [item("S1", "P1", 0)], customer=_customer(email=P["order of a rejected item"])),
        '{"id": "C005", "customer": {"email": "' + P["broken line"] + '"',
        order(6, line, customer=_customer(email=P["e-mail, malformed"])),
        order(7, line, status=P["wrong column: status"]),
        order(8, line, bought_at=P["wrong column: time"]),
        order(9, [item("S1", "P1", P["wrong column: number"])]),
        order(10, line, customer=_customer(country=P["wrong column: country"])),
        order(11, line, currency=P["wrong column: currency"]),
        order(12, line, total=P["wrong column: number"], promised_at=P["wrong column: time"]),
    )


def _customers() -> bytes:
    return csv(
        "id,country,city,zip,segment,full_name,mail,phone,street,updated_at,passport",
        f"{P['customer id']},FR,Lyon,{P['postal code']} ,x,{P['name']}, {P['e-mail']} ,"
        f"{P['phone']},{P['street']},2025-02-01T00:00:00Z,{P['unmapped column']}",
        f"{P['ragged line']},FR,Lyon",
        f",FR,Lyon,69,x,{P['rejected line']},{P['e-mail']},,,2025-02-01T00:00:00Z,",
        f'K8,FR,Lyon,69,x,"{P["unclosed quote"]},,,,2025-02-01T00:00:00Z,',
        f"K9,FR,Lyon,69,x,N,{P['e-mail']},,,{P['wrong column: time']},",
        *(f"K{n},FR,Lyon,69,x,N,,,,2025-02-01T00:00:00Z," for n in range(10, 40)),
    )


def _sellers() -> bytes:
    return csv(
        "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone",
        f"S1;Atelier;111;FR;Lyon;active;10;Mode;2025-03-01; {P['contact']} ;"
        f" {P['contact e-mail']};{P['contact phone']}",
        f"S2;Boutique;222;FR;Paris;{P['wrong column: word']};10;Mode;2025-03-01;"
        f"{P['contact']};{P['rejected contact']};",
    )


def _products() -> bytes:
    return csv(
        "seller,sku,title,brand,ean,category,status,updated_at",
        "S1,P1,Casserole,Fer,,Maison,active,2025-03-01T08:00:00Z",
        f"S1,P2,Vase,Fer,{P['wrong column: number']},Maison,active,2025-03-01T08:00:00Z",
        f"S1,P3,Vase,Fer,,{P['wrong column: category']},active,2025-03-01T08:00:00Z",
    )


def _clicks() -> bytes:
    url = f"https://bazar.test/seller/S1/product/P1?mail={P['url query']}#{P['url fragment']}"
    return ndjson(
        click(1, session=P["session"], user=P["visitor"], ip=P["address, version 4"],
              agent=f"{P['user agent']} (X11)", url=url),
        click(2, session=f" {P['session']} ", user=P["customer id"], url=f" {url} ",
              ip=P["address, version 6"]),
        click(3, type="dance", user=P["rejected click"], referrer=P["url of another site"]),
        click(4, url=f"https://elsewhere.test/{P['url of another site']}/x?y={P['url query']}"),
        click(5, type=P["wrong column: word"]),
    )  # fmt: skip


def _refused() -> list[Shipment]:
    """Files that are refused as a whole, or that the database refuses."""
    person = f"{P['refused file']},{P['name']}"
    return [
        Shipment("bazar-customers", "customers-delimiter.csv",
                 csv(f"id|mail|{P['header of a refused file']}", person.replace(",", "|"))),
        Shipment("bazar-customers", "customers-headless.csv",
                 csv(f"{P['refused file without header']},FR,Lyon,69,x,{P['name']}", person)),
        Shipment("bazar-customers", "customers-cut.csv",
                 csv("id,mail", person)[:-1] + b'\n"K7,' + P["refused file"].encode()),
        Shipment("bazar-customers", "customers-bytes.csv",
                 f"id,mail\nK1,{P['refused file']}\n".encode() + b"\xff\xfe\x00\x00" * 40),
        Shipment("bazar-orders", "orders-overflow.ndjson", ndjson(
            order(60, [item("S1", "P1", 1_000_000, "999999999")],
                  customer=_customer(email=P["failed delivery"])))),
        Shipment("bazar-orders", "orders-null.ndjson", ndjson(
            order(61, [item("S1", "P1", title=f"a\0b {P['text with a null']}")],
                  customer=_customer(name=f"nul\0 {P['text with a null']}",
                                     city="Ly\0on")))),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def loaded() -> Iterator[tuple[Settings, str]]:
    """Give a warehouse of its own, with WAL archive, after the run; and what the run said."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-privacy-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home", server_sync=False)
    try:
        open_warehouse(settings)
        marketplace.prepare(settings)
        shipments = [
            Shipment("bazar-sellers", "sellers.csv", _sellers()),
            Shipment("bazar-customers", "customers.csv", _customers()),
            Shipment("bazar-products", "products.csv", _products()),
            Shipment("bazar-orders", "orders.ndjson", _orders()),
            Shipment("bazar-clicks", "clicks.ndjson", _clicks()),
            *_refused(),
        ]
        receipts = marketplace.deliver(settings, shipments, folder / "outbox")
        said = "\n".join(receipt.message for receipt in receipts)
        for words in (("run",), ("run", "--json"), ("delivery", "list"), ("reject", "list")):
            done = subprocess.run(
                [SHOPNOW, "--home", settings.home, *words],
                env=os.environ | {"SHOPNOW_SERVER_SYNC": "no", "COLUMNS": "400"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode in (0, 1), done.stderr
            said += done.stdout + done.stderr
        yield settings, said
    finally:
        Server(settings).stop(immediate=True)
        shutil.rmtree(folder, ignore_errors=True)


def test_the_plants_were_taken_in(loaded: tuple[Settings, str]) -> None:
    """Without this the absence of the plants would prove nothing."""
    settings, _ = loaded
    with connect(settings, None) as conn:
        rows = conn.execute("SELECT state, count(*) FROM staging.delivery GROUP BY 1").fetchall()
        states: dict[str, int] = dict(rows)
        vault = conn.execute("SELECT count(DISTINCT attribute) FROM privacy.vault").fetchone()
        codes = {
            code
            for (found,) in conn.execute("SELECT rule_codes FROM quality.reject")
            for code in found
        }
        cleaned = {
            name
            for (name,) in conn.execute(
                "SELECT DISTINCT column_name FROM quality.cleaning WHERE rule_code = 'whitespace'"
            )
        }
    assert states["published"] >= 5
    assert states["refused"] >= 3
    assert states["failed"] >= 1
    assert vault == (4,)
    assert {"unknown_word", "invalid_json", "ragged_line", "bad_timestamp"} <= codes
    assert {"customer_email", "customer_id", "email", "contact_name", "url"} <= cleaned


def test_no_table_holds_a_personal_value(loaded: tuple[Settings, str]) -> None:
    settings, _ = loaded
    found: dict[str, set[str]] = {}
    with connect(settings, None) as conn:
        names = conn.execute(
            "SELECT n.nspname, c.relname FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'v', 'm') AND n.nspname <> 'information_schema'"
            " AND c.relname NOT LIKE 'pg_shmem%numa'"
        ).fetchall()
        assert len(names) > 100
        for schema, name in names:
            statement = sql.SQL("COPY (SELECT t::text FROM {} AS t) TO STDOUT").format(
                sql.Identifier(schema, name)
            )
            with conn.cursor() as cursor, cursor.copy(statement) as copy:
                content = b"".join(bytes(block) for block in copy)
            for where in _found_in(content):
                found.setdefault(where, set()).add(f"{schema}.{name}")
    assert found == {}


def test_no_byte_of_the_home_holds_a_personal_value(loaded: tuple[Settings, str]) -> None:
    settings, _ = loaded
    with connect(settings, None) as conn:
        conn.execute("CHECKPOINT")
        conn.execute("SELECT pg_switch_wal()")
        conn.execute("CHECKPOINT")
        row = conn.execute("SHOW data_directory").fetchone()
    assert row is not None
    home, data = settings.home.resolve(), Path(row[0]).resolve()
    folders = [home] if data.is_relative_to(home) else [home, data]
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    read = 0
    found: dict[str, set[str]] = {}
    for batch in _batches(paths):
        contents = [_content_of(path) for path in batch]
        read += sum(map(len, contents))
        if _found_in(b"".join(contents)):
            for path, content in zip(batch, contents, strict=True):
                for where in _found_in(content):
                    found.setdefault(where, set()).add(path.as_posix())
    assert read > 10_000_000
    assert any(settings.home.joinpath("landing").rglob("*.sealed"))
    assert found == {}


def test_no_command_says_a_personal_value(loaded: tuple[Settings, str]) -> None:
    _, said = loaded
    assert "refusée" in said
    assert _found_in(said.encode()) == set()


_SHORTEST = 8


def _forms(value: str) -> Iterator[bytes]:
    """The ways in which a value could stand in a file."""
    digits = re.sub(r"\D", "", value)
    spellings = {value, value.lower(), value.upper(), value.replace(" ", ""), quote(value)}
    for text in spellings | ({digits} if len(digits) > 8 else set()):
        plain = text.encode()
        yield from (plain, text.encode("utf-16-le"), plain.hex().encode())
        for shift in range(3):
            # Base64 of the value wherever it begins among the bytes around it.
            inner = base64.b64encode(b"\0" * shift + plain)[4:-4]
            if len(inner) >= _SHORTEST:
                yield inner


_OWNERS = {form: where for where, value in PLANTED.items() for form in _forms(value)}
_PATTERNS = [form.decode("latin-1") for form in _OWNERS]
_SLICE = 16 * 1024**2
_LONGEST = max(map(len, _OWNERS))


def _found_in(content: bytes) -> set[str]:
    """Where the values were planted that stand in these bytes; all forms in one fast pass."""
    found: set[str] = set()
    for start in range(0, len(content), _SLICE):
        part = content[start : start + _SLICE + _LONGEST]
        text = pl.Series([part.decode("latin-1")])
        if text.str.contains_any(_PATTERNS).any():
            found.update(where for form, where in _OWNERS.items() if form in part)
    return found


def _batches(paths: list[Path]) -> Iterator[list[Path]]:
    """Files in bundles of about one slice: the search costs as much for a small one."""
    batch: list[Path] = []
    size = 0
    for path in paths:
        batch.append(path)
        size += path.stat().st_size if path.exists() else 0
        if size > _SLICE:
            yield batch
            batch, size = [], 0
    yield batch


def _content_of(path: Path) -> bytes:
    """Bytes of a file; a running server removes some between listing and reading."""
    try:
        return path.read_bytes().strip(b"\0")
    except FileNotFoundError:
        return b""

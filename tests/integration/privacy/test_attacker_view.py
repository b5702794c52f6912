"""Who steals the home without the master key finds nobody's name: every byte of it is searched."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from shopnow.kernel import connect
from shopnow.privacy import (
    Pseudonyms,
    Vault,
    record_subjects,
    resolve_subjects,
    seal_bytes,
)
from shopnow.staging import land_stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from psycopg import Connection

    from shopnow.kernel import Settings
    from shopnow.privacy import KeyStore

pytestmark = pytest.mark.integration

PLANTED = {
    "name": "Wilhelmine Ostrovskaya-Planted",
    "email": "Wilhelmine.Planted@Example.ORG",
    "phone": "+33 1 99 87 65 43 21",
    "street": "1729 rue des Valeurs Plantées",
}
IDENTIFIER = "planted-customer-8675309"


def forms(value: str) -> Iterator[bytes]:
    """Yield the ways in which a value could stand in a file."""
    for text in {value, value.lower(), value.upper()}:
        plain = text.encode()
        yield from (plain, text.encode("utf-16-le"), plain.hex().encode())
        yield base64.b64encode(plain)[:-4]


def found_in(folders: list[Path], values: list[str]) -> set[str]:
    """Return the values that stand in a file of these folders in any form."""
    owners = {form: value for value in values for form in forms(value)}
    pattern = re.compile(b"|".join(re.escape(form) for form in owners))
    return {
        owners[form]
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        for form in pattern.findall(content_of(path))
    }


def content_of(path: Path) -> bytes:
    """Return the bytes of a file; a running server removes some between listing and reading."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def all_of_home(warehouse: Settings) -> list[Path]:
    """Return the home and the folder of the server's data, all of it written out."""
    with connect(warehouse, None) as superuser:
        superuser.execute("CHECKPOINT")
        row = superuser.execute("SHOW data_directory").fetchone()
    assert row is not None
    server, data = (warehouse.home / "pg").resolve().parent, Path(row[0]).resolve()
    apart = [] if data.is_relative_to(server) else [data]
    return [warehouse.home, server, *apart]


def load_planted(conn: Connection, warehouse: Settings, keystore: KeyStore, at: datetime) -> None:
    """Do with one person's order all that a load does."""
    names = Pseudonyms(keystore)
    lookups = names.subject_lookups("olist", "customer", pl.Series([IDENTIFIER]))
    number = resolve_subjects(conn, "customer", lookups)["subject_no"][0]
    line = ",".join([IDENTIFIER, *PLANTED.values()]).encode() + b"\n"
    landed = land_stream(warehouse, keystore, io.BytesIO(line * 5000), at.date())
    statements = {
        "subject_no": [number] * 4,
        "attribute": list(PLANTED),
        "value": list(PLANTED.values()),
        "said_at": [at] * 4,
        "delivery_key": [1] * 4,
    }
    frame = pl.DataFrame(statements, schema_overrides={"said_at": pl.Datetime("us", "UTC")})
    assert Vault(keystore).store(conn, frame) == 4
    record = {"subject_no": [number], "delivery_key": [1], "line_no": [2], "record_no": [1]}
    record_subjects(conn, pl.DataFrame(record))
    conn.execute(
        "INSERT INTO quality.reject (delivery_key, file_no, line_no, record_no, kind, seller_no,"
        " rule_codes, columns, line_sealed, rejected_at)"
        " VALUES (1, 1, 2, 1, 'order', 0, '{x}', '{x}', %s, %s)",
        [seal_bytes(keystore.delivery_key(landed.ref), line), at],
    )


def test_no_planted_value_stands_in_any_byte_of_the_home(
    conn: Connection, warehouse: Settings, keystore: KeyStore, at: datetime
) -> None:
    load_planted(conn, warehouse, keystore, at)
    control = "Control-Value-Left-In-Clear"
    conn.execute("CREATE TEMPORARY TABLE control (value text)")
    conn.execute("COMMENT ON TABLE control IS 'Control-Value-Left-In-Clear'")
    values = [*PLANTED.values(), IDENTIFIER, control]
    # The control shows that the search reaches what the database writes.
    assert found_in(all_of_home(warehouse), values) == {control}


def test_a_wrong_load_leaves_no_value_in_the_servers_log(
    conn: Connection, warehouse: Settings, keystore: KeyStore, at: datetime
) -> None:
    number = resolve_subjects(conn, "customer", pl.Series([bytes(16)]))["subject_no"][0]
    frame = pl.DataFrame(
        {"subject_no": [number], "attribute": [" "], "value": ["Refused-Distinctive-Value"]}
    ).with_columns(
        said_at=pl.lit(at).cast(pl.Datetime("us", "UTC")), delivery_key=pl.lit(1, pl.Int64)
    )
    with pytest.raises(Exception, match="vault_attribute_is_not_blank"):
        Vault(keystore).store(conn, frame)
    assert found_in(all_of_home(warehouse), ["Refused-Distinctive-Value"]) == set()

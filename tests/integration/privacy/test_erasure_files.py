"""Erasure in what was sealed: files received and lines of rejects."""

from __future__ import annotations

import io

import pytest
from tests.integration.privacy.erasing import (
    CLOCK,
    ask,
    erased,
    found,
    landed,
)

from shopnow.kernel import Settings, connect
from shopnow.privacy import (
    KeyStore,
    MissingKeyError,
    erase,
    open_bytes,
    persons_by_identifier,
    replay_erasures,
    seal_stream,
)


def test_sealed_files_lose_the_persons_lines_and_keep_the_others_where_they_were(
    second_day: Settings,
) -> None:
    before = landed(second_day)
    refs = {ref for (ref,) in ask(second_day, "SELECT landing_ref FROM staging.delivery_file")}
    report = erased(second_day)
    after = landed(second_day)
    assert report.resealed.files >= 2
    assert b"client0@bazar.test" in b"".join(before.values())
    assert b"client0@bazar.test" not in b"".join(after.values())
    changed = [key for key in before if before[key] != after[key]]
    for key in changed:
        old, new = before[key].split(b"\n"), after[key].split(b"\n")
        assert len(old) == len(new)
        assert {line for o, line in zip(old, new, strict=True) if o != line} == {b""}
    gone = refs - {
        ref for (ref,) in ask(second_day, "SELECT landing_ref FROM staging.delivery_file")
    }
    assert len(gone) == len(changed)
    with KeyStore(second_day.home, CLOCK) as keystore:
        for ref in gone:
            with pytest.raises(MissingKeyError):
                keystore.delivery_key(ref)
        for ref, sealed in ask(
            second_day,
            "SELECT f.landing_ref, r.line_sealed FROM quality.reject AS r JOIN"
            " staging.delivery_file AS f USING (delivery_key) WHERE r.line_sealed IS NOT NULL",
        ):
            line = open_bytes(keystore.delivery_key(ref), bytes(sealed))
            assert b"client0@" not in line
    names = {path.stem for path in (second_day.home / "landing").rglob("*.sealed")}
    assert not names & gone


def test_a_replay_of_rejects_follows_the_file_that_it_shares(second_day: Settings) -> None:
    with connect(second_day, None) as conn:
        conn.execute(
            "INSERT INTO staging.delivery (sender_no, source, feed, mode, sha256, effective_at,"
            " effective_is_declared, received_at, state, contract_version, records, accepted,"
            " rejected, duplicate, superseded, held, replay_of) SELECT sender_no, source, feed,"
            " mode, sha256, effective_at + interval '1 s', TRUE, received_at, 'published', '1', 0,"
            " 0, 0, 0, 0, 0, delivery_key FROM staging.delivery WHERE file_name = 'orders-1.ndjson'"
        )
        conn.execute(
            "INSERT INTO staging.delivery_file (delivery_key, file_no, part, file_name, sha256,"
            " size_bytes, landing_ref, landing_path) SELECT r.delivery_key, 1, f.part, f.file_name,"
            " f.sha256, f.size_bytes, f.landing_ref, f.landing_path FROM staging.delivery AS r JOIN"
            " staging.delivery_file AS f ON f.delivery_key = r.replay_of"
        )
    erased(second_day)
    shared = ask(
        second_day,
        "SELECT count(DISTINCT landing_path), count(DISTINCT landing_ref), count(*) FROM"
        " staging.delivery_file WHERE file_name = 'orders-1.ndjson'",
    )
    assert shared == [(1, 1, 2)]
    assert b"client0@bazar.test" not in b"".join(landed(second_day).values())


def test_a_document_is_destroyed_whole_once_it_was_loaded(second_day: Settings) -> None:
    """A file that is not made of lines cannot lose one."""
    (person,) = found(second_day)
    note = (
        "SELECT f.delivery_key, f.landing_ref, f.landing_path FROM staging.delivery_file AS f"
        " WHERE f.file_name = 'customers-1.csv'"
    )
    ((key, ref, path),) = ask(second_day, note)
    file = second_day.home / "landing" / path
    with KeyStore(second_day.home, CLOCK) as keystore:
        file.unlink()
        seal_stream(io.BytesIO(b'[{"id": "K0"},\n{"id": "K1"}]'), file, keystore.delivery_key(ref))
    with connect(second_day, None) as conn:
        conn.execute("UPDATE staging.delivery SET state = 'held' WHERE delivery_key = %s", [key])
    assert erased(second_day).resealed.waiting == (key,)
    assert file.exists()
    with connect(second_day, None) as conn:
        conn.execute(
            "UPDATE staging.delivery SET state = 'published' WHERE delivery_key = %s", [key]
        )
    assert replay_erasures(second_day, CLOCK).resealed_files == 1
    assert not file.exists()
    with KeyStore(second_day.home, CLOCK) as keystore, pytest.raises(MissingKeyError):
        keystore.delivery_key(ref)
    assert ask(second_day, "SELECT 1 FROM privacy.reseal") == []
    assert person.kind == "customer"


def test_rejected_records_of_the_person_lose_their_lines(second_day: Settings) -> None:
    held = ask(second_day, "SELECT count(line_sealed), count(*) FROM quality.reject")[0]
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        persons = persons_by_identifier(conn, keystore, "customer", "K1", ["bazar"])
        erase(second_day, CLOCK, keystore, persons)
    left = ask(second_day, "SELECT count(line_sealed), count(*) FROM quality.reject")[0]
    assert left[0] < held[0]
    assert left[1] == held[1]

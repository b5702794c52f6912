"""Erasure (S75, DESIGN 7): everywhere, once and for all, whatever kills it or comes after."""

from __future__ import annotations

import io
import multiprocessing
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests import marketplace
from tests.marketplace import NOON, Shipment, csv, item, ndjson, order

from shopnow.journal import LedgerBrokenError, erasure_ledger
from shopnow.kernel import FixedClock, Settings, connect
from shopnow.pipeline import Context, audit_history, plan_rebuild
from shopnow.privacy import (
    KeyStore,
    MissingKeyError,
    Person,
    erase,
    open_bytes,
    open_sealed,
    persons_by_email,
    persons_by_identifier,
    plan_erasure,
    replay_erasures,
    seal_stream,
)

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.privacy import ErasurePlan

CLOCK = FixedClock(NOON + timedelta(days=1))
EMAIL = "Client0@bazar.test "
# The last three are told apart by the longer suite alone.
STEPS = (
    "ledger",
    "keys",
    "committed",
    *(
        pytest.param(step, marks=pytest.mark.slow)
        for step in ("rows", "files sealed again", "files switched")
    ),
)


def ask(settings: Settings, statement: str, *values: object) -> list[Any]:
    with connect(settings, None) as conn:
        return conn.execute(statement.encode(), values or None).fetchall()


def found(settings: Settings, email: str = EMAIL) -> list[Person]:
    with connect(settings) as conn, KeyStore(settings.home, CLOCK) as keystore:
        return persons_by_email(conn, keystore, email)


def erased(settings: Settings, email: str = EMAIL) -> ErasurePlan:
    persons = found(settings, email)
    assert persons
    with KeyStore(settings.home, CLOCK) as keystore:
        return erase(settings, CLOCK, keystore, persons)


def versions(settings: Settings, number: int) -> list[Any]:
    return ask(
        settings,
        "SELECT customer_key, valid_from, valid_to, version, country, customer_id, city,"
        " postal_area, segment, previous_segment FROM dwh.dim_customer WHERE customer_no = %s"
        " ORDER BY valid_from",
        number,
    )


def lines(settings: Settings, number: int) -> dict[Any, Any]:
    rows = ask(
        settings,
        "SELECT seller_no, order_id, line_no, customer_key, line_amount, quantity, buyer_ref"
        " FROM dwh.fact_order WHERE customer_no = %s",
        number,
    )
    return {row[:6]: row[6] for row in rows}


def landed(settings: Settings) -> dict[int, bytes]:
    """The readable content of each delivery's files that can still be opened."""
    content: dict[int, bytes] = {}
    files = "SELECT delivery_key, landing_ref, landing_path FROM staging.delivery_file ORDER BY 1"
    with KeyStore(settings.home, CLOCK) as keystore:
        for key, ref, path in ask(settings, files):
            with open_sealed(settings.home / "landing" / path, keystore.delivery_key(ref)) as file:
                content[key] = content.get(key, b"") + file.read()
    return content


def state(settings: Settings) -> dict[str, list[Any]]:
    """What must be the same however often an erasure was killed; random names left out."""
    return {
        "versions": ask(
            settings,
            "SELECT d.customer_key, d.valid_from, d.city, d.segment, s.erased_at IS NULL"
            " FROM dwh.dim_customer AS d LEFT JOIN privacy.subject AS s"
            " ON s.subject_no = d.customer_no ORDER BY 1, 2",
        ),
        "log": ask(
            settings, "SELECT customer_no, effective_at FROM history.customer_change ORDER BY 1, 2"
        ),
        "vault": ask(settings, "SELECT subject_no, attribute FROM privacy.vault ORDER BY 1, 2"),
        "records": ask(settings, "SELECT count(*) FROM privacy.subject_record"),
        "sealed": ask(
            settings,
            "SELECT delivery_key, line_no, line_sealed IS NULL FROM quality.reject ORDER BY 1, 2",
        ),
        "left": ask(settings, "SELECT delivery_key FROM privacy.reseal"),
        "list": ask(settings, "SELECT kind, count(*) FROM privacy.suppression GROUP BY 1"),
        "files": [sorted(landed(settings).items())],
    }  # fmt: skip


def check_sound(settings: Settings) -> None:
    with Context.open(settings, CLOCK) as context:
        report = audit_history(settings, context.contracts, CLOCK)
        assert [check.name for check in report.checks if check.findings] == []
        plan = plan_rebuild(settings, context.contracts, CLOCK, ["customer"])
    assert not plan.differs, plan


def test_s75_all_that_names_the_person_goes_and_what_was_sold_stays(second_day: Settings) -> None:
    (person,) = found(second_day)
    number = person.subject_no
    before, sold = versions(second_day, number), lines(second_day, number)
    names = {row[5] for row in before}
    assert len(before) > 1
    assert len(sold) > 0
    report = erased(second_day)
    after, still = versions(second_day, number), lines(second_day, number)
    assert [row[:5] for row in after] == [row[:5] for row in before]
    assert {row[6:] for row in after} == {(None, None, None, None)}
    assert len({row[5] for row in after}) == 1
    assert not {row[5] for row in after} & names
    assert still.keys() == sold.keys()
    assert not set(still.values()) & set(sold.values())
    for table in ("history.customer_change", "staging.customer_row"):
        assert ask(second_day, f"SELECT 1 FROM {table} WHERE customer_no = %s", number) == []  # noqa: S608
    for table in ("privacy.vault", "privacy.subject_record"):
        assert ask(second_day, f"SELECT 1 FROM {table} WHERE subject_no = %s", number) == []  # noqa: S608
    with KeyStore(second_day.home, CLOCK) as keystore:
        assert keystore.kept_subject_keys([number]) == {}
    assert {action.table: action.rows for action in report.actions}["dwh.fact_order"] == len(sold)
    check_sound(second_day)


def test_the_plan_counts_what_is_done_and_touches_nothing(second_day: Settings) -> None:
    before = state(second_day)
    persons = found(second_day)
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        plan = plan_erasure(conn, keystore, persons, CLOCK.now())
    assert state(second_day) == before
    assert not erasure_ledger(second_day, CLOCK).path.exists()
    assert erased(second_day).actions == plan.actions


def test_a_second_erasure_finds_nobody_and_does_nothing(second_day: Settings) -> None:
    erased(second_day)
    before = state(second_day)
    assert found(second_day) == []
    assert replay_erasures(second_day, CLOCK).erased == 0
    assert state(second_day) == before
    assert erasure_ledger(second_day, CLOCK).verify().entries == 1


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


def later() -> list[Shipment]:
    """A third day on which the erased person is named again, in every way."""
    sent = "2025-03-09T10:00:00Z"
    one, two = item("S1", "P1", 9), item("S2", "P1", 1, "40")
    return [
        Shipment("bazar-customers", "customers-3.csv", csv(
            "id,country,city,zip,segment,full_name,mail,phone,street,updated_at",
            "K0,FR,Nice,06000,fidèle,Client Zero,client0@bazar.test,,,2025-03-09T00:00:00Z",
            "K8,FR,Nice,06000,nouveau,Client Huit,client8@bazar.test,,,2025-03-09T00:00:00Z",
        )),
        Shipment("bazar-orders", "orders-3.ndjson", ndjson(
            order(3, [item("S9", "Q1", 4, "9.999")], sent_at=sent),
            order(30, [one, two], sent_at=sent, bought_at="2025-03-09T08:00:00Z"),
        )),
    ]  # fmt: skip


def test_a_later_record_loads_without_the_person_and_what_stands_keeps_its_customer(
    second_day: Settings, tmp_path: Path
) -> None:
    (person,) = found(second_day)
    number = person.subject_no
    erased(second_day)
    held = lines(second_day, number)
    subjects = ask(second_day, "SELECT count(*) FROM privacy.subject")
    marketplace.load(second_day, later(), tmp_path / "outbox")
    assert ask(
        second_day,
        "SELECT DISTINCT customer_no, buyer_ref FROM dwh.fact_order WHERE order_id LIKE '%%C030'",
    ) == [(-1, None)]
    assert ask(
        second_day, "SELECT customer_no FROM dwh.fact_order_header WHERE order_id LIKE '%%C030'"
    ) == [(-1,)]
    (again,) = ask(
        second_day,
        "SELECT customer_no, quantity, buyer_ref FROM dwh.fact_order WHERE order_id LIKE '%%C003'",
    )
    kept = next(ref for line, ref in held.items() if line[1].endswith("C003"))
    assert again == (number, 4, kept)
    assert ask(second_day, "SELECT 1 FROM privacy.vault WHERE subject_no = %s", number) == []
    # The other newcomer came in, the erased person did not: neither as a subject nor as a version.
    assert ask(second_day, "SELECT count(*) FROM privacy.subject")[0][0] == subjects[0][0] + 1
    codes = ask(
        second_day,
        "SELECT rule_codes, line_sealed FROM quality.reject"
        " WHERE 'erased_person' = ANY(rule_codes)",
    )
    assert codes == [(["erased_person"], None)]
    unbalanced = ask(
        second_day,
        "SELECT delivery_key FROM staging.delivery WHERE state = 'published'"
        " AND records <> accepted + rejected + duplicate + superseded + held",
    )
    assert unbalanced == []
    check_sound(second_day)
    # Their lines leave the sealed files of the new deliveries too.
    assert b"client0@bazar.test" in b"".join(landed(second_day).values())
    replay_erasures(second_day, CLOCK)
    assert b"client0@bazar.test" not in b"".join(landed(second_day).values())
    assert b"client8@bazar.test" in b"".join(landed(second_day).values())


def test_after_an_erasure_the_order_of_arrival_still_does_not_show(
    second_day: Settings, tmp_path: Path
) -> None:
    erased(second_day)
    other = marketplace.copy_of(second_day, tmp_path / "other")
    third = later()
    fourth = [replace(
        third[1], name="orders-4.ndjson",
        content=ndjson(order(3, [item("S9", "Q1", 5, "9.999")], sent_at="2025-03-08T12:00:00Z")),
    )]  # fmt: skip
    for settings, parts in ((second_day, (third, fourth)), (other, (fourth, third))):
        for part in parts:
            marketplace.load(settings, part, tmp_path / settings.database)
    facts = (
        "SELECT order_id, line_no, quantity, customer_no, buyer_ref, customer_key, line_amount"
        " FROM dwh.fact_order ORDER BY 1, 2, 3"
    )
    assert ask(second_day, facts) == ask(other, facts)
    check_sound(other)


def seller_file(day: int, city: str, contact: str, email: str) -> Shipment:
    head = "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone"
    line = f"S6;Six;;FR;{city};active;9;Mode;2025-03-0{day};{contact};{email};0606"
    return Shipment("bazar-sellers", f"sellers-of-day-{day}.csv", csv(head, line))


def test_a_contact_is_erased_and_who_follows_in_the_post_is_let_in(
    second_day: Settings, tmp_path: Path
) -> None:
    (contact,) = found(second_day, "max@s6.test")
    assert contact.kind == "seller_contact"
    erased(second_day, "max@s6.test")
    assert b"max@s6.test" not in b"".join(landed(second_day).values())
    same = seller_file(8, "Brest", "Max Six", "max@s6.test")
    marketplace.load(second_day, [same], tmp_path / "outbox")
    assert found(second_day, "max@s6.test") == []
    city = "SELECT city FROM dwh.dim_seller WHERE seller_id = 'S6' AND is_current"
    assert ask(second_day, city) == [("Brest",)]
    new = seller_file(9, "Metz", "Zoé Neuf", "zoe@s6.test")
    marketplace.load(second_day, [new], tmp_path / "outbox")
    assert len(found(second_day, "zoe@s6.test")) == 1


def test_rejected_records_of_the_person_lose_their_lines(second_day: Settings) -> None:
    held = ask(second_day, "SELECT count(line_sealed), count(*) FROM quality.reject")[0]
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        persons = persons_by_identifier(conn, keystore, "customer", "K1", ["bazar"])
        erase(second_day, CLOCK, keystore, persons)
    left = ask(second_day, "SELECT count(line_sealed), count(*) FROM quality.reject")[0]
    assert left[0] < held[0]
    assert left[1] == held[1]


def test_a_customer_is_found_by_identifier_and_by_pseudonym(second_day: Settings) -> None:
    (person,) = found(second_day)
    shown = versions(second_day, person.subject_no)[0][5]
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        for name in (" K0 ", shown):
            assert persons_by_identifier(conn, keystore, "customer", name, ["bazar", "x"]) == [
                person
            ]
        assert persons_by_identifier(conn, keystore, "customer", "K0", ["x"]) == []


def _erase_until(settings: Settings, step: str) -> None:
    """Erase in this process, which dies at a step without a word to anybody."""
    seen: list[str] = []

    def die(at: str) -> None:
        seen.append(at)
        if at == step:
            os._exit(9)

    persons = found(settings)
    with KeyStore(settings.home, CLOCK) as keystore:
        erase(settings, CLOCK, keystore, persons, step=die)
    os._exit(0)


@pytest.mark.crash
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_and_resumed(second_day: Settings, tmp_path: Path, step: str) -> None:
    clean = marketplace.copy_of(second_day, tmp_path / "clean")
    erased(clean)
    process = multiprocessing.get_context("spawn").Process(
        target=_erase_until, args=(second_day, step)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    replay_erasures(second_day, CLOCK)
    assert state(second_day) == state(clean)
    assert erasure_ledger(second_day, CLOCK).verify().entries == 1
    check_sound(second_day)


def test_a_restored_warehouse_forgets_again_whom_it_had_back(
    second_day: Settings, tmp_path: Path
) -> None:
    """The backup is from before the erasure: database, key store and landing folder."""
    backup = marketplace.copy_of(second_day, tmp_path / "backup")
    erased(second_day)
    assert found(backup)
    ledger = erasure_ledger(second_day, CLOCK).path
    done = replay_erasures(backup, CLOCK, ledger=ledger)
    assert (done.entries, done.erased) == (1, 1)
    assert found(backup) == []
    assert state(backup) == state(second_day)
    assert replay_erasures(backup, CLOCK, ledger=ledger).erased == 0
    check_sound(backup)


def test_keys_put_back_without_the_database_are_destroyed_again(
    second_day: Settings, tmp_path: Path
) -> None:
    (person,) = found(second_day)
    keys = second_day.home / "keys" / "keystore.sqlite"
    old = keys.read_bytes()
    erased(second_day)
    keys.write_bytes(old)
    replay_erasures(second_day, CLOCK)
    with KeyStore(second_day.home, CLOCK) as keystore:
        assert keystore.kept_subject_keys([person.subject_no]) == {}


def test_an_altered_ledger_keeps_the_warehouse_closed(second_day: Settings) -> None:
    erased(second_day)
    path = erasure_ledger(second_day, CLOCK).path
    path.write_bytes(path.read_bytes().replace(b'"cause":"request"', b'"cause":"nothing"'))
    with pytest.raises(LedgerBrokenError):
        replay_erasures(second_day, CLOCK)


def test_nothing_readable_stands_in_the_ledger(second_day: Settings) -> None:
    erased(second_day)
    content = erasure_ledger(second_day, CLOCK).path.read_bytes()
    for value in (b"client0", b"K0", b"Client", b"bazar"):
        assert value not in content

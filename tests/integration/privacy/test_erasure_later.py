"""After an erasure: later records of the person, other orders of arrival, the next contact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests import marketplace
from tests.integration.privacy.erasing import (
    CLOCK,
    ask,
    check_sound,
    erased,
    found,
    landed,
    lines,
)
from tests.marketplace import Shipment, csv, item, ndjson, order

from shopnow.privacy import (
    replay_erasures,
)

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings


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

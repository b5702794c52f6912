"""History as the installed command tells it, on the demo's marketplace of many days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.acceptance.conftest import LoadedDemo

pytestmark = pytest.mark.acceptance


def test_the_history_of_the_demo_is_sound(loaded_demo: LoadedDemo) -> None:
    facts = loaded_demo.json("dimension", "audit")
    assert [check for check in facts["checks"] if check["findings"]] == []
    about = {check["about"] for check in facts["checks"]}
    assert {"seller", "product", "customer", "fact_order.product_key", "staging.delivery"} <= about


def test_the_demo_is_what_its_log_says(loaded_demo: LoadedDemo) -> None:
    plans = loaded_demo.json("dimension", "rebuild")["plans"]
    counts = {plan["dimension"]: plan["versions"] for plan in plans}
    assert set(counts) == {"seller", "customer", "product"}
    for versions in counts.values():
        assert versions["kept"] > 0
        assert (versions["changed"], versions["missing"], versions["unexplained"]) == (0, 0, 0)


def test_a_late_statement_is_told_as_such_with_its_delivery(loaded_demo: LoadedDemo) -> None:
    product = loaded_demo.report["stories"]["late_product"]
    key = f"{product.partition('-')[0]}/{product}"
    life = loaded_demo.json("dimension", "show", key)
    late = [moment for moment in life["moments"] if moment["is_late"]]
    assert len(late) == 1
    delivery = life["deliveries"][str(late[0]["delivery_key"])]
    story = loaded_demo.report["stories"]["late_statement"]
    assert story.endswith(delivery["file_name"])
    assert [belief["reason"] for belief in life["beliefs"]] == ["rewritten"]
    told = loaded_demo.call("dimension", "show", key).stdout
    assert "appris après coup" in told
    assert delivery["file_name"] in told
    assert max(map(len, told.splitlines())) <= 100


def test_what_orders_mention_first_is_told_so(loaded_demo: LoadedDemo) -> None:
    product = loaded_demo.report["stories"]["early_product"]
    told = loaded_demo.call("dimension", "show", f"{product.partition('-')[0]}/{product}").stdout
    assert "première mention, dans une commande" in told

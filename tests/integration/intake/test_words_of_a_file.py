"""Words that a source declares are translated once a word, not once a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import marketplace

from shopnow.pipeline import Conductor, receive

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.intake.conftest import Desk

pytestmark = pytest.mark.integration


def test_a_header_is_no_word_of_the_warehouse(desk: Desk, tmp_path: Path) -> None:
    lines = [f"W{n},Lampe {n},{'en vente' if n % 3 else 'en pause'},2025-03-01T10:00:00Z"
             for n in range(60)]  # fmt: skip
    file = tmp_path / "words.csv"
    file.write_bytes(marketplace.csv("sku,title,state,updated_at", *lines))
    words = {"en vente": "active", "en pause": "paused"}
    fields = {"seller_id": {"const": "S5"}, "product_id": "sku", "title": "title",
              "status": {"path": "state", "words": words},
              "effective_at": {"path": "updated_at", "time": "iso"}}  # fmt: skip
    source = desk.source({"kind": "files", "url": str(tmp_path)}, format="csv",
                         file_pattern="*.csv", records={"product": {"fields": fields}})  # fmt: skip
    with desk.context(source) as context:
        key = receive(context, source, [file]).delivery_key
        Conductor(context).run()
    kept = desk.rows("SELECT before, after, records, is_default FROM quality.translation"
                     " WHERE delivery_key = %s ORDER BY 1", key)  # fmt: skip
    assert kept == [("en pause", "paused", 20, True), ("en vente", "active", 40, True)]
    assert desk.rows("SELECT 1 FROM quality.cleaning WHERE delivery_key = %s", key) == []

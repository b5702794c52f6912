"""Markets shared by the cases of one file: each case uses sellers of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.market import Market, open_market

from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

SELLERS = tuple(f"Q{number:02d}" for number in range(1, 13))


@pytest.fixture(scope="module")
def shared(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Give a market of a dozen sellers that send products, offers and streams of offers."""
    home = tmp_path_factory.mktemp("market") / "home"
    market = open_market(test_server, home, SELLERS, ("products", "offers", "stream"))
    yield market
    drop_database(test_server, market.settings.database)


@pytest.fixture
def market(shared: Market) -> Market:
    """Give that market, with its clock at the first day."""
    shared.day = 0
    return shared

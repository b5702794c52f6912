"""One small marketplace, generated once for all tests of the demo which only read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.demo import DemoPlan, generate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def plan(tmp_path_factory: pytest.TempPathFactory) -> DemoPlan:
    folder: Path = tmp_path_factory.mktemp("demo")
    return generate(folder, days=14, sellers=12, products=1500, orders=2500, clicks=6000)

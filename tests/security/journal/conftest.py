"""What the tests of the journal share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest


@pytest.fixture
def past() -> datetime:
    """Give a time whose minute is closed."""
    return datetime(2026, 3, 1, 8, tzinfo=UTC)

"""When what the files say was true; a module of its own, so that the floor starts as it should."""

from __future__ import annotations

from typing import Final

DAY_ZERO: Final = "2026-01-05T06:00:00Z"
# In the middle of the two weeks of orders, so that half of them need the version before.
DAY_ONE: Final = "2026-02-09T06:00:00Z"

"""The pages over the tiny marketplace."""

from __future__ import annotations

from tests.served import site

__all__ = ["site"]

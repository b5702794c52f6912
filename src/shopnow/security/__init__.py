"""Security: the registry of sellers; roles, grants and row policies are declared here later."""

from __future__ import annotations

from shopnow.security.registry import HOUSE, NOT_APPLICABLE, UNKNOWN, Registry

__all__ = ["HOUSE", "NOT_APPLICABLE", "UNKNOWN", "Registry"]

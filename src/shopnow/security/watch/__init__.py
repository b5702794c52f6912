"""The watch: what happens to accesses, whoever does it, ends in the journal (ADR 0022)."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.security.watch.catalogue import CatalogueSeen, Difference, watch_catalogue
    from shopnow.security.watch.tail import LogRead, read_server_log
    from shopnow.security.watch.watching import Watched, watch_security

__all__ = [
    "CatalogueSeen",
    "Difference",
    "LogRead",
    "Watched",
    "read_server_log",
    "watch_catalogue",
    "watch_security",
]

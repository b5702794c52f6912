"""Connectors: what a source's deliveries are fetched through, declared in the source's YAML."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.sources.connectors.model import (
        AnswerRoute,
        Auth,
        Connector,
        FilesConnector,
        Paging,
        PullBrokenError,
        PullError,
        PullRefusedError,
        RestConnector,
        Resume,
    )
    from shopnow.sources.connectors.opening import Sent, open_rest, open_store
    from shopnow.sources.connectors.parse import read_answer, read_connector
    from shopnow.sources.connectors.secrets import SECRET_NAME, Secrets

__all__ = [
    "SECRET_NAME",
    "AnswerRoute",
    "Auth",
    "Connector",
    "FilesConnector",
    "Paging",
    "PullBrokenError",
    "PullError",
    "PullRefusedError",
    "RestConnector",
    "Resume",
    "Secrets",
    "Sent",
    "open_rest",
    "open_store",
    "read_answer",
    "read_connector",
]

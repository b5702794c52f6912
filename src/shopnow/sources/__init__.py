"""Sources: what senders deliver, read as text rows in canonical attributes.

Knows contracts, layouts and file formats; knows none of our tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.sources.connectors import (
        SECRET_NAME,
        AnswerRoute,
        FilesConnector,
        PullBrokenError,
        PullError,
        PullRefusedError,
        RestConnector,
        Secrets,
        Sent,
        open_rest,
        open_store,
    )
    from shopnow.sources.contract import (
        Attribute,
        ContractError,
        Contracts,
        FeedContract,
        RecordContract,
        load_contract,
        load_contracts,
    )
    from shopnow.sources.mapping import Lookup, map_records, required_paths, wanted_paths
    from shopnow.sources.model import (
        FEED_OF_KIND,
        FEEDS,
        KINDS_OF_FEED,
        BundleFile,
        Dialect,
        Field,
        RecordMap,
        Source,
    )
    from shopnow.sources.parse import load_source, parse_source
    from shopnow.sources.parse_layout import SourceError
    from shopnow.sources.readers import BadLine, CsvDialect, RawChunk, UnreadableFile
    from shopnow.sources.reading import read_chunks, read_lookups

if TYPE_CHECKING:
    # Their files are imported when a connector is used.
    from shopnow.sources.connectors.files import RemoteFile as RemoteFile
    from shopnow.sources.connectors.files import Store as Store

__all__ = [
    "FEEDS",
    "FEED_OF_KIND",
    "KINDS_OF_FEED",
    "SECRET_NAME",
    "AnswerRoute",
    "Attribute",
    "BadLine",
    "BundleFile",
    "ContractError",
    "Contracts",
    "CsvDialect",
    "Dialect",
    "FeedContract",
    "Field",
    "FilesConnector",
    "Lookup",
    "PullBrokenError",
    "PullError",
    "PullRefusedError",
    "RawChunk",
    "RecordContract",
    "RecordMap",
    "RestConnector",
    "Secrets",
    "Sent",
    "Source",
    "SourceError",
    "UnreadableFile",
    "load_contract",
    "load_contracts",
    "load_source",
    "map_records",
    "open_rest",
    "open_store",
    "parse_source",
    "read_chunks",
    "read_lookups",
    "required_paths",
    "wanted_paths",
]

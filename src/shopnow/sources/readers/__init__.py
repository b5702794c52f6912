"""Readers: a delivered file as chunks of text rows, with every line accounted for.

CSV, XLSX, JSON, NDJSON, XML and Parquet; gzip and zip on the fly; nothing is guessed about values
here.
"""

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.sources.readers.csv import read_csv
    from shopnow.sources.readers.json_document import read_json
    from shopnow.sources.readers.json_values import (
        NumberText,
        compact_json,
        json_text_at,
        scan_json,
    )
    from shopnow.sources.readers.model import (
        BadLine,
        CsvDialect,
        Limits,
        RawChunk,
        RawLines,
        UnreadableFile,
    )
    from shopnow.sources.readers.ndjson import read_ndjson
    from shopnow.sources.readers.parquet import read_parquet
    from shopnow.sources.readers.xlsx import SheetPlace, read_xlsx
    from shopnow.sources.readers.xml import XmlLayout, read_xml

__all__ = [
    "BadLine",
    "CsvDialect",
    "Limits",
    "NumberText",
    "RawChunk",
    "RawLines",
    "SheetPlace",
    "UnreadableFile",
    "XmlLayout",
    "compact_json",
    "json_text_at",
    "read_csv",
    "read_json",
    "read_ndjson",
    "read_parquet",
    "read_xlsx",
    "read_xml",
    "scan_json",
]

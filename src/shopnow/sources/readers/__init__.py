"""Readers: a delivered file as chunks of text rows, with every line accounted for.

CSV, NDJSON and Parquet; gzip on the fly; nothing is guessed about values here.
"""

from shopnow.sources.readers.csv import read_csv
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

__all__ = [
    "BadLine",
    "CsvDialect",
    "Limits",
    "RawChunk",
    "RawLines",
    "UnreadableFile",
    "read_csv",
    "read_ndjson",
    "read_parquet",
]

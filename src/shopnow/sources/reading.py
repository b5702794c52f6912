"""One delivered file as a stream of raw chunks, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.sources import readers
from shopnow.sources.lines import selected
from shopnow.sources.mapping import Lookup, required_paths, wanted_paths
from shopnow.sources.readers import CsvDialect, Limits, UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO

    from shopnow.sources.model import BundleFile, Source
    from shopnow.sources.readers import RawChunk, XmlLayout

# A lookup file is held in memory: beyond this many rows it is refused rather than swallowed.
LOOKUP_ROWS = 20_000_000


def read_chunks(
    stream: BinaryIO,
    source: Source,
    file: str | None,
    mandatory: Mapping[str, set[str]],
    limits: Limits | None = None,
) -> Iterator[RawChunk]:
    """Chunks of one main file of `source`; see `RawChunk` for their promises.

    Raises UnreadableFile, possibly after good chunks: then nothing of the file may be kept.
    """
    yield from selected(
        _chunks(stream, source, file, mandatory, limits or Limits()), source.lines_of(file)
    )


def _chunks(
    stream: BinaryIO,
    source: Source,
    file: str | None,
    mandatory: Mapping[str, set[str]],
    limits: Limits,
) -> Iterator[RawChunk]:
    roots, elements, each = wanted_paths(source, file)
    dialect = source.dialect
    match source.format:
        case "ndjson":
            return readers.read_ndjson(stream, roots, each, elements, limits)
        case "json":
            return readers.read_json(
                stream, dialect.record, roots, each, elements,
                encoding=dialect.encoding, limits=limits,
            )  # fmt: skip
        case "xml":
            return readers.read_xml(
                stream, xml_layout(source), roots, each, elements, limits=limits
            )
    required = required_paths(source, file, mandatory)
    match source.format:
        case "xlsx":
            sheet = readers.SheetPlace(dialect.sheet, dialect.header_line)
            return readers.read_xlsx(stream, sheet, roots, required)
        case "parquet":
            return readers.read_parquet(stream, roots, required)
        case _:
            return readers.read_csv(stream, csv_dialect(source), roots, required, limits)


def xml_layout(source: Source) -> XmlLayout:
    """Where the records of a source's XML stand, for the reader."""
    dialect = source.dialect
    return readers.XmlLayout(
        record=dialect.record,
        namespaces=dict(dialect.namespaces),
        encoding=dialect.encoding,
        doctype=dialect.doctype,
    )


def csv_dialect(source: Source) -> CsvDialect:
    """The reader's dialect for a source's."""
    dialect = source.dialect
    return CsvDialect(
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        encoding=dialect.encoding,
        decimal=dialect.decimal,
        header_line=dialect.header_line,
    )


def read_lookups(
    source: Source, opened: Callable[[BundleFile], BinaryIO | None]
) -> dict[str, Lookup]:
    """The lookup files of a bundle, each read whole, one row a key (the first wins)."""
    lookups: dict[str, Lookup] = {}
    for file in source.files:
        if file.lookup is None:
            continue
        takes = _taken(source, file.name)
        columns = [file.lookup, *(take for take in takes if take != file.lookup)]
        stream = opened(file)
        if stream is None:
            frame = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        else:
            with stream:
                frame = _whole(stream, source, file, columns)
        lookups[file.name] = Lookup(
            file.lookup, frame.unique(subset=[file.lookup], keep="first", maintain_order=True)
        )
    return lookups


def _taken(source: Source, lookup: str) -> list[str]:
    """Columns that records take from a lookup file, or go through to reach another one."""
    specs = [spec for record in source.records for spec in record.fields.values()]
    direct = {spec.take for spec in specs if spec.lookup == lookup and spec.take}
    through = {
        spec.by.split(".", 1)[1] for spec in specs if spec.by and spec.by.startswith(f"{lookup}.")
    }
    return sorted(direct | through)


def _whole(stream: BinaryIO, source: Source, file: BundleFile, columns: list[str]) -> pl.DataFrame:
    parts: list[pl.DataFrame] = []
    rows = 0
    wanted = list(dict.fromkeys([*columns, *file.lines.columns]))
    chunks = readers.read_csv(stream, csv_dialect(source), wanted, wanted)
    for chunk in selected(chunks, file.lines):
        rows += chunk.frame.height
        if rows > LOOKUP_ROWS:
            raise UnreadableFile(
                "lookup_too_large",
                f"le fichier de référence dépasse {LOOKUP_ROWS} lignes",
                "Envoyez-le comme un flux à part.",
            )
        parts.append(chunk.frame.select(columns))
    return pl.concat(parts)

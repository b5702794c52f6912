"""Files damaged at random, through every reader: read or refused, never a crash, a hang or a loss.

The files are those of the corpus (`tests/ugly`), each with a few of its bytes changed, taken out,
put in or repeated. What a reader gives has to add up whatever the file.
"""

from __future__ import annotations

import io
import random
import resource
import time
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.ugly.goods import COLUMNS, rows
from tests.ugly.model import SEED, Case, corpus, source_yaml

from shopnow.sources import UnreadableFile, map_records, parse_source, read_chunks
from shopnow.sources.readers import Limits

if TYPE_CHECKING:
    from shopnow.sources import Source

FILES = 10_000
FEW = 300
# A file of the corpus is small; what takes seconds hangs.
SLOWEST_SECONDS = 20.0
LARGEST = 200_000
MOST_MEMORY_KIB = 1536 * 1024
LIMITS = Limits(max_line_bytes=100_000)
PIECES = (
    b'"', b"<", b">", b"&", b"\0", b"{", b"]", b"\n", b"\r", b"\xff\xfe", b"<!DOCTYPE a>", b",",
    b"'", b"]]>", b"\xc3", b"PK\3\4", b"\x1f\x8b", b"1e999", b"\\u0000",
)  # fmt: skip


def _parquet() -> Case:
    table = rows(random.Random(SEED), "parquet")  # noqa: S311 — the same file each time
    out = io.BytesIO()
    pl.DataFrame(table, schema=dict.fromkeys(COLUMNS, pl.String)).write_parquet(out)
    return Case("parquet", "parquet", out.getvalue(), table)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The content with one to five of its places damaged."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(data)) if data else 0
        match rng.randrange(6):
            case 0 if data:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randrange(1, 30)]
            case 2:
                data[at:at] = rng.randbytes(rng.randrange(1, 8))
            case 3:
                data[at:at] = rng.choice(PIECES)
            case 4:
                del data[at:]
            case _ if data:
                start = rng.randrange(len(data))
                data[at:at] = data[start : start + rng.randrange(1, 200)]
    return bytes(data)


def read(content: bytes, source: Source) -> bool:
    """Read a file to its end; False when it is refused."""
    try:
        for chunk in read_chunks(io.BytesIO(content), source, None, {}, LIMITS):
            assert chunk.lines == chunk.frame.height + len(chunk.bad) + chunk.blank
            numbers = chunk.frame["_line"]
            assert numbers.is_sorted()
            assert numbers.n_unique() == len(numbers)
            for number in numbers:
                chunk.raw.get(number)
            map_records(chunk, source, None, {})
    except UnreadableFile as refused:
        # A refusal without reason is none.
        return not (refused.code and refused.message)
    return True


def _fuzz(count: int, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 — the same files each time
    cases = [case for case in corpus() if len(case.content) < LARGEST]
    cases.append(_parquet())
    sources = [parse_source(source_yaml(case), where=case.name) for case in cases]
    outcomes = {True: 0, False: 0}
    for _ in range(count):
        place = rng.randrange(len(cases))
        content = mutated(cases[place].content, rng)
        started = time.monotonic()
        outcomes[read(content, sources[place])] += 1
        assert time.monotonic() - started < SLOWEST_SECONDS, cases[place].name
    assert min(outcomes.values()) > count // 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_KIB


@pytest.mark.properties
def test_a_few_damaged_files_are_read_or_refused() -> None:
    _fuzz(FEW, SEED)


@pytest.mark.slow
@pytest.mark.properties
def test_ten_thousand_damaged_files_are_read_or_refused() -> None:
    _fuzz(FILES, SEED + 1)

"""What a seal is: the digest of the events of a closed minute, chained to the seal before it.

Computed here and not by the database, whose functions somebody who tampers may have replaced.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NO_DIGEST: Final = bytes(32)
MARK_BYTES: Final = 8
# The form of what is hashed; another one is another name, so that old seals stay readable.
_FORM: Final = b"shopnow-seal-1"
# The columns of an event in the order in which they are hashed: all there are.
EVENT_COLUMNS: Final = (
    "event_no",
    "ts",
    "source",
    "type",
    "level",
    "message",
    "error_code",
    "seller_no",
    "run_id",
    "delivery_key",
    "payload",
    "transaction_id",
)

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """One sealing of one minute; `covered` holds half-open ranges of event numbers."""

    seal_no: int
    minute_at: datetime
    events: int
    covered: Ranges
    marks: bytes
    digest: bytes
    previous_digest: bytes
    sealed_until: datetime
    snapshot: str

    def as_body(self) -> dict[str, Any]:
        """Return it as JSON: times as ISO, bytes as hexadecimal digits."""
        return {
            "seal_no": self.seal_no,
            "minute_at": self.minute_at.isoformat(),
            "events": self.events,
            "covered": ranges_text(self.covered),
            "marks": self.marks.hex(),
            "digest": self.digest.hex(),
            "previous_digest": self.previous_digest.hex(),
            "sealed_until": self.sealed_until.isoformat(),
            "snapshot": self.snapshot,
        }


def seal_from_body(said: Mapping[str, Any]) -> Seal:
    """Return the seal that `as_body` wrote; raises KeyError or ValueError when it is none."""
    return Seal(
        int(said["seal_no"]),
        datetime.fromisoformat(said["minute_at"]),
        int(said["events"]),
        ranges_from_text(said["covered"]),
        bytes.fromhex(said["marks"]),
        bytes.fromhex(said["digest"]),
        bytes.fromhex(said["previous_digest"]),
        datetime.fromisoformat(said["sealed_until"]),
        said["snapshot"],
    )


def minute_of(instant: datetime) -> datetime:
    """Return the minute an instant lies in."""
    return instant.replace(second=0, microsecond=0)


def minute_after(minute: datetime) -> datetime:
    """Return when a minute ends."""
    return minute + timedelta(minutes=1)


def event_digest(row: Sequence[Any]) -> bytes:
    """Return the digest of an event, its values in the order of EVENT_COLUMNS."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in row]
    return hashlib.sha256(json.dumps(values, ensure_ascii=True).encode()).digest()


def seal_digest(
    previous: bytes, minute_at: datetime, covered: Ranges, digests: Iterable[bytes]
) -> bytes:
    """Return the digest of a minute: those of its events in the order of their numbers."""
    whole = hashlib.sha256(_FORM)
    whole.update(previous)
    whole.update(f"{minute_at.isoformat()} {ranges_text(covered)}".encode())
    for digest in digests:
        whole.update(digest)
    return whole.digest()


def ranges_of(numbers: Sequence[int]) -> Ranges:
    """Return sorted numbers as half-open ranges.

    >>> ranges_of([1, 2, 3, 7])
    ((1, 4), (7, 8))
    """
    if not numbers:
        return ()
    breaks = [(low, high) for low, high in pairwise(numbers) if high != low + 1]
    starts = [numbers[0], *(high for _, high in breaks)]
    ends = [*(low + 1 for low, _ in breaks), numbers[-1] + 1]
    return tuple(zip(starts, ends, strict=True))


def ranges_text(ranges: Ranges) -> str:
    """Return ranges as PostgreSQL writes them.

    >>> ranges_text(((1, 4), (7, 8)))
    '{[1,4),[7,8)}'
    """
    return "{" + ",".join(f"[{low},{high})" for low, high in ranges) + "}"


def ranges_from_text(text: str) -> Ranges:
    """Return what `ranges_text` wrote; raises ValueError for anything else.

    >>> ranges_from_text("{[1,4),[7,8)}")
    ((1, 4), (7, 8))
    """
    inner = text.removeprefix("{").removesuffix("}")
    if not inner:
        return ()
    parts = inner.removeprefix("[").removesuffix(")").split("),[")
    pairs = [part.split(",") for part in parts]
    return tuple((int(low), int(high)) for low, high in pairs)

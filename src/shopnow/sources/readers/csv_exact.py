"""The exact CSV parser: the state machine of Python's csv module, with a way back.

It reads what the index does not vouch for, record by record, so that a stray quote costs one
physical line and never the good lines after it:

- A quote that does not begin a field is an ordinary character; text after a closing quote is
  kept, as the csv module does.
- A record over several physical lines counts as such when its quotes are regular and its fields
  are as many as in the header. When they are not, and one of its later lines is by itself a
  regular record, the quote was a stray one: the first line alone is bad, reading goes on at the
  next physical line. The same when the quote is still open after `max_quoted_bytes`.
- Every decision depends on the bytes from the record's start on, never on how the file was cut
  into buffers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from shopnow.sources.readers import refusals
from shopnow.sources.readers.model import RAW_HEAD_BYTES, BadLine

if TYPE_CHECKING:
    from shopnow.sources.readers.model import Limits

LF: Final = b"\n"
CR: Final = b"\r"


class NeedMore(Exception):  # noqa: N818 - an event, not an error
    """The buffer ends before the record does."""


class StillOpen(Exception):  # noqa: N818 - an event, not an error
    """The quote is not closed within the bounds, or not before the end of the file."""

    def __init__(self, *, at_file_end: bool) -> None:
        """Keep which of the two."""
        super().__init__()
        self.at_file_end = at_file_end


class Record(NamedTuple):
    """One record: its fields, the offset of its line feed, and what was odd about it."""

    fields: list[bytes]
    end: int
    is_regular: bool
    has_stray_return: bool


@dataclass(slots=True)
class ExactRun:
    """What a run of the exact parser over a buffer gives; `numbers` and offsets per logical line.

    `rows` and `row_numbers` hold the good records. `overlong`: the line at `consumed` is longer
    than the limit and its end is not in the buffer.
    """

    rows: list[list[bytes]] = field(default_factory=list)
    row_numbers: list[int] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    blank: int = 0
    consumed: int = 0
    newlines: int = 0
    overlong: bool = False

    def logical_lines(self) -> tuple[list[int], list[int], list[int]]:
        """Return first physical line, start and end of each logical line."""
        return self.numbers, self.starts, self.ends


@dataclass(frozen=True, slots=True)
class Grammar:
    """Delimiter, quote and bounds of one file, as bytes; `width` is the header's field count."""

    delimiter: bytes
    quote: bytes | None
    limits: Limits
    width: int = 0


def scan_record(buffer: bytes, start: int, grammar: Grammar, *, is_last: bool) -> Record:
    """Return the record that starts at `start`, over as many lines as its quotes span.

    Raises NeedMore when the buffer ends first, StillOpen when a quote does not close.
    """
    end = buffer.find(LF, start)
    if end < 0:
        raise NeedMore
    if grammar.quote is None or buffer.find(grammar.quote, start, end) < 0:
        line = buffer[start:end].rstrip(CR)
        return Record(
            line.split(grammar.delimiter), end, is_regular=True, has_stray_return=CR in line
        )
    return _Scan(buffer, start, grammar, grammar.quote, is_last=is_last).record()


class _Scan:
    """The walk over one record that has a quote in its first line."""

    def __init__(
        self, buffer: bytes, start: int, grammar: Grammar, quote: bytes, *, is_last: bool
    ) -> None:
        self.buffer = buffer
        self.start = start
        self.grammar = grammar
        self.quote = quote
        self.is_last = is_last
        self.at = start
        self.is_regular = True
        self.has_stray_return = False

    def record(self) -> Record:
        fields: list[bytes] = []
        while True:
            quoted = self._quoted() if self.buffer.startswith(self.quote, self.at) else None
            stop, is_end = self._field_end()
            rest = self.buffer[self.at : stop]
            if is_end:
                rest = rest.rstrip(CR)
            self.has_stray_return |= CR in rest
            if quoted is None:
                self.is_regular &= self.quote not in rest
            else:
                self.is_regular &= not rest
            fields.append(rest if quoted is None else quoted + rest)
            if is_end:
                return Record(fields, stop, self.is_regular, self.has_stray_return)
            self.at = stop + 1

    def _field_end(self) -> tuple[int, bool]:
        end = self.buffer.find(LF, self.at)
        if end < 0:
            raise NeedMore
        stop = self.buffer.find(self.grammar.delimiter, self.at, end)
        return (end, True) if stop < 0 else (stop, False)

    def _quoted(self) -> bytes:
        """Return the text between quotes and step behind the closing one."""
        parts: list[bytes] = []
        self.at += 1
        while True:
            close = self.buffer.find(self.quote, self.at)
            self._refuse_too_long(close)
            parts.append(self.buffer[self.at : close])
            self.at = close + 1
            if not self.buffer.startswith(self.quote, self.at):
                return b"".join(parts)
            parts.append(self.quote)
            self.at += 1

    def _refuse_too_long(self, close: int) -> None:
        reached = close if close >= 0 else len(self.buffer)
        limits = self.grammar.limits
        last_line_feed = self.buffer.rfind(LF, self.at, reached)
        if (
            last_line_feed - self.start > limits.max_quoted_bytes
            or reached - self.start > limits.max_quoted_bytes + limits.max_line_bytes
        ):
            raise StillOpen(at_file_end=False)
        if close < 0:
            raise StillOpen(at_file_end=True) if self.is_last else NeedMore
        if close + 1 == len(self.buffer) and not self.is_last:
            raise NeedMore


class ExactParser:
    """Reads records from the start of one buffer."""

    def __init__(
        self,
        buffer: bytes,
        grammar: Grammar,
        first_line: int,
        *,
        is_last: bool,
        is_unterminated: bool = False,
    ) -> None:
        """`buffer` starts at the start of physical line `first_line`.

        `is_last`: the file ends with it, and then it ends with a line feed; `is_unterminated`:
        that line feed is not the file's own.
        """
        self._buffer = buffer
        self._grammar = grammar
        self._line = first_line
        self._is_last = is_last
        self._is_unterminated = is_last and is_unterminated
        self._run = ExactRun()
        self._has_returns = CR in buffer
        self._next_quote = 0
        self._first_zero = _position(buffer, b"\0", 0)

    def run(self, most: int) -> ExactRun:
        """Return at most `most` lines; `consumed` is 0 when more bytes are needed first.

        Raises UnreadableFile: cut_in_the_middle.
        """
        run = self._run
        while run.consumed < len(self._buffer) and len(run.numbers) < most:
            self._take_plain_lines(most)
            if run.consumed == len(self._buffer) or len(run.numbers) >= most:
                break
            try:
                self._step(run.consumed)
            except NeedMore:
                break
        return run

    def _take_plain_lines(self, most: int) -> None:
        """Take the good records without any quote, up to the first line that is something else."""
        buffer, grammar, run = self._buffer, self._grammar, self._run
        start = run.consumed
        if grammar.quote is None:
            self._next_quote = len(buffer)
        elif self._next_quote <= start:
            self._next_quote = _position(buffer, grammar.quote, start)
        doubtful = min(self._next_quote, self._first_zero)
        while len(run.numbers) < most:
            end = buffer.find(LF, start, doubtful)
            if end <= start or end - start > grammar.limits.max_line_bytes:
                break
            line = buffer[start:end]
            if self._has_returns:
                line = line.removesuffix(CR)
                if CR in line or not line:
                    break
            fields = line.split(grammar.delimiter)
            if len(fields) != grammar.width:
                break
            run.rows.append(fields)
            run.row_numbers.append(self._line)
            run.numbers.append(self._line)
            run.starts.append(start)
            run.ends.append(end)
            run.newlines += 1
            self._line += 1
            start = end + 1
        run.consumed = start

    def _step(self, start: int) -> None:
        buffer, limits = self._buffer, self._grammar.limits
        end = buffer.find(LF, start)
        if (end if end >= 0 else len(buffer)) - start > limits.max_line_bytes:
            self._step_over_long_line(start, end)
            return
        try:
            record = scan_record(buffer, start, self._grammar, is_last=self._is_last)
        except StillOpen as still:
            if still.at_file_end and self._is_cut(end):
                raise refusals.cut_in_quotes(self._line) from None
            self._add_bad(start, end, "unclosed_quote", "guillemet ouvert et jamais fermé")
            return
        if (
            record.end > end
            and not self._is_sound(record)
            and self._has_good_line(end + 1, record.end)
        ):
            self._add_bad(
                start, end, "unclosed_quote", "guillemet ouvert et jamais fermé sur cette ligne"
            )
            return
        self._add(start, record)

    def _add(self, start: int, record: Record) -> None:
        end, width = record.end, self._grammar.width
        if not record.fields[0] and len(record.fields) == 1 and self._is_blank(start, end):
            self._run.blank += 1
            self._log(start, end)
        elif self._buffer.find(b"\0", start, end) >= 0:
            self._add_bad(start, end, "nul_byte", "caractère nul (octet 0x00) dans la ligne")
        elif record.has_stray_return:
            self._add_bad(start, end, "stray_cr", "retour chariot isolé au milieu de la ligne")
        elif len(record.fields) != width:
            if (
                self._is_unterminated
                and end + 1 == len(self._buffer)
                and len(record.fields) < width
            ):
                raise refusals.cut_in_line(self._line, len(record.fields), width)
            self._add_bad(start, end, "ragged_line", ragged_detail(width, len(record.fields)))
        else:
            self._run.rows.append(record.fields)
            self._run.row_numbers.append(self._line)
            self._log(start, end)

    def _is_cut(self, end: int) -> bool:
        # With one column every line would pass for a good one.
        return self._grammar.width == 1 or not self._has_good_line(end + 1, len(self._buffer))

    def _is_sound(self, record: Record) -> bool:
        return record.is_regular and len(record.fields) == self._grammar.width

    def _is_blank(self, start: int, end: int) -> bool:
        return not self._buffer[start:end].rstrip(CR)

    def _has_good_line(self, start: int, stop: int) -> bool:
        """Tell whether a physical line in [start, stop] is by itself a regular record."""
        while start < stop:
            end = self._buffer.find(LF, start)
            if end < 0:
                break
            line = self._buffer[start : end + 1]
            try:
                record = scan_record(line, 0, self._grammar, is_last=True)
            except (NeedMore, StillOpen):
                record = None
            # With one column a blank line has the right number of fields, yet says nothing.
            if record and self._is_sound(record) and not self._is_blank(start, end):
                return True
            start = end + 1
        return False

    def _step_over_long_line(self, start: int, end: int) -> None:
        if end < 0:
            self._run.overlong = True
            raise NeedMore
        limit = self._grammar.limits.max_line_bytes
        self._add_bad(start, end, "line_too_long", too_long_detail(limit))

    def _add_bad(self, start: int, end: int, code: str, detail_fr: str) -> None:
        raw = self._buffer[start:end].rstrip(CR)
        if code == "line_too_long":
            raw = raw[:RAW_HEAD_BYTES]
        self._run.bad.append(BadLine(self._line, code, detail_fr, raw))
        self._log(start, end)

    def _log(self, start: int, end: int) -> None:
        run = self._run
        run.numbers.append(self._line)
        run.starts.append(start)
        run.ends.append(end)
        lines = self._buffer.count(LF, start, end + 1)
        self._line += lines
        run.newlines += lines
        run.consumed = end + 1


def _position(buffer: bytes, mark: bytes, start: int) -> int:
    at = buffer.find(mark, start)
    return at if at >= 0 else len(buffer)


def ragged_detail(wanted: int, found: int) -> str:
    """Say in French how many fields were wanted and found.

    >>> ragged_detail(12, 11)
    '12 champs attendus, 11 trouvés'
    """
    return f"{wanted} champs attendus, {found} trouvé{'s' if found > 1 else ''}"


def too_long_detail(limit: int) -> str:
    """Say in French how long a line may be.

    >>> too_long_detail(4 << 20)
    'ligne de plus de 4 194 304 octets'
    """
    return f"ligne de plus de {limit:_} octets".replace("_", " ")

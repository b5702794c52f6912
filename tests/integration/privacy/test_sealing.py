"""A sealed file is read back whole, or refused: cut, reordered, spliced, altered."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopnow.privacy import SealBrokenError, SealedFile, open_sealed, seal_stream
from shopnow.privacy.sealing import FRAME_BYTES, HEADER_BYTES, TAG_BYTES

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
SEALED_FRAME = FRAME_BYTES + TAG_BYTES
CONTENT = os.urandom(2 * FRAME_BYTES + 1000)


class Trickle(io.RawIOBase):
    """A source that gives less than asked, as a socket does."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        """Give at most 70,001 bytes."""
        return self._rest.read(min(size, 70_001))


def sealed(path: Path, content: bytes = CONTENT) -> Path:
    seal_stream(io.BytesIO(content), path, KEY)
    return path


def content_of(path: Path, key: bytes = KEY) -> bytes:
    with open_sealed(path, key) as stream:
        return stream.read()


@pytest.mark.parametrize(
    "size", [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES]
)
def test_content_of_any_size_comes_back(tmp_path: Path, size: int) -> None:
    content = CONTENT[:size]
    result = seal_stream(io.BytesIO(content), tmp_path / "f", KEY)
    assert result == SealedFile(hashlib.sha256(content).hexdigest(), size)
    assert content_of(tmp_path / "f") == content


def test_a_file_of_more_frames_than_wait_is_digested_in_order(tmp_path: Path) -> None:
    # Each frame differs, so that two in the wrong order, or one twice, give another digest.
    content = b"".join(bytes([number]) * FRAME_BYTES for number in range(70)) + b"end"
    result = seal_stream(io.BytesIO(content), tmp_path / "f", KEY)
    assert result == SealedFile(hashlib.sha256(content).hexdigest(), len(content))
    assert content_of(tmp_path / "f") == content


@pytest.mark.parametrize("frames", [64, 65, 130])
def test_what_the_disk_says_of_a_part_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: int
) -> None:
    real = os.fsync
    said: list[int] = []

    def once(handle: int) -> None:
        # The kernel tells a failed write to the first who asks, and to nobody after.
        if not said:
            said.append(handle)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    monkeypatch.setattr(os, "fsync", once)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        seal_stream(io.BytesIO(bytes(frames * FRAME_BYTES)), tmp_path / "f", KEY)
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_trickles_is_sealed_in_full_frames(tmp_path: Path) -> None:
    seal_stream(Trickle(CONTENT), tmp_path / "f", KEY)  # type: ignore[arg-type]  # only read is used
    assert (tmp_path / "f").stat().st_size == HEADER_BYTES + len(CONTENT) + 3 * TAG_BYTES
    assert content_of(tmp_path / "f") == CONTENT


def test_a_sealed_file_can_be_read_from_anywhere(tmp_path: Path) -> None:
    with open_sealed(sealed(tmp_path / "f"), KEY) as stream:
        assert stream.seek(0, os.SEEK_END) == len(CONTENT)
        assert stream.read(1) == b""
        for place in (FRAME_BYTES - 5, 0, 2 * FRAME_BYTES - 1, len(CONTENT) - 3):
            stream.seek(place)
            assert stream.read(10) == CONTENT[place : place + 10]
            assert stream.read() == CONTENT[place + 10 :]


def test_only_the_owner_reads_it_and_nothing_readable_is_in_it(tmp_path: Path) -> None:
    content = b"a distinctive value, many times over. " * 50_000
    path = sealed(tmp_path / "new folder" / "f", content)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert b"distinctive" not in path.read_bytes()


def test_sealing_the_same_again_shares_no_byte_of_ciphertext(tmp_path: Path) -> None:
    first = sealed(tmp_path / "a").read_bytes()
    second = sealed(tmp_path / "b").read_bytes()
    assert first[HEADER_BYTES : HEADER_BYTES + 64] != second[HEADER_BYTES : HEADER_BYTES + 64]


def test_a_source_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise OSError("the disk went away")
            return super().read(size)

    with pytest.raises(OSError, match="went away"):
        seal_stream(Failing(CONTENT), tmp_path / "f", KEY)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "kept",
    [
        0,
        HEADER_BYTES - 1,
        HEADER_BYTES,
        HEADER_BYTES + 5,
        HEADER_BYTES + SEALED_FRAME - 1,
        HEADER_BYTES + SEALED_FRAME,
        HEADER_BYTES + 2 * SEALED_FRAME,
        HEADER_BYTES + 2 * SEALED_FRAME + 20,
    ],
)
def test_a_cut_file_is_refused_before_its_first_byte(tmp_path: Path, kept: int) -> None:
    path = sealed(tmp_path / "f")
    os.truncate(path, kept)
    with pytest.raises(SealBrokenError):
        open_sealed(path, KEY)


def frames_of(path: Path) -> tuple[bytes, list[bytes]]:
    data = path.read_bytes()
    body = data[HEADER_BYTES:]
    starts = range(0, len(body), SEALED_FRAME)
    return data[:HEADER_BYTES], [body[start : start + SEALED_FRAME] for start in starts]


def test_reordered_frames_are_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f")
    header, (one, two, last) = frames_of(path)
    path.write_bytes(header + two + one + last)
    with pytest.raises(SealBrokenError):
        content_of(path)


def test_a_missing_or_doubled_frame_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f")
    header, (one, two, last) = frames_of(path)
    for wrong in (header + one + last, header + one + two + two + last):
        path.write_bytes(wrong)
        with pytest.raises(SealBrokenError):
            content_of(path)


def test_a_frame_of_another_file_of_the_same_delivery_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f")
    header, (_, two, last) = frames_of(path)
    _, (foreign, _, _) = frames_of(sealed(tmp_path / "g"))
    path.write_bytes(header + foreign + two + last)
    with pytest.raises(SealBrokenError):
        content_of(path)


def test_bytes_added_at_the_end_are_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path / "f")
    with path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(SealBrokenError):
        open_sealed(path, KEY)


def test_another_key_and_a_readable_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SealBrokenError):
        open_sealed(sealed(tmp_path / "f"), bytes(32))
    (tmp_path / "plain").write_bytes(b"order_id,customer\n" * 100)
    with pytest.raises(SealBrokenError):
        open_sealed(tmp_path / "plain", KEY)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_refused(tmp_path: Path, place: float, bit: int) -> None:
    path = tmp_path / "f"
    if not path.exists():
        sealed(path)
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    flipped = tmp_path / "flipped"
    flipped.write_bytes(data)
    with pytest.raises(SealBrokenError):
        content_of(flipped)

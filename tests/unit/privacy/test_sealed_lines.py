"""A sealed line opens with its delivery's key alone, and only unaltered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.privacy import SealBrokenError, open_bytes, seal_bytes

KEY = bytes(range(32))


@given(st.binary(max_size=200))
def test_a_line_comes_back_as_it_was(line: bytes) -> None:
    assert open_bytes(KEY, seal_bytes(KEY, line)) == line


def test_the_same_line_is_never_sealed_the_same() -> None:
    assert seal_bytes(KEY, b"line") != seal_bytes(KEY, b"line")


@given(st.integers(0, 31), st.integers(1, 255))
def test_an_altered_line_is_refused(place: int, change: int) -> None:
    sealed = bytearray(seal_bytes(KEY, b"line"))
    sealed[place] ^= change
    with pytest.raises(SealBrokenError):
        open_bytes(KEY, bytes(sealed))


@pytest.mark.parametrize("length", [0, 11, 12, 27])
def test_a_cut_line_is_refused(length: int) -> None:
    with pytest.raises(SealBrokenError):
        open_bytes(KEY, seal_bytes(KEY, b"")[:length])


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBrokenError):
        open_bytes(bytes(32), seal_bytes(KEY, b"line"))

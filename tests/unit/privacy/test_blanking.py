"""Lines of erased persons go, and every other line keeps its number."""

from __future__ import annotations

import gzip
import io

import pytest

from shopnow.privacy.blanking import without_lines


def emptied(content: bytes, *lines: int) -> bytes | None:
    found = without_lines(io.BytesIO(content), lines)
    return None if found is None else io.BufferedReader(found).read()


def test_lines_become_empty_and_the_others_stay_where_they_are() -> None:
    assert emptied(b"id,mail\nK1,a\nK2,b\nK3,c", 2, 4) == b"id,mail\n\nK2,b\n"
    assert emptied(b"id,mail\r\nK1,a\r\nK2,b\r\n", 2) == b"id,mail\r\n\r\nK2,b\r\n"


def test_a_quoted_field_goes_with_all_its_lines() -> None:
    content = b'id,street\nK1,"1 rue\nbatiment ""B""\nporte 4",x\nK2,y\n'
    assert emptied(content, 2) == b"id,street\n\n\n\nK2,y\n"


def test_a_quote_that_is_never_closed_takes_no_other_line_along() -> None:
    content = b'id,street\nK1,"1 rue\nK2,y\nK3,z\n'
    assert emptied(content, 2) == b"id,street\n\nK2,y\nK3,z\n"


def test_an_object_a_line_has_quotes_of_its_own() -> None:
    content = b'{"id": "K1", "say": "\\""}\n{"id": "K2"}\n'
    assert emptied(content, 1) == b'\n{"id": "K2"}\n'


def test_what_was_compressed_comes_out_plain() -> None:
    assert emptied(gzip.compress(b"a\nb\nc\n"), 2) == b"a\n\nc\n"


def test_a_mark_at_the_start_is_no_document() -> None:
    assert emptied(b"\xef\xbb\xbfid\nK1\n", 2) == b"\xef\xbb\xbfid\n\n"


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04rest", b"PAR1rest", "id\nK1\n".encode("utf-16"), b"<a>\n<b/>\n</a>",
     b'[{"id": 1},\n{"id": 2}]', b'{"orders": [\n{"id": 1}\n]}', b'\xef\xbb\xbf {\n"a": 1}'],
)  # fmt: skip
def test_what_is_not_made_of_lines_is_not_taken_apart(content: bytes) -> None:
    assert emptied(content, 2) is None


def test_lines_that_the_content_does_not_have_are_said() -> None:
    found = without_lines(io.BytesIO(b"id\rK1\rK2"), [2])
    assert found is not None
    io.BufferedReader(found).read()
    assert found.missing == {2}

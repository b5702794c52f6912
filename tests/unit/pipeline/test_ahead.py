"""An iterator that works ahead gives the same elements, the same error, and stops when left."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from shopnow.pipeline.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_the_elements_come_in_their_order() -> None:
    assert list(ahead(range(1000))) == list(range(1000))
    assert list(ahead(range(1000), 2)) == list(range(1000))


def test_an_error_comes_where_it_would_have_come() -> None:
    def elements() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("third")

    taken: list[int] = []
    with pytest.raises(ValueError, match="third"):
        taken.extend(ahead(elements()))
    assert taken == [1, 2]


def test_no_more_than_two_elements_are_made_before_they_are_taken() -> None:
    made: list[int] = []

    def elements() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    source = ahead(elements())
    assert next(source) == 0
    # One was taken, one may wait in the queue, one may be in the hands of the worker.
    assert len(made) <= 3
    source.close()


def test_leaving_early_ends_the_worker() -> None:
    source = ahead(iter(range(10_000)))
    next(source)
    source.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]

"""Real feeds of every format, tried through their sources: each line told under its own columns."""

from __future__ import annotations

import io
import json
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.data import shared_data

from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Context, Trial, write_answer
from shopnow.sources import load_source

if TYPE_CHECKING:
    from tests.integration.answers.conftest import Judged

pytestmark = pytest.mark.integration
SOURCES = sorted((Path(__file__).parents[3] / "examples" / "feeds").glob("*.yaml"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_real_feed_is_tried_and_told(judged: Judged, path: Path) -> None:
    source = load_source(path)
    files = [file for file in shared_data("feeds").rglob("*")
             if not source.is_bundle and fnmatch(file.name, source.file_pattern or "")]  # fmt: skip
    if not files:
        pytest.skip("a bundle, or a file that is not here")
    with (
        Context.open(judged.settings, FixedClock(marketplace.NOON)) as context,
        connect(judged.settings) as conn,
    ):
        trial = Trial(context, conn, source, files[0])
        stream = io.BytesIO()
        answer = trial.answer(everything=True)
        write_answer(answer, stream, "json", judged.settings.tz)
    told = json.loads(stream.getvalue())
    assert trial.records > 0
    assert told["columns"]
    assert told["lines"]
    assert all(set(line["cells"]) <= set(told["columns"]) for line in told["lines"])
    numbers = [line["line_no"] for line in told["lines"]]
    assert numbers == sorted(numbers)

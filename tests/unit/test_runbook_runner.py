"""What the runner of runbooks takes for a block, and how blocks hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runbooks import blocks_of, play

from shopnow.kernel import Settings

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """\
# Une page

```sh
NOMBRE=$((6 * 7))
```

## Constater

```text
not run
```

```sh code=1
echo "il y en a $NOMBRE pour $QUI"; exit 1
```

## Réparer

1. D'abord :

   ```sh
   echo réparé
   ```
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, "utf-8")
    return path


def test_blocks_know_their_headings_and_exit_codes(page: Path) -> None:
    found = [(block.headings, block.code) for block in blocks_of(page)]
    assert found == [
        (("Une page",), 0),
        (("Une page", "Constater"), 1),
        (("Une page", "Réparer"), 0),
    ]


def test_blocks_share_one_state(page: Path, tmp_path: Path) -> None:
    played = play(page, Settings(), tmp_path / "work", variables={"QUI": "toi"})
    assert [one.stdout for one in played] == ["", "il y en a 42 pour toi\n", "réparé\n"]


def test_sections_are_played_alone(page: Path, tmp_path: Path) -> None:
    played = play(page, Settings(), tmp_path / "work", sections=["Réparer"])
    assert [one.stdout for one in played] == ["réparé\n"]
    with pytest.raises(AssertionError, match="no shell block"):
        play(page, Settings(), tmp_path / "work", sections=["Ailleurs"])


def test_a_block_that_ends_otherwise_fails_the_test(page: Path, tmp_path: Path) -> None:
    page.write_text("```sh code=3\nexit 4\n```\n", "utf-8")
    with pytest.raises(AssertionError, match="ended with 4, not 3"):
        play(page, Settings(), tmp_path / "work")

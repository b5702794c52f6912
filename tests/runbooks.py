"""Runbooks as programs: the shell blocks of a page, executed against a warehouse.

A block is fenced as ```` ```sh ````; ```` ```sh code=1 ```` says that it ends with exit code 1
(a finding that the page is about). Blocks of other languages are samples and are not run. All
blocks that are played share one shell state: a variable set in one stands in the next, and so do
those that the test gives. `shopnow` in a block is the installed command on the warehouse of the
test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shopnow.kernel import Settings

FOLDER = Path(__file__).parents[1] / "docs" / "exploitation"
_HEADING = re.compile(r"#+ +(.+?) *$")
_FENCE = re.compile(r" *```(\w*) *(.*?) *$")
_SECONDS = 120
# What a block sets is kept for the next one; what the shell itself keeps read-only is not.
_PROLOGUE = (
    'set -euo pipefail\nset -a\n[ -f "$KEPT" ] && . "$KEPT"\ntrap \'export -p >"$KEPT"\' EXIT\n'
)


@dataclass(frozen=True)
class Block:
    """One shell block: the headings it stands under, its text, its exit code, its line."""

    headings: tuple[str, ...]
    script: str
    code: int
    line: int


@dataclass(frozen=True)
class Played:
    """A block that was run, and what it printed."""

    block: Block
    stdout: str
    stderr: str


def runbook(name: str) -> Path:
    """The page of that name in `docs/exploitation`."""
    return FOLDER / f"{name}.md"


def blocks_of(page: Path) -> list[Block]:
    """The shell blocks of a page, in order."""
    return list(_blocks(page.read_text(encoding="utf-8").splitlines()))


def play(
    page: Path,
    settings: Settings,
    folder: Path,
    *,
    sections: Sequence[str] | None = None,
    variables: Mapping[str, str] | None = None,
) -> list[Played]:
    """Run the blocks of a page, or only those under the headings named, in `folder`.

    `variables`: what the reader knows already (the number of a delivery, a file). Raises
    AssertionError with what was printed where a block ends otherwise than the page says.
    """
    wanted = [b for b in blocks_of(page) if sections is None or set(sections) & set(b.headings)]
    missing = set(sections or ()) - {heading for block in wanted for heading in block.headings}
    assert not missing, f"{page.name} has no shell block under {sorted(missing)}"
    folder.mkdir(parents=True, exist_ok=True)
    environment = _environment(settings, folder) | dict(variables or {})
    return [_played(page, block, environment, folder) for block in wanted]


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    headings: list[tuple[int, str]] = []
    language, info, start = None, "", 0
    for number, line in enumerate(lines, 1):
        fence = _FENCE.match(line)
        if language is None and fence:
            language, info, start = fence[1], fence[2], number
        elif language is not None and fence:
            if language == "sh":
                code = int(info.removeprefix("code=") or 0)
                names = tuple(name for _, name in headings)
                yield Block(names, "\n".join(lines[start : number - 1]), code, start)
            language = None
        elif language is None and (heading := _HEADING.match(line)):
            level = len(line) - len(line.lstrip("#"))
            headings = [*(kept for kept in headings if kept[0] < level), (level, heading[1])]


def _environment(settings: Settings, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOPNOW")}
    commands = Path(sys.executable).parent
    return kept | {
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "KEPT": str(folder / ".kept"),
        "LC_ALL": "C.UTF-8",
        "SHOPNOW_HOME": str(settings.home),
        "SHOPNOW_DATABASE": settings.database,
        "SHOPNOW_SERVER_SYNC": "false",
        "SHOPNOW_SERVER_ARCHIVE": "false",
    }


def _played(page: Path, block: Block, environment: Mapping[str, str], folder: Path) -> Played:
    done = subprocess.run(
        ["bash", "-c", _PROLOGUE + block.script],
        env=dict(environment),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == block.code, (
        f"{page.name}:{block.line} ended with {done.returncode}, not {block.code}\n"
        f"{block.script}\n--- stdout\n{done.stdout}\n--- stderr\n{done.stderr}"
    )
    return Played(block, done.stdout, done.stderr)

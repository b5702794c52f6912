"""Which source a file is read through: named, shown by its YAML, or the only one that fits.

Protects against a file read through the wrong layout: as soon as two sources fit, none is guessed.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING

from shopnow.kernel import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

# An error names that many sources at most.
_NAMED = 8


def choose_source(
    context: Context,
    paths: Sequence[Path],
    *,
    name: str | None = None,
    file: Path | None = None,
    sender: str | None = None,
    feed: str | None = None,
) -> Source:
    """The source for `paths`: of that `name`, declared in `file`, or the only one that fits.

    A source from a file is kept in the home.  Raises UsageError when the words disagree, and when
    none or several sources fit: the candidates are then in its hint.
    """
    if name is not None and file is not None:
        raise UsageError("a source is given twice", "Give --source or --source-file, not both.")
    if file is not None:
        if not file.is_file():
            raise UsageError(f"no source file {file}", "It is a YAML file; examples/ has some.")
        chosen = context.learn(file)
    elif name is not None:
        chosen = _named(context, name)
    else:
        chosen = _fitting(context, paths, sender, feed)
    _agree(chosen, sender, feed)
    return chosen


def _named(context: Context, name: str) -> Source:
    if name in context.sources:
        return context.sources[name]
    close = nearest(name, context.sources)
    raise UsageError(
        f"no source {name!r}", _known(context) if not close else f"Did you mean {close!r}?"
    )


def _fitting(
    context: Context, paths: Sequence[Path], sender: str | None, feed: str | None
) -> Source:
    if sender is None or feed is None:
        raise UsageError(
            "it is not said who sends what",
            "Give --sender and --feed, or --source NAME, or --source-file FILE.",
        )
    found = [one for one in context.sources.values() if (one.sender, one.feed) == (sender, feed)]
    if not found:
        raise UsageError(f"no source of sender {sender!r} for feed {feed!r}", _known(context))
    if len(found) > 1:
        matching = [one for one in found if _matches(one, paths)]
        if len(matching) != 1:
            names = ", ".join(sorted(one.name for one in found))
            raise UsageError(
                f"{len(found)} sources of sender {sender!r} for feed {feed!r}",
                f"Choose one with --source: {names}.",
            )
        found = matching
    return found[0]


def _matches(source: Source, paths: Sequence[Path]) -> bool:
    """Say whether every file has a name that the source declares; a folder is looked into."""
    patterns = [part.pattern for part in source.files] or [source.file_pattern or ""]
    names = [
        child.name for path in paths for child in (path.iterdir() if path.is_dir() else [path])
    ]
    fitting = [any(fnmatch(name, pattern) for pattern in patterns) for name in names]
    return any(fitting) if source.is_bundle else bool(fitting) and all(fitting)


def _agree(source: Source, sender: str | None, feed: str | None) -> None:
    for word, said, declared in (("sender", sender, source.sender), ("feed", feed, source.feed)):
        if said is not None and said != declared:
            raise UsageError(
                f"source {source.name!r} has {word} {declared!r}, not {said!r}",
                f"Leave --{word} out, or choose another source.",
            )


def _known(context: Context) -> str:
    if not context.sources:
        folder = context.settings.sources_dir
        return f"None is known yet: give --source-file FILE, or put one under {folder.name}/."
    lines = sorted(f"{one.name} ({one.sender}, {one.feed})" for one in context.sources.values())
    shown = ", ".join(lines[:_NAMED]) + (
        f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
    )
    return f"Known: {shown}. Another is given with --source-file FILE."

"""Steps 1 to 3 of the warehouse alone: receipt, and staging until it is committed.

`python -m benchmarks.quality_loader HOME DATABASE SOURCES SOURCE FILE`: prints what each took.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.floor import phase, print_phases
from shopnow.kernel import Settings
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.staging import Delivery


class Stager(Conductor):
    """A conductor that stops before step 4."""

    def _load(self, feed: str, deliveries: Sequence[Delivery], *, alone: bool = True) -> None:
        """Leave what is staged where it is."""


def main(arguments: list[str]) -> None:
    """Receive a file and stage it."""
    home, database, sources, source, file = arguments
    settings = Settings(home=Path(home), database=database, sources_dir=Path(sources))
    seconds: dict[str, float] = {}
    with Context.open(settings) as context:
        with phase(seconds, "receipt"):
            receive(context, context.source(source), [Path(file)])
        with phase(seconds, "steps 1-3"):
            report = Stager(context).run()
    if report.refused or report.failed:
        sys.exit(f"{file}: {report.refused or report.failed}")
    print_phases(seconds)


if __name__ == "__main__":
    main(sys.argv[1:])

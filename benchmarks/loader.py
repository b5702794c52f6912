"""The warehouse taking in files in a process that stands already: receipt and run, nothing else.

`python -m benchmarks.loader HOME DATABASE SOURCES MARTS SOURCE FILE...`: what a service does for
each file, without the start of a process.  Prints what each file took inside.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import inside, print_inside
from shopnow.kernel import Settings
from shopnow.pipeline import Conductor, Context, receive


def main(arguments: list[str]) -> None:
    """Take in each file and run the six steps over it."""
    home, database, sources, marts, source, *files = arguments
    settings = Settings(
        home=Path(home), database=database, sources_dir=Path(sources), marts_dir=Path(marts)
    )
    took = []
    with Context.open(settings) as context:
        for file in files:
            with inside() as one:
                receive(context, context.source(source), [Path(file)])
                report = Conductor(context).run()
            if len(report.published) != 1:
                sys.exit(f"{file}: {report.refused or report.failed or 'nothing published'}")
            took.append(one)
    print_inside(took)


if __name__ == "__main__":
    main(sys.argv[1:])

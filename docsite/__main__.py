"""`python -m docsite`, or `make docs`: the documents as a site in `build/site`.

Exit code 0 good, 1 a link that leads nowhere or a page nobody reaches, 2 usage, 3 not built.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docsite.build import BuildFailedError, build_site
from docsite.links import faults

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the site, judge it, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docsite", description=__doc__)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="folder of the documents")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "site", help="the site")
    wanted = parser.parse_args(arguments)
    try:
        site = build_site(ROOT / "mkdocs.yml", wanted.docs, wanted.output)
    except BuildFailedError as error:
        print(error, file=sys.stderr)
        return 3
    found = faults(site)
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print(f"{sum(1 for _ in site.rglob('*.html'))} pages: {site / 'index.html'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

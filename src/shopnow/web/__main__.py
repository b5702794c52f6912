"""`python -m shopnow.web [--from INSTANT]`: the pages, with the settings of the environment.

For the supervisor; with `--from` the clock of the pages begins at an instant, as a demo's does.
"""

import sys
from datetime import datetime

from shopnow.kernel import RunningClock, load_settings
from shopnow.web import serve

if __name__ == "__main__":
    words = sys.argv[1:]
    begins = datetime.fromisoformat(words[1]) if words[:1] == ["--from"] else None
    serve(load_settings(), RunningClock(begins) if begins else None)

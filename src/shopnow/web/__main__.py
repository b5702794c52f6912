"""`python -m shopnow.web [--from INSTANT]`: the pages, with the settings of the environment.

For the supervisor; with `--from` the clock of the pages begins at an instant, as a demo's does, and
they measure by themselves: no worker lives in those days.
"""

import sys
from datetime import datetime

from shopnow.kernel import RunningClock, load_settings
from shopnow.web import serve, watching

if __name__ == "__main__":
    settings, words = load_settings(), sys.argv[1:]
    if words[:1] == ["--from"]:
        clock = RunningClock(datetime.fromisoformat(words[1]))
        with watching(settings, clock):
            serve(settings, clock)
    else:
        serve(settings)

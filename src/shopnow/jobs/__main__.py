"""The processes of a running warehouse: `python -m shopnow.jobs supervisor|worker|watchdog`.

Their settings come from the environment, as the supervisor gives them.
"""

from __future__ import annotations

import logging
import sys

from shopnow.jobs.supervisor import Supervisor
from shopnow.jobs.watchdog import Watchdog
from shopnow.jobs.worker import work
from shopnow.kernel import ShopnowError, UsageError, load_settings


def main(role: str) -> int:
    """Be one of the processes; return its exit code."""
    logging.basicConfig(
        level=logging.WARNING, format='{"at":"%(asctime)s","level":"%(levelname)s",'
        '"source":"%(name)s","message":"%(message)s"}',
    )  # fmt: skip
    settings = load_settings()
    logging.getLogger("shopnow").setLevel(settings.log_level)
    try:
        if role == "supervisor":
            Supervisor(settings).run()
        elif role == "watchdog":
            Watchdog(settings).run()
        elif role == "worker":
            work(settings)
        else:
            raise UsageError(f"no process {role!r}", "supervisor, worker or watchdog.")
    except ShopnowError as error:
        logging.getLogger("shopnow.jobs").error("%s", error.message)  # noqa: TRY400 — no trace
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ("",)))

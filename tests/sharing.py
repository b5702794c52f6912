"""Who runs what when the suite runs in several processes (`make test`, pytest-xdist).

Each process has a server, a home and folders of its own: tests of different processes share
nothing. The tests of a file stay together, and so do files that need the same dear fixture; what
lasts longest begins first, so that no process is left with it in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

# Begin of a file's name, and the unit it belongs to: one process makes what all of it needs.
_TOGETHER: Final = {
    "tests/backup/": "backup",  # shop: a server of its own, with backups
    "tests/acceptance/test_demo.py": "demo",  # loaded_demo
    "tests/acceptance/test_cli_deliveries.py": "demo",
    "tests/acceptance/test_cli_dimensions.py": "demo",
    "tests/integration/legacy/": "legacy",  # imported
    "tests/security/leaks/": "leaks",  # world
}
# Units that last a minute and more, the longest first.
_FIRST: Final = (
    "backup",
    "demo",
    "tests/crash/test_kill_at_each_step.py",
    "tests/integration/jobs/test_faults.py",
    "tests/security/journal/test_commands.py",
    "tests/security/access/test_every_seller.py",
    "tests/integration/quality/test_breaker.py",
    "tests/integration/answers/test_onboarding.py",
    "tests/properties/test_conservation.py",
    "tests/properties/test_any_order.py",
    "tests/history/test_identities.py",
    "tests/acceptance/test_food_catalogue.py",
    "tests/security/test_no_personal_value.py",
    "tests/integration/quality/test_isolation.py",
)


def unit_of(test: str) -> str:
    """Return the unit of a test, by its pytest name."""
    file = test.partition("::")[0]
    return next((unit for begin, unit in _TOGETHER.items() if file.startswith(begin)), file)


class SharingScheduler(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Gives a process one unit after the other, long ones first."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        first = next((unit for unit in _FIRST if unit in self.workqueue), None)
        if first is not None:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)

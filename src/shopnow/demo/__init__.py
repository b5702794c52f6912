"""The demo: a deterministic generated marketplace, written as the files its senders would send.

A room beside the doors: only the command line imports it.  What generates imports nothing of the
warehouse; `rehearsal` sends the files in like any sender, `stage` keeps the home of the demo apart.
Its promise is that a seed and a scale always give the same bytes, and that every planted defect is
labelled, so that what the warehouse makes of the files can be checked.
"""

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.demo.categories import CATEGORIES, Category
    from shopnow.demo.dirt import DEFECTS, Defect
    from shopnow.demo.model import DayPlan, DemoCounts, DemoDelivery, DemoPlan
    from shopnow.demo.opening import Doors, open_doors
    from shopnow.demo.plan import generate
    from shopnow.demo.rehearsal import Rehearsal, rehearse
    from shopnow.demo.stage import files_folder, set_stage

__all__ = [
    "CATEGORIES",
    "DEFECTS",
    "Category",
    "DayPlan",
    "Defect",
    "DemoCounts",
    "DemoDelivery",
    "DemoPlan",
    "Doors",
    "Rehearsal",
    "files_folder",
    "generate",
    "open_doors",
    "rehearse",
    "set_stage",
]

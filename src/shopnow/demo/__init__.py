"""The demo: a deterministic generated marketplace, written as the files its senders would send.

A room beside the doors: only the command line imports it, and it imports nothing of the warehouse.
Its promise is that a seed and a scale always give the same bytes, and that every planted defect is
labelled, so that what the warehouse makes of the files can be checked.
"""

from shopnow.demo.categories import CATEGORIES, Category
from shopnow.demo.dirt import DEFECTS, Defect
from shopnow.demo.model import DayPlan, DemoCounts, DemoDelivery, DemoPlan
from shopnow.demo.plan import generate

__all__ = [
    "CATEGORIES",
    "DEFECTS",
    "Category",
    "DayPlan",
    "Defect",
    "DemoCounts",
    "DemoDelivery",
    "DemoPlan",
    "generate",
]

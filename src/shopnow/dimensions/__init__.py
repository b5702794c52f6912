"""Dimensions: the change log, the SCD engine driven by contracts, inferred and reserved members."""

from __future__ import annotations

from shopnow.dimensions.categories import CategoryRow, load_categories
from shopnow.dimensions.engine import Outcome, load_dimension, log_facts, refold
from shopnow.dimensions.members import ensure_customers, ensure_products, ensure_sellers
from shopnow.dimensions.spec import Column, Dimension, dimension_of, dimensions_of

__all__ = [
    "CategoryRow",
    "Column",
    "Dimension",
    "Outcome",
    "dimension_of",
    "dimensions_of",
    "ensure_customers",
    "ensure_products",
    "ensure_sellers",
    "load_categories",
    "load_dimension",
    "log_facts",
    "refold",
]

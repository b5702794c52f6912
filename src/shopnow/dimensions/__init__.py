"""Dimensions: the change log, the SCD engine driven by contracts, inferred and reserved members."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.dimensions.archive import archive_found, find_archived
    from shopnow.dimensions.categories import CategoryRow, load_categories
    from shopnow.dimensions.engine import (
        cancel_pending,
        fold_into_target,
        load_dimension,
        log_facts,
        mark_keys,
        refold,
        weigh_withdrawals,
    )
    from shopnow.dimensions.fulls import Weight, weigh_full
    from shopnow.dimensions.members import ensure_customers, ensure_products, ensure_sellers
    from shopnow.dimensions.outcomes import Outcome, merge
    from shopnow.dimensions.reading import (
        AUDIT_MOST,
        Change,
        Check,
        Comparison,
        DeliveryName,
        Finding,
        Life,
        Member,
        Moment,
        Version,
        audit_dimension,
        checked,
        compare_with_log,
        compared_versions,
        find_member,
        recover_versions,
        tell_life,
        version_known_on,
    )
    from shopnow.dimensions.spec import Column, Dimension, dimension_of, dimensions_of
    from shopnow.dimensions.statements import drop_work_tables
    from shopnow.dimensions.taxonomies import (
        TAXONOMIES,
        Node,
        Taxonomy,
        TaxonomyError,
        house_tree,
        read_taxonomy,
    )
    from shopnow.dimensions.tips import overtaken

__all__ = [
    "AUDIT_MOST",
    "TAXONOMIES",
    "CategoryRow",
    "Change",
    "Check",
    "Column",
    "Comparison",
    "DeliveryName",
    "Dimension",
    "Finding",
    "Life",
    "Member",
    "Moment",
    "Node",
    "Outcome",
    "Taxonomy",
    "TaxonomyError",
    "Version",
    "Weight",
    "archive_found",
    "audit_dimension",
    "cancel_pending",
    "checked",
    "compare_with_log",
    "compared_versions",
    "dimension_of",
    "dimensions_of",
    "drop_work_tables",
    "ensure_customers",
    "ensure_products",
    "ensure_sellers",
    "find_archived",
    "find_member",
    "fold_into_target",
    "house_tree",
    "load_categories",
    "load_dimension",
    "log_facts",
    "mark_keys",
    "merge",
    "overtaken",
    "read_taxonomy",
    "recover_versions",
    "refold",
    "tell_life",
    "version_known_on",
    "weigh_full",
    "weigh_withdrawals",
]

"""What is declared in db/access.yaml, compared with the catalogue and applied."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.security.declared.applying import apply_findings
    from shopnow.security.declared.catalogue import Found, FoundRelation, read_found
    from shopnow.security.declared.comparing import compare, guarded_tables
    from shopnow.security.declared.model import (
        AccessRules,
        Declaration,
        Finding,
        Membership,
        Policy,
        Relation,
        Right,
        Traits,
        policies_of,
    )
    from shopnow.security.declared.reading import load_declaration
    from shopnow.security.declared.roles import compare_roles

__all__ = [
    "AccessRules",
    "Declaration",
    "Finding",
    "Found",
    "FoundRelation",
    "Membership",
    "Policy",
    "Relation",
    "Right",
    "Traits",
    "apply_findings",
    "compare",
    "compare_roles",
    "guarded_tables",
    "load_declaration",
    "policies_of",
    "read_found",
]

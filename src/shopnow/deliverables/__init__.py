"""Documents that can be made again byte for byte from the warehouse and its declarations."""

from __future__ import annotations

from shopnow.deliverables.catalogue import Catalogue, Relation, read_catalogue
from shopnow.deliverables.schema_doc import schema_document

__all__ = ["Catalogue", "Relation", "read_catalogue", "schema_document"]

"""Documents that can be made again byte for byte from the warehouse and its declarations."""

from __future__ import annotations

from shopnow.deliverables.attributes_doc import attributes_document
from shopnow.deliverables.catalogue import Catalogue, Relation, read_catalogue
from shopnow.deliverables.codes_doc import code_documents
from shopnow.deliverables.diagrams import logical_model, physical_models
from shopnow.deliverables.evidence import Measured, write_evidence
from shopnow.deliverables.schema_doc import schema_document
from shopnow.deliverables.sheets import Cell, Look, Page, write_text, write_workbook

__all__ = [
    "Catalogue",
    "Cell",
    "Look",
    "Measured",
    "Page",
    "Relation",
    "attributes_document",
    "code_documents",
    "logical_model",
    "physical_models",
    "read_catalogue",
    "schema_document",
    "write_evidence",
    "write_text",
    "write_workbook",
]

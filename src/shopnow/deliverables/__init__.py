"""Documents that can be made again byte for byte from the warehouse and its declarations."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.deliverables.attributes_doc import attributes_document
    from shopnow.deliverables.catalogue import Catalogue, Relation, read_catalogue
    from shopnow.deliverables.codes_doc import code_documents
    from shopnow.deliverables.diagrams import logical_model, physical_models
    from shopnow.deliverables.event_codes_doc import event_code_documents
    from shopnow.deliverables.evidence import Measured, write_evidence
    from shopnow.deliverables.mailing import (
        Attachment,
        Mail,
        MailDelayedError,
        MailRefusedError,
        send_mail,
    )
    from shopnow.deliverables.person_answer import person_page
    from shopnow.deliverables.register_of_processing import register_page, register_workbook
    from shopnow.deliverables.schema_doc import schema_document
    from shopnow.deliverables.sheets import Cell, Look, Page, write_text, write_workbook

__all__ = [
    "Attachment",
    "Catalogue",
    "Cell",
    "Look",
    "Mail",
    "MailDelayedError",
    "MailRefusedError",
    "Measured",
    "Page",
    "Relation",
    "attributes_document",
    "code_documents",
    "event_code_documents",
    "logical_model",
    "person_page",
    "physical_models",
    "read_catalogue",
    "register_page",
    "register_workbook",
    "schema_document",
    "send_mail",
    "write_evidence",
    "write_text",
    "write_workbook",
]

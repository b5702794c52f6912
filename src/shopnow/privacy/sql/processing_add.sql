-- Purpose: one processing activity of the register.
-- Grain: one row.
-- Parameters: those of the columns.
INSERT INTO privacy.processing (
    processing_code, title, purpose, legal_basis, data_subjects, data_categories, recipients,
    retention_class, retention_days
)
VALUES (
    %(code)s,
    %(title)s,
    %(purpose)s,
    %(legal_basis)s,
    %(subjects)s,
    %(categories)s,
    %(recipients)s,
    %(retention_class)s,
    %(retention_days)s
)

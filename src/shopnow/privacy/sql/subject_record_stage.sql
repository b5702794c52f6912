-- Purpose: which records of a batch speak of whom, before they are kept.
-- Grain: one row a subject and record.
CREATE TEMPORARY TABLE subject_record_said (
    subject_no bigint NOT NULL,
    delivery_key bigint NOT NULL,
    line_no bigint NOT NULL,
    record_no integer NOT NULL
) ON COMMIT DROP

-- Which records speak of a person is one row a person and delivery, no longer a row a record: a
-- delivery of orders names each buyer several times, and an erasure reads all of them at once.

CREATE TEMPORARY TABLE spoken_of ON COMMIT DROP AS
SELECT
    r.subject_no,
    r.delivery_key,
    array_agg(r.line_no ORDER BY r.record_no, r.line_no) AS line_nos,
    array_agg(r.record_no ORDER BY r.record_no, r.line_no) AS record_nos
FROM privacy.subject_record AS r
GROUP BY r.subject_no, r.delivery_key;

TRUNCATE privacy.subject_record;

ALTER TABLE privacy.subject_record
DROP COLUMN line_no,
DROP COLUMN record_no,
ADD COLUMN line_nos bigint [] NOT NULL,
ADD COLUMN record_nos integer [] NOT NULL,
ADD CONSTRAINT subject_record_pairs_check
CHECK (cardinality(line_nos) = cardinality(record_nos) AND cardinality(record_nos) > 0);

INSERT INTO privacy.subject_record (subject_no, delivery_key, line_nos, record_nos)
SELECT
    s.subject_no,
    s.delivery_key,
    s.line_nos,
    s.record_nos
FROM spoken_of AS s
ORDER BY s.subject_no;

COMMENT ON TABLE privacy.subject_record IS
'Which delivered records speak of whom, rejected ones included: what an erasure has to reach.';
COMMENT ON COLUMN privacy.subject_record.line_nos IS
'First physical lines of the records in their file, from 1.';
COMMENT ON COLUMN privacy.subject_record.record_nos IS
'Numbers of the records in the delivery, each beside its line.';

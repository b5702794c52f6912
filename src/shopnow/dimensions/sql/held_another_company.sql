-- Purpose: records whose value of type 0 is not the one in force speak of someone else: they wait for
-- a person, the rest of their delivery goes on (scd.md S79).
-- Grain: one row a record.
-- Parameters: deliveries (bigint[]), run_at; {staging}, {dim}, {dimension_name}, {key_of_s}, {same_key}, {fixed_conflict}, {first_fixed}.
WITH told AS (
    SELECT
        s.*,
        {first_fixed}
    FROM {staging} AS s
    WHERE s.delivery_key = any(%(deliveries)s)
        AND NOT s.is_deletion
    WINDOW by_order AS (
        PARTITION BY {key_of_s}
        ORDER BY s.effective_at, s.source_rank, s.source_sequence NULLS FIRST, s.content_hash
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
),

taken AS (
    DELETE FROM {staging} AS staged
    USING told AS s
    LEFT JOIN {dim} AS d
        ON {same_key}
            AND d.valid_to = '9999-12-31 00:00+00'
    WHERE staged.delivery_key = s.delivery_key
        AND staged.record_no = s.record_no
        AND staged.is_embedded = s.is_embedded
        AND ({fixed_conflict})
    RETURNING staged.*
),

silenced AS (
    INSERT INTO staging.silent_row (delivery_key, kind, {key})
    SELECT
        s.delivery_key,
        {dimension_name},
        {key_of_s}
    FROM taken AS s
),

kept AS (
    INSERT INTO staging.statement_held (
        dimension, delivery_key, record_no, line_no, reason, held_at, statement
    )
    SELECT
        {dimension_name},
        s.delivery_key,
        s.record_no,
        s.line_no,
        'another_company',
        %(run_at)s,
        to_jsonb(s)
    FROM taken AS s
    WHERE NOT s.is_embedded
    RETURNING delivery_key
)

SELECT
    kept.delivery_key,
    count(*) AS held
FROM kept
GROUP BY kept.delivery_key

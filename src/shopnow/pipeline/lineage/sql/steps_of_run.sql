-- Purpose: the steps of a run with the feed that each is about and the sealed files it read.
-- Grain: one step, in order.
-- Parameters: run_id.
SELECT
    step.step_no,
    step.step,
    step.started_at,
    step.ended_at,
    step.status,
    step.rows_in,
    step.rows_out,
    step.delivery_key,
    coalesce(
        delivery.feed,
        (
            SELECT min(in_batch.feed)
            FROM staging.delivery AS in_batch
            WHERE in_batch.batch_no = step.batch_no
        )
    ) AS feed,
    ARRAY(
        SELECT file.landing_path
        FROM staging.delivery_file AS file
        WHERE file.delivery_key = step.delivery_key
        ORDER BY file.file_no
    ) AS files
FROM journal.step AS step
LEFT JOIN staging.delivery AS delivery ON step.delivery_key = delivery.delivery_key
WHERE step.run_id = %(run_id)s
ORDER BY step.step_no

-- Purpose: a text that changes when a person is erased or the retention removes orders: after that
-- a line in known words has to be judged again.
-- Grain: one row.
-- Parameters: none.
SELECT
    concat_ws(
        ' ',
        (SELECT count(*) FROM privacy.suppression),
        (
            SELECT max(run.run_no) FROM privacy.treatment_run AS run
            WHERE run.removed > 0
        )
    ) AS doubts

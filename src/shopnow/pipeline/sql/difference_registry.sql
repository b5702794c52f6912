-- Purpose: identifiers of sellers that do not simply lead to one number for all time: equal words may
-- mean another seller when one of them changes.
-- Grain: one row.
-- Parameters: source.
SELECT
    string_agg(
        concat_ws(' ', known.seller_id, known.seller_no, known.valid_from, known.valid_to), ','
        ORDER BY known.seller_id, known.valid_from
    ) AS moved
FROM security.seller_identifier AS known
WHERE known.source = %(source)s
    AND (
        known.valid_to < '9999-12-31 00:00+00'
        OR EXISTS (
            SELECT 1
            FROM security.seller_identifier AS other
            WHERE other.source = known.source
                AND other.seller_id = known.seller_id
                AND other.valid_from <> known.valid_from
        )
    )

-- Purpose: visits by visitors who cannot be followed any more.
-- Grain: one row a visit.
UPDATE dwh.fact_clickstream AS f
SET
    user_ref = left(encode(sha256(p.salt || convert_to(f.user_ref, 'UTF8')), 'hex'), 24),
    session_ref = left(encode(sha256(p.salt || convert_to(f.session_ref, 'UTF8')), 'hex'), 24)
FROM pg_temp.erased_person AS p
WHERE f.customer_no = p.subject_no

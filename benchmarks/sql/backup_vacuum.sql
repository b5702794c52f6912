-- Purpose: lines of earlier days are all visible and frozen.
VACUUM (FREEZE, ANALYZE) dwh.fact_order

-- Purpose: whether any click waits for its product.
-- Grain: one row.
-- Parameters: none.
SELECT exists(SELECT 1 FROM history.click_unbound) AS is_any

-- Purpose: a table asks its policies.
-- Parameters: {target}.
ALTER TABLE {target} ENABLE ROW LEVEL SECURITY

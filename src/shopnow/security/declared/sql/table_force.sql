-- Purpose: a table asks its policies for its owner too.
-- Parameters: {target}.
ALTER TABLE {target} FORCE ROW LEVEL SECURITY

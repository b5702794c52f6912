-- Purpose: a view runs with the rights of who asks.
-- Parameters: {target}.
ALTER VIEW {target} SET (security_invoker = TRUE)

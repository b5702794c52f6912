-- Purpose: the accesses of who asks, but for those suspended or expired.
-- Parameters: none.
((role_name = CURRENT_USER) AND (NOT suspended) AND ((expires_at IS NULL) OR (expires_at > now()))) -- noqa: PRS

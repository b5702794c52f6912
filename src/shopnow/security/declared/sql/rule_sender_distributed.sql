-- Purpose: the same where Citus takes no subquery in a policy.
-- Parameters: none.
(sender_no = ANY (security.my_sellers())) -- noqa: PRS

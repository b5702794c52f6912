-- Purpose: deliveries of the sellers of who asks, found once a statement whatever the plan; written as
-- the catalogue gives it back.
-- Parameters: none.
(sender_no = ANY (( SELECT security.my_sellers() AS my_sellers)::integer[])) -- noqa: PRS

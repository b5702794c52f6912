-- A refused delivery does not stand in the way of the same bytes for the same time: the source may
-- have been corrected meanwhile. Of what was taken in, each identity exists once, as before.
ALTER TABLE staging.delivery DROP CONSTRAINT delivery_identity_key;
CREATE UNIQUE INDEX delivery_identity_key ON staging.delivery (
    sender_no, source, feed, sha256, effective_at, topic, partition, first_offset, last_offset
) NULLS NOT DISTINCT
WHERE state <> 'refused';

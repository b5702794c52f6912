-- Purpose: the newest batch of each feed and seller that readers may see. Grain: feed and seller.
-- Parameters: feeds and seller_nos (two arrays of equal length, distinct pairs), batch_no, at.

INSERT INTO journal.published AS published (feed, seller_no, batch_no, published_at)
SELECT
    pair.feed,
    pair.seller_no,
    %(batch_no)s,
    %(at)s
FROM unnest(%(feeds)s::text[], %(seller_nos)s::integer[]) AS pair (feed, seller_no)
ON CONFLICT ON CONSTRAINT published_pkey DO UPDATE
    SET
        batch_no = excluded.batch_no,
        published_at = excluded.published_at
    WHERE published.batch_no <= excluded.batch_no;

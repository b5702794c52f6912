-- The last load of each feed, found at once however many deliveries there were.

CREATE INDEX delivery_published_idx ON staging.delivery (feed, batch_no)
WHERE state = 'published' AND accepted > 0;
COMMENT ON INDEX staging.delivery_published_idx IS
'Which load brought the last facts of a feed: marts are compared with it every few minutes.';
CREATE INDEX step_published_idx ON journal.step (batch_no)
WHERE step = 6 AND status = 'END';
COMMENT ON INDEX journal.step_published_idx IS 'When a load was published.';

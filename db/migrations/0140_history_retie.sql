-- What changed under the facts: the work list of the job that binds facts anew (scd.md R7), how far
-- that job has come, and the clicks that wait for their product to become known.

-- Written by the engine in the transaction that changes a history: exactly the times at which
-- another version holds than before, or at which something that facts copy differs.
CREATE TABLE history.retie_due (
    due_no bigint GENERATED ALWAYS AS IDENTITY,
    dimension text NOT NULL,
    seller_no integer NOT NULL,
    natural_key text NOT NULL,
    changed tstzmultirange NOT NULL,
    noted_at timestamptz NOT NULL,
    CONSTRAINT retie_due_pkey PRIMARY KEY (due_no)
);
COMMENT ON TABLE history.retie_due IS
'Changes of a history that facts have not followed yet; grain: one member and load. Empty when all '
'facts stand with the version of their time.';
COMMENT ON COLUMN history.retie_due.due_no IS 'Number of the entry, in the order of the loads.';
COMMENT ON COLUMN history.retie_due.dimension IS 'The dimension: seller, product or customer.';
COMMENT ON COLUMN history.retie_due.seller_no IS
'The seller that the member belongs to; 0 for customers.';
COMMENT ON COLUMN history.retie_due.natural_key IS 'The key of the member within its seller.';
COMMENT ON COLUMN history.retie_due.changed IS
'The times at which another version holds than before; without lower end from the first on.';
COMMENT ON COLUMN history.retie_due.noted_at IS 'When the history was changed, UTC.';

-- One row while the job is under way: a job that was killed goes on where it stopped.
CREATE TABLE history.retie_progress (
    last_due_no bigint NOT NULL,
    before_month date NOT NULL,
    opened_at timestamptz NOT NULL,
    CONSTRAINT retie_progress_pkey PRIMARY KEY (last_due_no)
);
COMMENT ON TABLE history.retie_progress IS
'How far the job has come that binds facts anew; grain: one job under way.';
COMMENT ON COLUMN history.retie_progress.last_due_no IS
'The job takes the entries of history.retie_due up to this one.';
COMMENT ON COLUMN history.retie_progress.before_month IS
'The months before this one remain: the newest go first.';
COMMENT ON COLUMN history.retie_progress.opened_at IS 'When the job began, UTC.';

-- A click creates no product: one whose product is not known yet is bound to the reserved member
-- and waits here, so that the product finds its clicks when it comes.
CREATE TABLE history.click_unbound (
    seller_no integer NOT NULL,
    product_id text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT click_unbound_pkey PRIMARY KEY (seller_no, product_id)
);
COMMENT ON TABLE history.click_unbound IS
'Products that clicks name and nobody knows yet; grain: one product.';
COMMENT ON COLUMN history.click_unbound.seller_no IS 'The seller of the page, by number.';
COMMENT ON COLUMN history.click_unbound.product_id IS 'The product that the page names.';
COMMENT ON COLUMN history.click_unbound.first_at IS 'The first of these clicks, UTC.';
COMMENT ON COLUMN history.click_unbound.last_at IS 'The last of these clicks, UTC.';

ALTER TABLE history.commission_adjustment
ADD COLUMN adjustment_no bigint GENERATED ALWAYS AS IDENTITY;
COMMENT ON COLUMN history.commission_adjustment.adjustment_no IS
'Number of the correction: the last one of a line says what its commission should be.';
COMMENT ON TABLE history.commission_adjustment IS
'Commissions that came out otherwise after the first load, because a rate was corrected; grain: one '
'correction of an order line. The line itself keeps what was charged.';
COMMENT ON TABLE history.retie IS
'Facts bound to another version, or with a new copy of what they take from it (then both versions '
'are the same); grain: one member, pair of versions, month and time of the job.';

GRANT SELECT, INSERT, UPDATE, DELETE
ON history.retie_due, history.retie_progress, history.click_unbound TO shopnow_etl;
GRANT MAINTAIN ON history.retie_due, history.retie_progress, history.click_unbound TO shopnow_etl; -- noqa: PRS

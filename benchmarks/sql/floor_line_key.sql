-- Purpose: the natural key of the facts, built after the load, which also proves it.
ALTER TABLE fact_order ADD CONSTRAINT fact_order_pkey PRIMARY KEY (order_id, line_no);

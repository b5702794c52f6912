-- Purpose: the floor's fact table. Grain: an order line.
CREATE TABLE fact_order (
    order_id bigint NOT NULL,
    line_no bigint NOT NULL,
    product_key bigint NOT NULL,
    customer_id text NOT NULL,
    ordered_at timestamptz NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(18, 6) NOT NULL,
    line_amount numeric(18, 4) NOT NULL,
    currency text NOT NULL,
    line_status text
);

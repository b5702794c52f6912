-- Purpose: let the planner know what was filled in.
ANALYZE dwh.dim_customer, dwh.fact_order, dwh.fact_order_header, history.customer_change,
privacy.subject, privacy.subject_record, privacy.vault

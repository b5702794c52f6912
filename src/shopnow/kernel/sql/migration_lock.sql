-- Purpose: let one process migrate at a time; readers of the table go on.
-- Parameters: none.
LOCK TABLE journal.migration IN SHARE ROW EXCLUSIVE MODE;

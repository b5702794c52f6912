-- Purpose: the products file into staging, as it is.
COPY stage_product FROM STDIN (FORMAT csv, HEADER);

-- Purpose: the orders file into staging, as it is.
COPY stage_line FROM STDIN (FORMAT csv, HEADER);

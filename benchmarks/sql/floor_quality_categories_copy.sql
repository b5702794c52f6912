-- Purpose: the known categories into their table.
COPY stage_category FROM STDIN (FORMAT csv, HEADER);

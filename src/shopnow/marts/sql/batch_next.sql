-- Purpose: the number of a refresh by hand; it sorts after those of the loads before it.

SELECT nextval('journal.batch_no_seq');

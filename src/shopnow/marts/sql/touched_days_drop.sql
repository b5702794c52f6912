-- Purpose: forget the days of an earlier refresh in the same transaction.

DROP TABLE IF EXISTS touched_days;

-- Purpose: forget the months of an earlier refresh in the same transaction.

DROP TABLE IF EXISTS touched_months;

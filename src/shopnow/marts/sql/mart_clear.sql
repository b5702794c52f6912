-- Purpose: take every row out of a mart before it is built anew.
-- Parameters: mart.

DELETE FROM {mart};

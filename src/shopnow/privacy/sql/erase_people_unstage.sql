-- Purpose: several erasures may follow one another in a session.
DROP TABLE pg_temp.erased_person, pg_temp.erased_record

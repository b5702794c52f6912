-- Purpose: a transaction may store values several times.
DROP TABLE pg_temp.vault_said, pg_temp.vault_sealed

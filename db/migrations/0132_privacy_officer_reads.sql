-- The privacy officer reads the sealed values: they open only with the keys outside the warehouse,
-- which the officer's command has.
GRANT USAGE ON SCHEMA privacy TO shopnow_dpo;
GRANT SELECT ON privacy.vault TO shopnow_dpo;

-- The proofs that leave their result in the journal: found without reading the events between.

CREATE INDEX event_proof_idx ON journal.event (error_code, ts)
WHERE error_code IN ('journal_proved', 'retention_proved');
COMMENT ON INDEX journal.event_proof_idx IS
'The last result of each proof, which indicators read every few minutes.';

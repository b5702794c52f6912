-- What a process that died has left open is looked for at the start of every run: it is found at
-- once, however long the journal has become.

CREATE INDEX run_open_idx ON journal.run (run_id)
WHERE status = 'running';
COMMENT ON INDEX journal.run_open_idx IS 'Runs that nobody has ended yet.';
CREATE INDEX step_open_idx ON journal.step (run_id)
WHERE status = 'START';
COMMENT ON INDEX journal.step_open_idx IS 'Steps that nobody has ended yet.';

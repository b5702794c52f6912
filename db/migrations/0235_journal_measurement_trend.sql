-- A page asks for the trend of one label: with sellers by the hundred, the key (indicator, at,
-- label) would make it read those of all of them.

CREATE INDEX measurement_label_idx ON journal.measurement (indicator, label, at) INCLUDE (value);
COMMENT ON INDEX journal.measurement_label_idx IS
'Trend of one label of an indicator, read without the table.';

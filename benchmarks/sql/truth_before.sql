-- Purpose: what stage_product holds now is the first day; the next file is the second.
ALTER TABLE stage_product RENAME TO truth_before;

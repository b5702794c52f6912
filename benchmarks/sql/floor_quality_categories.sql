-- Purpose: the known categories. Grain: a category.
CREATE UNLOGGED TABLE stage_category (category text PRIMARY KEY);

"""Restoring a part: a schema, a mart, a table, a partition, the rows of one seller."""

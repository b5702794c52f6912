-- Purpose: a schema for rows that wait beside the live ones; nobody else may look. Part: schema.
CREATE SCHEMA {schema}

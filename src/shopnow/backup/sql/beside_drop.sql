-- Purpose: delete the rows that waited beside. Part: schema.
DROP SCHEMA IF EXISTS {schema} CASCADE

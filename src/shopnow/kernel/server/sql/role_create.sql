-- Purpose: make a role of the warehouse.
-- Parameters: {role} its identifier, {options} its traits as keywords.
CREATE ROLE {role} WITH NOSUPERUSER NOCREATEDB NOCREATEROLE {options};

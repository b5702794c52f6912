-- Purpose: make a database as a copy of another.
-- Parameters: {database} the new one, {template} the copied one, {owner} who owns it.
CREATE DATABASE {database} WITH TEMPLATE {template} OWNER {owner};

-- Purpose: give a role a setting that its sessions begin with.
-- Parameters: {role}, {setting}, {value}.
ALTER ROLE {role} SET {setting} TO {value}

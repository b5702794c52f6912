-- Purpose: a role to try row policies with, on a throw-away server. Parts: role, group.
CREATE ROLE {role} NOLOGIN IN ROLE {group}

-- Purpose: make roles members of a group: its rights at once, without becoming it.
-- Parameters: {group}, {members}.
GRANT {group} TO {members} WITH INHERIT TRUE, SET FALSE, ADMIN FALSE -- noqa: PRS

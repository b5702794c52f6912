-- Purpose: undo what a script of pg_restore set for its session.
RESET ALL

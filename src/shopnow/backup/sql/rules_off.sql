-- Purpose: foreign keys and triggers wait: rows come in any order, and are checked afterwards.
SET LOCAL session_replication_role = replica

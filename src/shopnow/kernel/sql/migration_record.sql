-- Purpose: write down that a migration was applied, in its own transaction.
-- Parameters: %(number)s, %(name)s, %(sha256)s hexadecimal digest of its content, %(at)s when.
INSERT INTO journal.migration (number, name, sha256, applied_at)
VALUES (%(number)s, %(name)s, %(sha256)s, %(at)s);

-- Purpose: how far a file was read now.
-- Grain: one row.
-- Parameters: file_name, head, position, read_at.
INSERT INTO journal.log_position (file_name, head, position, read_at)
VALUES (%(file_name)s, %(head)s, %(position)s, %(read_at)s)
ON CONFLICT (file_name) DO UPDATE
    SET
        head = excluded.head,
        position = excluded.position,
        read_at = excluded.read_at
